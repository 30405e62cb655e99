import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processUsage } from '../load/process-usage.mjs';
import { openFileLimit } from './placement.mjs';
import { measure, whyNot } from './measure.mjs';
import { rotated } from './shared-processes.mjs';

/** Memory is looked at once start-up work has settled. */
const SETTLE_MS = 3000;

/**
 * @typedef {object} FreshRun
 * @property {import('./bench-rig.mjs').BenchRig} rig
 * @property {number} rounds
 * @property {string} temporaryFolder
 * @property {string[]} models
 * @property {Map<string, import('../targets/target.mjs').Target>} targets
 * @property {import('./shared-processes.mjs').Run['onSample']} onSample
 * @property {(name: string, target: import('../targets/target.mjs').RunningTarget) => Promise<void>} beforeStop
 */

/** @param {import('../scenarios/scenario.mjs').Scenario} scenario */
function missingOpenFiles({ openFiles }) {
  const limit = openFileLimit();
  if (openFiles === undefined || limit === null || limit >= openFiles) return null;
  return `needs ${openFiles} open files per process, the limit is ${limit} (ulimit -Hn, LimitNOFILE)`;
}

/**
 * Scenarios that get a new process for each sample, with no other target running.
 *
 * @param {import('../scenarios/scenario.mjs').Scenario} scenario
 * @param {FreshRun} run
 * @returns {Promise<import('./shared-processes.mjs').ScenarioResult>}
 */
export async function runFresh(scenario, run) {
  /** @type {import('./shared-processes.mjs').ScenarioResult} */
  const result = { scenario, samples: [], excluded: [] };
  const reason = missingOpenFiles(scenario);
  if (reason !== null) {
    result.excluded.push({ label: 'all', reason });
    return result;
  }
  const contenders = scenario.contenders.filter(({ target }) => run.targets.has(target));
  const rounds = Math.min(run.rounds, scenario.mostRounds ?? run.rounds);
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of rotated(contenders, round - 1)) {
      if (result.excluded.some(({ label }) => label === contender.label)) continue;
      await oneFresh(contender, { ...run, scenario, result, round });
    }
  }
  return result;
}

/** @param {import('../scenarios/scenario.mjs').Contender} contender @param {FreshRun & { scenario: import('../scenarios/scenario.mjs').Scenario, result: import('./shared-processes.mjs').ScenarioResult, round: number }} run */
async function oneFresh(contender, run) {
  const { scenario, result, round, rig } = run;
  const folder = join(run.temporaryFolder, `${scenario.id}-${round}-${contender.label}`);
  mkdirSync(folder);
  let target;
  try {
    target = await run.targets
      .get(contender.target)
      ?.start({ rig, temporaryFolder: folder, models: run.models });
    if (target === undefined) return;
    const reason = await whyNot({ contender, target }, scenario, rig);
    if (reason !== null) throw new Error(reason);
    if (scenario.process === 'cold-start') await sleep(SETTLE_MS);
    const idleMiB = processUsage(target.pids)?.rssMiB ?? null;
    const sample = await measure({ contender, target }, scenario, { rig, round, mayRepeat: false });
    if (scenario.process === 'cold-start')
      Object.assign(sample, { firstOkMs: target.firstOkMs, idleMiB });
    result.samples.push(sample);
    run.onSample(scenario, sample);
    await run.beforeStop(contender.target, target);
  } catch (error) {
    result.excluded.push({
      label: contender.label,
      reason: error instanceof Error ? error.message : String(error),
    });
  } finally {
    await target?.stop();
  }
}
