import { open } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { LocalModelSpec } from '../local-model-spec.js';
import { ProcessError } from '../process-error.js';

const GGUF_MAGIC = 'GGUF';

/** Settings check shared by engines that load a GGUF file. */
export function validateModelPath(spec: LocalModelSpec): ProcessError | null {
  if (spec.modelPath !== null && isAbsolute(spec.modelPath) && !spec.modelPath.includes('\0')) {
    return null;
  }
  return new ProcessError(
    'model-missing',
    `The local model "${spec.name}" names no model file. Set its modelPath to the absolute path of a .gguf file.`,
  );
}

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return 'cannot be read';
}

async function readMagic(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    if (!(await file.stat()).isFile()) return null;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Answers null when the file exists, is readable and begins like a GGUF file. */
export async function checkModelFile(spec: LocalModelSpec): Promise<ProcessError | null> {
  const path = spec.modelPath;
  if (path === null) return validateModelPath(spec);
  try {
    if ((await readMagic(path)) === GGUF_MAGIC) return null;
    return new ProcessError(
      'model-missing',
      `The model file of "${spec.name}" is not a GGUF file. Download it again or choose another file.`,
    );
  } catch (error) {
    return new ProcessError(
      'model-missing',
      `The model file of "${spec.name}" ${describe(error)}. Put it back or choose another file.`,
      { cause: error },
    );
  }
}
