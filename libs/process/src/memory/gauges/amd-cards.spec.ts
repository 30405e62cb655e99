import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/process-checks.js';
import { cardFolders, openAmdCards, parseVramBytes } from './amd-cards.js';

it('the files of the kernel hold one number of bytes', () => {
  expect(parseVramBytes('17163091968\n')).toBe(17_163_091_968);
  expect(parseVramBytes('')).toBeNull();
  expect(parseVramBytes('unknown\n')).toBeNull();
});

it('cards are counted by number, without their connectors', () => {
  const names = ['card10', 'card1', 'card1-DP-1', 'renderD128', 'version', 'card1-HDMI-A-1'];
  expect(cardFolders(names)).toEqual(['card1', 'card10']);
});

describe('openAmdCards', () => {
  const folderWith = (cards: Record<string, [total: string, used: string]>): string => {
    const folder = temporaryFolder();
    for (const [name, [total, used]] of Object.entries(cards)) {
      const device = join(folder, name, 'device');
      mkdirSync(device, { recursive: true });
      writeFileSync(join(device, 'mem_info_vram_total'), `${total}\n`);
      writeFileSync(join(device, 'mem_info_vram_used'), `${used}\n`);
    }
    return folder;
  };
  const open = (folder: string, environment = {}) =>
    openAmdCards({ platform: 'linux', environment }, folder);

  it('finds cards with memory of their own, and reads what is free each time', async () => {
    const folder = folderWith({
      card0: ['536870912', '100'],
      card1: ['17163091968', '163091968'],
    });
    const adapter = await open(folder);
    const totalBytes = 17_163_091_968;
    const card = { maker: 'amd', index: 0 };
    expect(adapter?.pools).toEqual([{ totalBytes, usableBytes: totalBytes, card }]);
    expect(adapter?.read()).toEqual([{ freeBytes: 17_000_000_000, usedByPid: null }]);
    writeFileSync(join(folder, 'card1', 'device', 'mem_info_vram_used'), `${totalBytes}\n`);
    expect(adapter?.read()[0]?.freeBytes).toBe(0);
  });

  it('leaves out the cards the owner hides, and finds none on machines without any', async () => {
    const folder = folderWith({ card0: ['17163091968', '0'], card1: ['17163091968', '0'] });
    const left = await open(folder, { HIP_VISIBLE_DEVICES: '1' });
    expect(left?.pools.map(({ card }) => card?.index)).toEqual([1]);
    expect(await open('/nowhere')).toBeNull();
  });
});
