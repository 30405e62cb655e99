import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { monotonicNs } from '../mock/monotonic-clock.mjs';
import { coreBusyNs, processUsage } from './process-usage.mjs';
import { RequestSource } from './request-source.mjs';

/** @param {RequestSource} source @param {number} ratePerSecond @param {number} durationMs */
function startOpenLoop(source, ratePerSecond, durationMs) {
  const worker = new Worker(new URL('./ticker-thread.mjs', import.meta.url), {
    workerData: {
      startNs: monotonicNs() + 50e6,
      ratePerSecond,
      count: Math.ceil((durationMs / 1000) * ratePerSecond),
    },
  });
  worker.on('message', (dueNs) => source.sendAt(dueNs));
  return () => worker.terminate();
}

/** Highest resident memory seen while measuring. @param {number[]} pids */
function watchMemory(pids) {
  let peakMiB = 0;
  const look = () => {
    peakMiB = Math.max(peakMiB, processUsage(pids)?.rssMiB ?? 0);
  };
  look();
  const timer = setInterval(look, 250);
  return () => {
    clearInterval(timer);
    look();
    return peakMiB;
  };
}

/**
 * Runs one job: warm-up, measured time, drain. Never takes longer than the three together plus a second.
 *
 * @param {import('./job.mjs').LoadJob} job
 * @returns {Promise<import('./job.mjs').LoadResult>}
 */
export async function runJob(job) {
  const memoryBefore = processUsage(job.watchedPids);
  const main = new RequestSource(job.port, job.request);
  const small =
    job.alongside === undefined ? null : new RequestSource(job.port, job.alongside.request);
  const durationMs = job.warmUpMs + job.measureMs;
  const stops = [];
  if (job.ratePerSecond !== undefined)
    stops.push(startOpenLoop(main, job.ratePerSecond, durationMs));
  else
    main.startClosedLoop({
      connections: job.connections ?? 1,
      spreadMs: job.spreadMs,
      once: job.once,
    });
  if (small !== null && job.alongside !== undefined) {
    stops.push(startOpenLoop(small, job.alongside.ratePerSecond, durationMs));
  }
  const sources = small === null ? [main] : [main, small];
  await sleep(job.warmUpMs);

  const stopMemory = watchMemory(job.watchedPids);
  const startedNs = monotonicNs();
  const before = processUsage(job.watchedPids);
  const coreBefore = coreBusyNs(job.gatewayCore);
  const harnessBefore = processUsage(job.harnessPids);
  for (const source of sources) source.setMeasuring(true, startedNs);
  await sleep(job.measureMs);
  const elapsedNs = monotonicNs() - startedNs;
  for (const source of sources) source.setMeasuring(false, startedNs + elapsedNs);
  const after = processUsage(job.watchedPids);
  const coreAfter = coreBusyNs(job.gatewayCore);
  const harnessAfter = processUsage(job.harnessPids);
  const peakMiB = stopMemory();

  await drain(job, sources);
  for (const stop of stops) await stop();
  for (const source of sources) source.close();
  const cpuNs = before === null || after === null ? null : after.runNs - before.runNs;
  return {
    seconds: elapsedNs / 1e9,
    counts: main.counts,
    latency: main.latency.summary(),
    firstByte: main.firstByte.summary(),
    delivery: main.delivery.summary(),
    alongside: small === null ? null : { counts: small.counts, latency: small.latency.summary() },
    cpuNs,
    waitShare:
      before === null || after === null ? null : (after.mainWaitNs - before.mainWaitNs) / elapsedNs,
    gatewayCpuShare: cpuNs === null ? null : cpuNs / elapsedNs,
    foreignShare:
      cpuNs === null || coreBefore === null || coreAfter === null
        ? null
        : Math.max(0, (coreAfter - coreBefore - cpuNs) / elapsedNs),
    harnessCpuShare:
      harnessBefore === null || harnessAfter === null
        ? null
        : (harnessAfter.runNs - harnessBefore.runNs) / elapsedNs,
    memory: memoryOf(memoryBefore, after, peakMiB),
  };
}

/** @param {import('./job.mjs').LoadJob} job @param {RequestSource[]} sources */
async function drain(job, sources) {
  const deadlineMs = performance.now() + job.drainMs;
  for (const source of sources) source.stop();
  while (performance.now() < deadlineMs && sources.some((source) => !source.isFinished))
    await sleep(5);
}

/**
 * @param {{ rssMiB: number } | null} before
 * @param {{ rssMiB: number } | null} after
 * @param {number} peakMiB
 */
function memoryOf(before, after, peakMiB) {
  if (before === null || after === null) return null;
  return { beforeMiB: before.rssMiB, duringMiB: after.rssMiB, peakMiB };
}
