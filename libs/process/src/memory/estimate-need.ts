import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readGgufHeader } from '../discovery/read-gguf-header.js';
import type { GgufHeader } from '../discovery/read-gguf-header.js';
import type { MemoryRule } from '../engine-traits.js';
import type { LearnedFigure } from '../learned/learned-figures.js';
import type { LocalModelSpec } from '../local-model-spec.js';

/** How the need of a model is known. A guess may be wrong, so it never keeps a model from being tried alone. */
export interface MemoryNeed {
  readonly bytes: number;
  /** How much of it goes on graphics cards where there are any; null: all of it. */
  readonly cardBytes: number | null;
  readonly source: 'declared' | 'learned' | 'described' | 'file-size' | 'unknown';
}

/** Of an engine that is not ours, or a model in a store we do not read. */
export const unknownNeed: MemoryNeed = { bytes: 0, cardBytes: null, source: 'unknown' };

const GIB = 1024 ** 3;
/** Added to every figure but a declared one: a tenth, at most one gibibyte. */
const MARGIN_SHARE = 0.1;
const MOST_MARGIN = GIB;
/** What a file takes in memory when nothing is known of what is in it. */
const FILE_FACTOR = 1.2;
/** Without a context in the settings engines take the model's own, which few machines could hold as a whole. */
const MOST_UNSET_CONTEXT = 32_768;
const UNKNOWN_CONTEXT = 4096;

function withMargin(bytes: number): number {
  return Math.ceil(bytes + Math.min(bytes * MARGIN_SHARE, MOST_MARGIN));
}

/** What the settings or earlier runs say; null when the files have to be looked at. */
export function knownNeed(
  spec: LocalModelSpec,
  figure: LearnedFigure,
  { fixedShare }: MemoryRule,
): MemoryNeed | null {
  const { footprintBytes, cardBytes } = figure;
  if (spec.memoryBytes != null) {
    return { bytes: spec.memoryBytes, cardBytes: null, source: 'declared' };
  }
  // What an engine takes that fills a card says nothing of what the model needs.
  if (footprintBytes !== null && fixedShare === null) {
    const onCards = cardBytes === null ? null : withMargin(cardBytes);
    const bytes = withMargin(footprintBytes) + (onCards ?? 0);
    return { bytes, cardBytes: onCards, source: 'learned' };
  }
  return spec.modelPath === null ? unknownNeed : null;
}

/** Guesses from the model's files. Never rejects: files that cannot be read are found out by the preflight. */
export async function estimateNeed(spec: LocalModelSpec): Promise<MemoryNeed> {
  const { modelPath } = spec;
  const fileBytes = modelPath === null ? 0 : await sizeOfModel(modelPath).catch(() => 0);
  if (modelPath === null || fileBytes === 0) return unknownNeed;
  const header = await readGgufHeader(modelPath).catch(() => null);
  const cacheBytes = header === null ? null : contextCacheBytes(spec, header);
  if (cacheBytes !== null) {
    return { bytes: withMargin(fileBytes + cacheBytes), cardBytes: null, source: 'described' };
  }
  return { bytes: withMargin(fileBytes * FILE_FACTOR), cardBytes: null, source: 'file-size' };
}

/** Keys and values of every token of every slot; null when the file does not say how large they are. */
function contextCacheBytes(
  { contextTokens, parallelSlots }: LocalModelSpec,
  { cacheBytesPerToken, contextLength }: GgufHeader,
): number | null {
  if (cacheBytesPerToken === null) return null;
  const unset = Math.min(contextLength ?? UNKNOWN_CONTEXT, MOST_UNSET_CONTEXT);
  return cacheBytesPerToken * (contextTokens ?? unset) * parallelSlots;
}

const PART = /^(.*)-\d{5}-of-(\d{5})\.gguf$/;

/** Bytes of the model file, of all parts of a split one, or of all files of a folder. */
async function sizeOfModel(path: string): Promise<number> {
  const own = await stat(path);
  if (own.isDirectory()) return sizeOf(path, await readdir(path));
  const [, stem, count] = PART.exec(basename(path)) ?? [];
  if (stem === undefined) return own.size;
  const names = await readdir(dirname(path));
  return sizeOf(
    dirname(path),
    names.filter((name) => name.startsWith(`${stem}-`) && name.endsWith(`-of-${count}.gguf`)),
  );
}

async function sizeOf(folder: string, names: readonly string[]): Promise<number> {
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name))));
  return sizes.reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
}
