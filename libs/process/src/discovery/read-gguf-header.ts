import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { GgufCursor, GgufDamage } from './gguf-cursor.js';

/** What a GGUF file says of itself; null for what it does not say. */
export interface GgufHeader {
  readonly version: number;
  readonly tensorCount: number;
  readonly architecture: string | null;
  readonly name: string | null;
  /** Tokens the model was trained for. */
  readonly contextLength: number | null;
  /** Layers of the network. */
  readonly layerCount: number | null;
  /** What one token of context takes for its keys and values, as 16-bit numbers; null when it cannot be told. */
  readonly cacheBytesPerToken: number | null;
}

const MAX_TENSORS = 1_000_000;
const MAX_ENTRIES = 100_000;
/** Vocabularies come to some ten megabytes. */
const LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * A cheap look at the beginning of a model file, so that a broken download is told from a model before anything is
 * loaded. @throws Error with what is wrong and what to do.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new Error(describeOpenError(error, path), { cause: error });
  });
  try {
    if (!(await file.stat()).isFile()) throw new Error(`${path} is not a file`);
    return await readHeader(file);
  } catch (error) {
    if (!(error instanceof GgufDamage)) throw error;
    throw new Error(`the file is damaged (${error.message}); download it again`, { cause: error });
  } finally {
    await file.close();
  }
}

async function readHeader(file: FileHandle): Promise<GgufHeader> {
  const cursor = new GgufCursor(file, LIMIT_BYTES);
  const magic = (await cursor.bytes(4)).toString('latin1');
  if (magic !== 'GGUF') {
    throw new Error('the file is not in the GGUF format; convert it or download the GGUF version');
  }
  const version = await cursor.uint32();
  if (version < 2 || version > 3) {
    throw new Error(`the file is in version ${version} of the GGUF format; only 2 and 3 are read`);
  }
  const tensorCount = await cursor.uint64();
  const entryCount = await cursor.uint64();
  if (tensorCount === 0) throw new GgufDamage('it holds no tensors');
  if (tensorCount > MAX_TENSORS) throw new GgufDamage(`it names ${tensorCount} tensors`);
  if (entryCount > MAX_ENTRIES) throw new GgufDamage(`it names ${entryCount} entries`);
  return { version, tensorCount, ...(await readDescription(cursor, entryCount)) };
}

async function readDescription(cursor: GgufCursor, entryCount: number) {
  const entries = new Map<string, string | number | null>();
  const textOf = (key: string): string | null => {
    const value = entries.get(key);
    return typeof value === 'string' ? value : null;
  };
  for (let index = 0; index < entryCount; index += 1) {
    const key = await cursor.text();
    // the vocabulary comes last and is by far the longest
    if (key.startsWith('tokenizer.') && entries.has('general.architecture')) break;
    entries.set(key, await cursor.value());
  }
  const architecture = textOf('general.architecture');
  const length = entries.get(`${architecture ?? ''}.context_length`);
  const layers = entries.get(`${architecture ?? ''}.block_count`);
  return {
    architecture,
    name: textOf('general.name'),
    contextLength: typeof length === 'number' ? length : null,
    layerCount: typeof layers === 'number' ? layers : null,
    cacheBytesPerToken: cacheBytesPerToken((name) => {
      const value = entries.get(`${architecture ?? ''}.${name}`);
      return typeof value === 'number' && value > 0 ? value : null;
    }),
  };
}

const CACHE_NUMBER_BYTES = 2;

function cacheBytesPerToken(numberOf: (name: string) => number | null): number | null {
  const layers = numberOf('block_count');
  const heads = numberOf('attention.head_count');
  const width = numberOf('embedding_length');
  // Where it differs between layers it is a list, which is not read: then every head has its own.
  const cachedHeads = numberOf('attention.head_count_kv') ?? heads;
  const keyWidth = numberOf('attention.key_length') ?? (width && heads && width / heads);
  if (layers === null || cachedHeads === null || keyWidth === null) return null;
  const valueWidth = numberOf('attention.value_length') ?? keyWidth;
  return layers * cachedHeads * (keyWidth + valueWidth) * CACHE_NUMBER_BYTES;
}

function describeOpenError(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT') return `no such file or directory: ${path}`;
  if (code === 'EACCES') return `the file ${path} may not be read by this user`;
  return `the file ${path} cannot be read (${code})`;
}
