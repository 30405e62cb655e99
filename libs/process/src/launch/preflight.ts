import type { Environment } from '../child/child-environment.js';
import type { EnginePreset } from '../engine-preset.js';
import { runsOn } from '../engine-traits.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { ProcessError } from '../process-error.js';

interface PreflightContext {
  readonly environment: Environment;
  isLoopbackPortAllowed(port: number): boolean;
}

/**
 * Why nothing that could be installed would help; null where the engine is known to run. Engines come to further platforms
 * before we know, so one that is there is tried.
 */
function unsupportedHere({ traits }: EnginePreset, { name }: LocalModelSpec): ProcessError | null {
  const { title, platforms } = traits ?? { title: '', platforms: null };
  if (platforms === null || runsOn(platforms)) return null;
  const message = `The local model "${name}" names ${title}, which runs on ${platforms.join(', ')} and not on this machine (${process.platform} ${process.arch}). Choose another engine for it.`;
  return new ProcessError('platform-unsupported', message);
}

/** Checks everything that can be known before a process exists. Answers the program's path ('' for attached). */
export async function preflight(
  preset: EnginePreset,
  spec: LocalModelSpec,
  context: PreflightContext,
): Promise<string | ProcessError> {
  const fault = preset.validate(spec);
  if (fault !== null) return fault;
  if (preset.kind === 'attached') {
    const port = Number(new URL(preset.origin(spec)).port || 80);
    if (context.isLoopbackPortAllowed(port)) return '';
    return new ProcessError(
      'start-failed',
      `Port ${port} is not one a local model may use: it belongs to this gateway or to a service it protects. Choose the port of your model server.`,
    );
  }
  const found = await preset.locate(context.environment);
  if (found.path === null) {
    const reason = found.reason ?? 'The engine is not installed.';
    return unsupportedHere(preset, spec) ?? new ProcessError('not-installed', reason);
  }
  return (await preset.checkFiles(spec)) ?? found.path;
}
