import type { InstanceLimits, InstanceState } from './instance-state.js';

const HALF = 0.5;
const SOON_MS = 10_000;

/** Whether a load goes on although nobody waits for it: by policy, or because most of it is done. */
export function shouldFinishLoad(
  { progress, startedAt }: InstanceState,
  now: number,
  { abandoned, expectedLoadMs }: InstanceLimits,
): boolean {
  if (abandoned !== 'auto') return abandoned === 'finish';
  if (progress !== null && progress >= HALF) return true;
  return expectedLoadMs !== null && startedAt + expectedLoadMs - now < SOON_MS;
}
