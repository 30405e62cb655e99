import { expect, it } from 'vitest';
import { VirtualTime } from '../../../test/simulation/virtual-time.js';
import { BackgroundSample } from './background-sample.js';

function clockOf(time: VirtualTime) {
  const schedule = () => () => undefined;
  return { now: () => time.nowMs, monotonicMs: () => time.nowMs, schedule };
}

it('gives the last value at once, and measures only what is old, once at a time', async () => {
  const time = new VirtualTime();
  const answers: ((value: number | null) => void)[] = [];
  const measure = () => new Promise<number | null>((resolve) => void answers.push(resolve));
  const opening = BackgroundSample.open(clockOf(time), 1000, measure);
  answers[0]?.(1);
  const sample = await opening;
  expect(sample?.value).toBe(1);
  expect(sample?.refresh()).toBeNull();
  time.advance(1001);
  expect(sample?.value).toBe(1);
  const refreshed = sample?.refresh();
  expect(answers).toHaveLength(2);
  answers[1]?.(2);
  await refreshed;
  expect(sample?.value).toBe(2);
});

it('keeps the last value when a measurement fails, and is none where the first one did', async () => {
  const time = new VirtualTime();
  const values = [5, null];
  const measure = () => Promise.resolve(values.shift() ?? null);
  const sample = await BackgroundSample.open(clockOf(time), 10, measure);
  time.advance(11);
  await sample?.refresh();
  expect(sample?.value).toBe(5);
  expect(await BackgroundSample.open(clockOf(time), 10, measure)).toBeNull();
});
