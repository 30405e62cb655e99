import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { FoundEngine } from './discovery.js';

const programs = [
  'llama-server',
  'ollama',
  'vllm',
  'mlx-openai-server',
  'vllm-mlx',
  'mlx_lm.server',
];
const versionTimeoutMs = 2_000;

/** Engine programs on the PATH, with the version each tells. */
export async function findEngines(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundEngine[]> {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = await Promise.all(
    programs.map((program) => findEngine(program, folders, environment['PATH'] ?? '')),
  );
  return found.filter((engine) => engine !== null);
}

async function findEngine(
  program: string,
  folders: readonly string[],
  path: string,
): Promise<FoundEngine | null> {
  for (const folder of folders) {
    const file = join(folder, program);
    const isExecutable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isExecutable) return { id: program, path: file, version: await readVersion(file, path) };
  }
  return null;
}

/** A program is asked once, without a shell and without our environment; one that does not answer has no version. */
function readVersion(file: string, path: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      file,
      ['--version'],
      {
        timeout: versionTimeoutMs,
        killSignal: 'SIGKILL',
        env: { PATH: path },
        maxBuffer: 64 * 1024,
      },
      (_error, stdout, stderr) => {
        resolve(/\d+(?:\.\d+)+|(?<=version: )\d+/.exec(`${stdout}\n${stderr}`)?.[0] ?? null);
      },
    );
  });
}
