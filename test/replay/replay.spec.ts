import { expect, it } from 'vitest';
import { readRecordings, recordingsFolder } from './recordings.js';
import { replay, sample } from './replay.js';

const folder = recordingsFolder();
const hasRecordings = folder !== null;
/** `npm run replay` uses all; here a part has to do, so that the tests stay quick. */
const oneIn = 8;

it.runIf(hasRecordings)(
  'recorded exchanges mean the same to clients and upstreams of every protocol',
  () => {
    const exchanges = sample(readRecordings(folder ?? ''), oneIn);
    const report = replay(exchanges);
    expect(report.failures).toEqual([]);
    expect(report.uses).toBeGreaterThan(exchanges.length);
  },
  120_000,
);

it.runIf(!hasRecordings)(
  'without recordings, all of their exchanges are skipped: 0 were replayed',
  () => {
    expect(recordingsFolder()).toBeNull();
  },
);
