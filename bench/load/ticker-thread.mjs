/**
 * Worker thread that wakes the generator at exact times. Timers of the event loop are only good to a millisecond,
 * which is ten times the latency to be measured.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { monotonicNs } from '../mock/monotonic-clock.mjs';

const { startNs, ratePerSecond, count } = workerData;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

for (let index = 0; index < count; index += 1) {
  const dueNs = startNs + (index / ratePerSecond) * 1e9;
  const waitMs = (dueNs - monotonicNs()) / 1e6;
  if (waitMs > 0) Atomics.wait(sleeper, 0, 0, waitMs);
  parentPort?.postMessage(dueNs);
}
