import { measure, whyNot } from './measure.mjs';

/**
 * @typedef {object} ScenarioResult
 * @property {import('../scenarios/scenario.mjs').Scenario} scenario
 * @property {import('./sample.mjs').Sample[]} samples
 * @property {{ label: string, reason: string }[]} excluded
 *
 * @typedef {object} Run
 * @property {import('./bench-rig.mjs').BenchRig} rig
 * @property {number} rounds
 * @property {boolean} mayRepeat
 * @property {(scenario: import('../scenarios/scenario.mjs').Scenario, sample: import('./sample.mjs').Sample) => void} onSample
 */

/** @template T @param {T[]} list @param {number} by @returns {T[]} */
export function rotated(list, by) {
  const shift = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(shift), ...list.slice(0, shift)];
}

/**
 * Scenarios whose targets run side by side: rounds A B C, B C A, ... so that a change of the machine's mood meets all.
 *
 * @param {import('../scenarios/scenario.mjs').Scenario} scenario
 * @param {Map<string, import('../targets/target.mjs').RunningTarget>} running
 * @param {Run} run
 * @returns {Promise<ScenarioResult>}
 */
export async function runShared(scenario, running, run) {
  /** @type {ScenarioResult} */
  const result = { scenario, samples: [], excluded: [] };
  const ready = [];
  for (const contender of scenario.contenders) {
    const target = running.get(contender.target);
    if (target === undefined) continue;
    const reason = await whyNot({ contender, target }, scenario, run.rig);
    if (reason === null) ready.push({ contender, target });
    else result.excluded.push({ label: contender.label, reason });
  }
  for (let round = 1; round <= run.rounds; round += 1) {
    for (const entry of rotated(ready, round - 1)) {
      const sample = await measure(entry, scenario, {
        rig: run.rig,
        round,
        mayRepeat: run.mayRepeat,
      });
      result.samples.push(sample);
      run.onSample(scenario, sample);
    }
  }
  return result;
}
