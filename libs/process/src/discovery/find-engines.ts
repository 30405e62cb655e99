import { execFile } from 'node:child_process';
import { findExecutable } from '../engines/find-executable.js';
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
  const searchPath = environment['PATH'];
  const found = await Promise.all(programs.map((program) => findEngine(program, searchPath)));
  return found.filter((engine) => engine !== null);
}

async function findEngine(
  program: string,
  searchPath: string | undefined,
): Promise<FoundEngine | null> {
  const path = await findExecutable(program, searchPath);
  return path === null
    ? null
    : { id: program, path, version: await readVersion(path, searchPath ?? '') };
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
