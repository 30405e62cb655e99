import { execFile } from 'node:child_process';
import { childEnvironment } from '../../child/child-environment.js';
import type { Environment } from '../../child/child-environment.js';

const TIMEOUT_MS = 2000;
const MAX_OUTPUT_BYTES = 64 * 1024;

/** The version a program prints; null when it prints none in time. Runs it once, without a shell. */
export function readVersion(
  file: string,
  args: readonly string[],
  environment: Environment,
): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      file,
      [...args],
      {
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
        env: childEnvironment(environment),
        maxBuffer: MAX_OUTPUT_BYTES,
      },
      (_error, stdout, stderr) => {
        resolve(/(?<=version: )[^\s(,]+|\d+(?:\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0] ?? null);
      },
    );
  });
}
