import { expect, it } from 'vitest';
import { WorkTally } from './work-tally.js';

it('adds up what was read and written, each with its own time', () => {
  let nowMs = 100;
  const tally = new WorkTally(() => nowMs);
  const after = (ms: number, note: () => void): void => {
    nowMs += ms;
    note();
  };
  const [one, other] = [tally.begin(), tally.begin()];
  after(30, () => one.noteRead(512));
  after(10, () => one.noteRead(8));
  after(5, () => one.noteWritten());
  after(5, () => one.noteWritten());
  after(0, () => other.noteRead(4));
  expect(tally).toMatchObject({
    promptTokens: 524,
    promptMs: 90,
    generatedTokens: 2,
    generatedMs: 10,
  });
});
