import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { LaunchPlan } from '../engine-preset.js';

/** Tells a file from one that was put in its place; null when there is none. */
async function versionOf(path: string | null): Promise<string | null> {
  if (path === null) return null;
  return stat(path).then(
    ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
    () => null,
  );
}

/**
 * Equal for two launches of the same instance only if nothing that the engine was started with differs: program,
 * arguments, environment, and which files they mean.
 */
export async function hashLaunchLine(
  plan: LaunchPlan,
  environment: Readonly<Record<string, string>>,
  modelPath: string | null,
): Promise<string> {
  const { file, args, env, cwd, stdin } = plan;
  const variables = Object.entries({ ...environment, ...env }).sort(([a], [b]) => (a < b ? -1 : 1));
  const files = await Promise.all([versionOf(file), versionOf(modelPath)]);
  const line = JSON.stringify([file, args, variables, cwd, stdin, files]);
  return createHash('sha256').update(line).digest('hex');
}
