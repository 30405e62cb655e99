import { execFile } from 'node:child_process';

const TIMEOUT_MS = 3000;
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** What a program of the system prints; null when it fails or takes too long. No shell, no inherited environment. */
export function runTool(file: string, args: readonly string[]): Promise<string | null> {
  const options = {
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_OUTPUT_BYTES,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  } as const;
  return new Promise((resolve) => {
    execFile(file, [...args], options, (error, stdout) => resolve(error === null ? stdout : null));
  });
}
