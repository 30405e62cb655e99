/** node child.mjs translate-chunk|translate-agent ROUNDS: measures in rounds of turns, one JSON line a sample. */
import { readFileSync } from 'node:fs';
import { agentWork, chunkWork } from './contenders.mjs';
import { rotated } from '../harness/shared-processes.mjs';

const SAMPLE_MS = 120;
const WARM_UP_MS = 400;

/** @returns {number} nanoseconds that this thread was ready but had to wait for its core */
function waitedNs() {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]);
  } catch {
    return 0;
  }
}

/** Runs for about so long. @param {import('./contenders.mjs').Work} work @param {number} forMs */
function sample(work, forMs) {
  const startedMs = performance.now();
  const waited = waitedNs();
  const cpu = process.cpuUsage();
  let runs = 0;
  do {
    work.run();
    runs += 1;
  } while (performance.now() - startedMs < forMs);
  const { user, system } = process.cpuUsage(cpu);
  const elapsedMs = performance.now() - startedMs;
  return {
    label: work.label,
    cpuUs: (user + system) / runs / work.units,
    waitPercent: ((waitedNs() - waited) / 1e6 / elapsedMs) * 100,
  };
}

const [kind, rounds] = process.argv.slice(2);
const works = kind === 'translate-chunk' ? chunkWork() : agentWork();
for (const work of works) sample(work, WARM_UP_MS);
for (let round = 1; round <= Number(rounds); round += 1)
  for (const work of rotated(works, round - 1))
    process.stdout.write(`${JSON.stringify({ round, ...sample(work, SAMPLE_MS) })}\n`);
