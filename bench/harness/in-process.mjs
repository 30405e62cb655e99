import { createInterface } from 'node:readline';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { placed } from './placement.mjs';

const CHILD = fileURLToPath(new URL('../translation/child.mjs', import.meta.url));

/** Everything that only a gateway on a socket has. */
const NOTHING_ELSE = {
  requestsPerSecond: 0,
  eventsPerSecond: null,
  p50Us: null,
  p99Us: null,
  firstByteP50Us: null,
  deliveryP50Us: null,
  deliveryP99Us: null,
  smallP50Us: null,
  smallP99Us: null,
  cpuPercent: null,
  harnessCpuPercent: null,
  foreignPercent: null,
  beforeRssMiB: null,
  rssMiB: null,
  peakRssMiB: null,
  streamKiB: null,
  errors: 0,
  problems: {},
  answeredInAll: 0,
  othersBusyPercent: null,
};

/**
 * Scenarios without sockets: one process on the gateway's core does all contenders' work in turn.
 *
 * @param {import('../scenarios/scenario.mjs').Scenario} scenario
 * @param {{ rounds: number, onSample: import('./shared-processes.mjs').Run['onSample'] }} run
 * @returns {Promise<import('./shared-processes.mjs').ScenarioResult>}
 */
export async function runInProcess(scenario, { rounds, onSample }) {
  /** @type {import('./shared-processes.mjs').ScenarioResult} */
  const result = { scenario, samples: [], excluded: [] };
  const command = placed('gateway', [process.execPath, CHILD, scenario.id, String(rounds)]);
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    const sample = { ...NOTHING_ELSE, ...JSON.parse(line) };
    result.samples.push(sample);
    onSample(scenario, sample);
  }
  if (result.samples.length === 0)
    result.excluded.push({ label: 'all', reason: 'the process ended early, see its errors' });
  return result;
}
