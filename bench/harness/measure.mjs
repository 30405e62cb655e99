import { scenario, SMALL_MODEL, SMALL_MODEL_CHUNKS, SMALL_SHAPE } from '../scenarios/scenario.mjs';
import { idleGate } from './idle-gate.mjs';
import { gatewayCore } from './placement.mjs';
import { sampleOf } from './sample.mjs';

/** A sample is disturbed when others used more than this of the gateway's core, or of the machine just before. */
const DISTURBED_PERCENT = 8;

/**
 * @typedef {object} Ready a contender whose target runs
 * @property {import('../scenarios/scenario.mjs').Contender} contender
 * @property {import('../targets/target.mjs').RunningTarget} target
 */

/** @param {Ready} ready @param {import('../scenarios/scenario.mjs').Scenario} scenario @param {import('./bench-rig.mjs').BenchRig} rig @returns {import('../load/job.mjs').LoadJob} */
function jobFor({ contender, target }, scenario, rig) {
  const { client, upstream } = contender;
  const request = (
    /** @type {string} */ model,
    /** @type {import('../load/request-body.mjs').BodyShape} */ shape,
    /** @type {number | null} */ streamChunks,
  ) => {
    const plan = target.plan({ client, upstream, model });
    if (typeof plan === 'string') throw new Error(plan);
    return { ...plan, protocol: client, shape, streamChunks };
  };
  return {
    port: target.port,
    request: request(scenario.model, scenario.shape, scenario.streamChunks),
    ...(scenario.connections === undefined ? {} : { connections: scenario.connections }),
    ...(scenario.ratePerSecond === undefined ? {} : { ratePerSecond: scenario.ratePerSecond }),
    ...(scenario.alongside === undefined
      ? {}
      : { alongside: { request: request(SMALL_MODEL, SMALL_SHAPE, null), ...scenario.alongside } }),
    spreadMs: scenario.spreadMs,
    once: scenario.once,
    warmUpMs: scenario.warmUpMs,
    measureMs: scenario.measureMs,
    drainMs: scenario.drainMs,
    watchedPids: target.pids,
    gatewayCore: gatewayCore(),
    harnessPids: rig.pids,
  };
}

/**
 * Why a contender cannot take part, found out with one small request in the same role.
 *
 * @param {Ready} ready
 * @param {import('../scenarios/scenario.mjs').Scenario} scenario
 * @param {import('./bench-rig.mjs').BenchRig} rig
 * @returns {Promise<string | null>} null when it can
 */
export async function whyNot(ready, scenario, rig) {
  const { alongside: _alongside, ratePerSecond: _rate, ...rest } = scenario;
  const streamChunks = scenario.streamChunks === null ? null : SMALL_MODEL_CHUNKS;
  const one = {
    ...rest,
    model: SMALL_MODEL,
    shape: SMALL_SHAPE,
    streamChunks,
    connections: 1,
    once: true,
    spreadMs: 0,
  };
  try {
    const job = jobFor(ready, { ...one, warmUpMs: 0, measureMs: 50, drainMs: 5000 }, rig);
    const { counts } = await rig.run(job);
    if (counts.answeredInAll === 1) return null;
    return Object.keys(counts.problems).join('; ') || 'no answer in time';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Load that is not measured, before the first round: compilers of a fresh process take seconds to settle, and a target
 * that is slow at first would look worse than it is.
 *
 * @param {Ready} ready
 * @param {import('./bench-rig.mjs').BenchRig} rig
 * @param {number} durationMs
 */
export async function warmUp(ready, rig, durationMs) {
  const load = scenario({ id: 'warm-up', title: 'warm-up', sets: [], connections: 32 });
  await rig.run(jobFor(ready, { ...load, warmUpMs: durationMs, measureMs: 50 }, rig));
}

/**
 * One sample; where there is time for it (`mayRepeat`), a disturbed one is taken again once and the less disturbed of
 * both is kept. The choice looks at the others' use of the core, never at the result.
 *
 * @param {Ready} ready
 * @param {import('../scenarios/scenario.mjs').Scenario} scenario
 * @param {{ rig: import('./bench-rig.mjs').BenchRig, round: number, mayRepeat: boolean }} run
 */
export async function measure(ready, scenario, { rig, round, mayRepeat }) {
  const take = async () => {
    const othersBusy = await idleGate();
    const result = await rig.run(jobFor(ready, scenario, rig));
    return sampleOf({ round, label: ready.contender.label, othersBusy }, scenario, result);
  };
  const first = await take();
  if (!mayRepeat || !isDisturbed(first)) return first;
  const second = await take();
  return (second.foreignPercent ?? 0) < (first.foreignPercent ?? 0) ? second : first;
}

/** @param {import('./sample.mjs').Sample} sample */
export function isDisturbed(sample) {
  return (sample.foreignPercent ?? 0) > DISTURBED_PERCENT || (sample.othersBusyPercent ?? 0) > 10;
}
