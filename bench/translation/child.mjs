/** node child.mjs translate-chunk|translate-agent ROUNDS: measures in rounds of turns, one JSON line a sample. */
import { readFileSync } from 'node:fs';
import { agentWork, chunkWork } from './contenders.mjs';
import { rotated } from '../harness/shared-processes.mjs';

const SAMPLE_MS = 240;
const WARM_UP_MS = 400;

/** @returns {number} nanoseconds that this thread was ready but had to wait for its core */
function waitedNs() {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]);
  } catch {
    return 0;
  }
}

/** CPU of all threads. @param {import('./contenders.mjs').Work} work @returns {number} microseconds */
function runOnce({ run }) {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/**
 * Runs for about so long, in turn with the yardstick: what disturbs the one disturbs the other as much.
 *
 * @param {import('./contenders.mjs').Work} work @param {import('./contenders.mjs').Work} yardstick @param {number} forMs
 */
function sample(work, yardstick, forMs) {
  const startedMs = performance.now();
  const waited = waitedNs();
  let runs = 0;
  let workUs = 0;
  let yardstickUs = 0;
  do {
    workUs += runOnce(work);
    yardstickUs += runOnce(yardstick);
    runs += 1;
  } while (performance.now() - startedMs < forMs);
  const elapsedMs = performance.now() - startedMs;
  return {
    label: work.label,
    cpuUs: workUs / runs / work.units,
    yardstickUs: yardstickUs / runs / yardstick.units,
    waitPercent: ((waitedNs() - waited) / 1e6 / elapsedMs) * 100,
  };
}

const [kind, rounds] = process.argv.slice(2);
const works = kind === 'translate-chunk' ? chunkWork() : agentWork();
const [yardstick] = works;
if (yardstick === undefined) throw new Error(`nothing to measure in ${kind}`);
for (const work of works) sample(work, yardstick, WARM_UP_MS);
for (let round = 1; round <= Number(rounds); round += 1)
  for (const work of rotated(works, round - 1))
    process.stdout.write(`${JSON.stringify({ round, ...sample(work, yardstick, SAMPLE_MS) })}\n`);
