import { readdirSync, readFileSync } from 'node:fs';

/**
 * What a set of processes used so far, summed over all threads and child processes.
 *
 * @typedef {object} ProcessUsage
 * @property {number} runNs time on a CPU
 * @property {number} mainWaitNs time the first process's main thread was ready to run but had no CPU
 * @property {number} rssMiB resident memory
 */

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // the thread or process ended between listing and reading
  }
}

/** @param {string} path @returns {string[]} */
function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** @param {number[]} roots @returns {ProcessUsage | null} null where the kernel does not tell (not Linux) */
export function processUsage(roots) {
  const [first] = roots;
  if (first === undefined || read(`/proc/${first}/schedstat`) === '') return null;
  const usage = {
    runNs: 0,
    mainWaitNs: Number(read(`/proc/${workerOf(first)}/schedstat`).split(' ')[1] ?? 0),
    rssMiB: 0,
  };
  const queue = [...roots];
  for (let index = 0; index < queue.length && index < 1000; index += 1) {
    const pid = queue[index];
    usage.rssMiB += Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
    for (const task of list(`/proc/${pid}/task`)) {
      usage.runNs += Number(read(`/proc/${pid}/task/${task}/schedstat`).split(' ')[0] ?? 0);
      for (const child of read(`/proc/${pid}/task/${task}/children`).trim().split(' ')) {
        if (child !== '') queue.push(Number(child));
      }
    }
  }
  return usage;
}

/**
 * How long one core was busy since boot, whoever used it; in steps of 10 ms.
 *
 * @param {number | null} core
 * @returns {number | null} null when the core is not known
 */
export function coreBusyNs(core) {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(read('/proc/stat'));
  if (core === null || line === null) return null;
  const ticks = (line[1] ?? '').split(' ').slice(0, 8).map(Number);
  const [, , , idle = 0, ioWait = 0] = ticks;
  return (ticks.reduce((sum, count) => sum + count, 0) - idle - ioWait) * 1e7;
}

/** The thread that does the work: nginx's master only waits, its one child serves. @param {number} pid */
function workerOf(pid) {
  if (!read(`/proc/${pid}/comm`).startsWith('nginx')) return pid;
  const [child] = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ');
  return child === undefined || child === '' ? pid : Number(child);
}
