import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineFacts, PoolAdapter } from './pool-adapter.js';

const DRM_FOLDER = '/sys/class/drm';
/** Processors with graphics of their own set a little main memory aside for them: no place for a model. */
const LEAST_CARD_BYTES = 2 * 1024 ** 3;

interface AmdCard {
  readonly folder: string;
  readonly totalBytes: number;
}

function readBytes(path: string): number | null {
  try {
    return parseVramBytes(readFileSync(path, 'latin1'));
  } catch {
    return null;
  }
}

/** The text of a `mem_info_vram_…` file: one number of bytes. */
export function parseVramBytes(text: string): number | null {
  const found = /^(\d+)\s*$/.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** `card0`, `card1`… in the order of their numbers; their connectors are called `card0-DP-1` and the like. */
export function cardFolders(names: readonly string[]): string[] {
  return names
    .filter((name) => /^card\d+$/.test(name))
    .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)));
}

function findCards(drmFolder: string): AmdCard[] {
  try {
    return cardFolders(readdirSync(drmFolder)).flatMap((name) => {
      const folder = join(drmFolder, name, 'device');
      const totalBytes = readBytes(join(folder, 'mem_info_vram_total'));
      return totalBytes === null || totalBytes < LEAST_CARD_BYTES ? [] : [{ folder, totalBytes }];
    });
  } catch {
    return [];
  }
}

/** Cards of AMD, as the kernel tells of them. What each process takes of one is not told. */
export function openAmdCards(
  { platform, environment }: Pick<MachineFacts, 'platform' | 'environment'>,
  drmFolder = DRM_FOLDER,
): Promise<PoolAdapter | null> {
  const visible = environment['HIP_VISIBLE_DEVICES']?.split(',').map((name) => name.trim());
  const cards = (platform === 'linux' ? findCards(drmFolder) : [])
    .map((card, index) => ({ ...card, index }))
    .filter(({ index }) => visible === undefined || visible.includes(String(index)));
  if (cards.length === 0) return Promise.resolve(null);
  return Promise.resolve({
    mainName: null,
    pools: cards.map(({ totalBytes, index }) => {
      return { totalBytes, usableBytes: totalBytes, card: { maker: 'amd', index } };
    }),
    read: () =>
      cards.map(({ folder, totalBytes }) => {
        const usedBytes = readBytes(join(folder, 'mem_info_vram_used'));
        return { freeBytes: usedBytes === null ? null : totalBytes - usedBytes, usedByPid: null };
      }),
  });
}
