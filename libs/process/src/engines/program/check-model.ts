import { open, readFile, readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { ModelForm } from '../../engine-traits.js';
import type { LocalModelSpec } from '../../local-model-spec.js';
import { ProcessError } from '../../process-error.js';

const GGUF_MAGIC = 'GGUF';
/** Printable, without spaces, and no flag: the name becomes an argument or an environment variable. */
const MODEL_NAME = /^[A-Za-z0-9][\x21-\x7e]{0,199}$/;

function fault(message: string, cause?: unknown): ProcessError {
  return new ProcessError('model-missing', message, cause === undefined ? {} : { cause });
}

const PATH_HINTS: Readonly<Record<ModelForm, string | null>> = {
  'gguf-file': 'names no model file. Set its modelPath to the absolute path of a .gguf file.',
  'model-folder':
    'names no model folder. Set its modelPath to the absolute path of a folder with config.json and weights.',
  'models-folder':
    'names no folder of models. Set its modelPath to the absolute path of the folder that holds them.',
  'model-name': null,
  none: null,
};

/** Judges what a spec names as its model, without touching the disk. */
export function validateModel(form: ModelForm, spec: LocalModelSpec): ProcessError | null {
  const hint = PATH_HINTS[form];
  const path = spec.modelPath;
  if (hint !== null && (path === null || !isAbsolute(path) || path.includes('\0'))) {
    return fault(`The local model "${spec.name}" ${hint}`);
  }
  const needsName = form === 'models-folder' || form === 'model-name';
  if (!needsName || MODEL_NAME.test(spec.upstreamModel ?? '')) return null;
  return fault(
    `The local model "${spec.name}" does not say which model the engine shall serve. Set its upstreamModel to the name the engine lists.`,
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

async function checkGguf(path: string): Promise<string | null> {
  const isGguf = (await readMagic(path)) === GGUF_MAGIC;
  return isGguf ? null : 'is not a GGUF file. Download it again or choose another file.';
}

async function checkFolder(path: string): Promise<string | null> {
  const files = await readdir(path);
  if (!files.some((name) => /\.(safetensors|npz|bin)$/.test(name))) {
    return 'holds no weights (*.safetensors). Download the model again or choose another folder.';
  }
  if (!files.includes('config.json')) return 'holds no config.json. Choose the folder that does.';
  try {
    JSON.parse(await readFile(join(path, 'config.json'), 'utf8'));
    return null;
  } catch {
    return 'holds a damaged config.json. Download the model again.';
  }
}

const CHECKS: Readonly<Record<ModelForm, ((path: string) => Promise<string | null>) | null>> = {
  'gguf-file': checkGguf,
  'model-folder': checkFolder,
  'models-folder': async (path) => {
    await readdir(path);
    return null;
  },
  'model-name': null,
  none: null,
};

/** Answers null when what the spec names is there, can be read and looks like a model. */
export async function checkModel(
  form: ModelForm,
  spec: LocalModelSpec,
): Promise<ProcessError | null> {
  const invalid = validateModel(form, spec);
  const check = CHECKS[form];
  if (invalid !== null || check === null || spec.modelPath === null) return invalid;
  const what = form === 'gguf-file' ? 'model file' : 'model folder';
  try {
    const wrong = await check(spec.modelPath);
    return wrong === null ? null : fault(`The ${what} of "${spec.name}" ${wrong}`);
  } catch (error) {
    return fault(
      `The ${what} of "${spec.name}" ${describe(error)}. Put it back or choose another.`,
      error,
    );
  }
}
