import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Where processes run: the gateway alone on one core, mock upstream, load generator and this runner on another.
 * Without that, the gateway would be charged for the generator's cache misses and waiting.
 *
 * @typedef {'gateway' | 'harness'} Role
 */

const CORE = { harness: '0', gateway: '1' };

/** @returns {number | null} the core the gateway has for itself */
export function gatewayCore() {
  return isPinned ? Number(CORE.gateway) : null;
}

/** @param {string} command @param {string[]} parameters */
function succeeds(command, parameters) {
  const outcome = spawnSync(command, parameters, { encoding: 'utf8', timeout: 5000 });
  return outcome.status === 0 && outcome.stderr === '';
}

export const isPinned =
  process.platform === 'linux' &&
  availableParallelism() >= 2 &&
  succeeds('taskset', ['-c', '0', 'true']) &&
  succeeds('taskset', ['-c', '1', 'true']);

/** Raised priority keeps other jobs of the machine out of the figures where the system allows it. */
export const isRaised = process.platform === 'linux' && succeeds('nice', ['-n', '-5', 'true']);

/** @param {Role} role @param {string[]} command @returns {string[]} the command with its placement in front */
export function placed(role, command) {
  return [
    ...(isRaised ? ['nice', '-n', '-5'] : []),
    ...(isPinned ? ['taskset', '-c', CORE[role]] : []),
    ...command,
  ];
}

/** Moves the runner off the gateway's core. */
export function placeRunner() {
  if (isPinned) spawnSync('taskset', ['-a', '-c', '-p', CORE.harness, String(process.pid)]);
}

/** @returns {number | null} open files a child may have; Node raises the soft limit to the hard one by itself */
export function openFileLimit() {
  if (!existsSync('/proc/self/limits')) return null;
  const line = /Max open files\s+(\d+)\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'latin1'));
  return line === null ? null : Number(line[1]);
}

/** @returns {string[]} what makes the figures less comparable on this machine */
export function placementWarnings() {
  return [
    ...(isPinned
      ? []
      : ['No pinning (needs Linux, taskset and two cores): figures are not comparable.']),
    ...(isRaised
      ? []
      : ['Normal priority (raising it was refused): other jobs show in the figures.']),
  ];
}
