import { describe, expect, it } from 'vitest';
import { parseNvidiaCards, parseNvidiaProcesses, visibleNvidiaCards } from './nvidia-cards.js';

const MIB = 1024 * 1024;
const FIRST = 'GPU-9c72ac69-836a-c2ee-89b7-4b51b68317a8';
const SECOND = 'GPU-1f0d6c2e-77aa-4d3b-8c55-0a9b3b1e2d10';
const CARDS = `0, ${FIRST}, 24564, 23031\n1, ${SECOND}, 12288, 512\n`;

describe('parseNvidiaCards', () => {
  it('reads one card a line, in mebibytes', () => {
    expect(parseNvidiaCards(CARDS)).toEqual([
      { index: 0, uuid: FIRST, totalBytes: 24_564 * MIB, freeBytes: 23_031 * MIB },
      { index: 1, uuid: SECOND, totalBytes: 12_288 * MIB, freeBytes: 512 * MIB },
    ]);
  });

  it('leaves out cards that share main memory, which say no size, and lines of other kinds', () => {
    expect(parseNvidiaCards(`0, ${FIRST}, [N/A], [N/A]\n`)).toEqual([]);
    expect(parseNvidiaCards('No devices were found\n')).toEqual([]);
    expect(parseNvidiaCards('')).toEqual([]);
  });
});

describe('parseNvidiaProcesses', () => {
  it('reads one process a line, and keeps apart what the driver does not tell', () => {
    const text = `${FIRST}, 4821, 18432\n${FIRST}, 977, [N/A]\n`;
    expect(parseNvidiaProcesses(text)).toEqual([
      { uuid: FIRST, pid: 4821, usedBytes: 18_432 * MIB },
      { uuid: FIRST, pid: 977, usedBytes: null },
    ]);
    expect(parseNvidiaProcesses('\n')).toEqual([]);
  });
});

describe('visibleNvidiaCards', () => {
  const cards = parseNvidiaCards(CARDS);
  const indexes = (visible: string | undefined) =>
    visibleNvidiaCards(cards, visible).map(({ index }) => index);

  it('is all of them, unless the owner left some of them alone', () => {
    expect(indexes(undefined)).toEqual([0, 1]);
    expect(indexes('1')).toEqual([1]);
    expect(indexes('1, 0')).toEqual([0, 1]);
    expect(indexes('GPU-1f0d')).toEqual([1]);
    expect(indexes('-1')).toEqual([]);
    expect(indexes('')).toEqual([]);
  });
});
