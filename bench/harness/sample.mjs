/**
 * One measurement of one contender in one round. Times in microseconds unless the name says otherwise; null = does not
 * apply or not known on this system.
 *
 * @typedef {object} Sample
 * @property {number} round
 * @property {string} label
 * @property {number} requestsPerSecond
 * @property {number | null} eventsPerSecond text chunks of streams
 * @property {number | null} cpuUs CPU time per request; per text chunk for streams
 * @property {number | null} p50Us
 * @property {number | null} p99Us
 * @property {number | null} firstByteP50Us
 * @property {number | null} deliveryP50Us
 * @property {number | null} deliveryP99Us
 * @property {number | null} smallP50Us of the small requests alongside
 * @property {number | null} smallP99Us
 * @property {number | null} cpuPercent of one core, gateway
 * @property {number | null} harnessCpuPercent of one core, mock and generator
 * @property {number | null} waitPercent of the time in which the gateway's main thread waited for its core
 * @property {number | null} yardstickUs CPU time of work of known cost, done in turn with what was measured
 * @property {number | null} beforeRssMiB before the first request
 * @property {number | null} foreignPercent of the gateway's core, used by others meanwhile
 * @property {number | null} rssMiB at the end of the measured time
 * @property {number | null} peakRssMiB
 * @property {number | null} streamKiB memory per open stream
 * @property {number} errors bad, cut or unfinished answers
 * @property {Record<string, number>} problems
 * @property {number} answeredInAll
 * @property {number | null} othersBusyPercent of the machine just before
 * @property {number | null} [firstOkMs] cold start
 * @property {number | null} [idleMiB] cold start
 */

/** @param {number | null} value @param {number} factor */
const times = (value, factor) => (value === null ? null : value * factor);

/**
 * @param {{ round: number, label: string, othersBusy: number | null }} about
 * @param {import('../scenarios/scenario.mjs').Scenario} scenario
 * @param {import('../load/job.mjs').LoadResult} result
 * @returns {Sample}
 */
export function sampleOf(about, scenario, result) {
  const { counts, alongside, memory } = result;
  const isStream = scenario.streamChunks !== null;
  // Small requests alongside cost the gateway next to nothing beside bodies of megabytes; they are not divided out.
  const units = isStream ? result.delivery.count : counts.answered;
  const small = alongside?.counts;
  return {
    round: about.round,
    label: about.label,
    requestsPerSecond: counts.answered / result.seconds,
    eventsPerSecond: isStream ? result.delivery.count / result.seconds : null,
    cpuUs: result.cpuNs === null || units === 0 ? null : result.cpuNs / 1000 / units,
    p50Us: result.latency.p50Us,
    p99Us: result.latency.p99Us,
    firstByteP50Us: result.firstByte.p50Us,
    deliveryP50Us: result.delivery.p50Us,
    deliveryP99Us: result.delivery.p99Us,
    smallP50Us: alongside?.latency.p50Us ?? null,
    smallP99Us: alongside?.latency.p99Us ?? null,
    cpuPercent: times(result.gatewayCpuShare, 100),
    harnessCpuPercent: times(result.harnessCpuShare, 100),
    waitPercent: times(result.waitShare, 100),
    foreignPercent: times(result.foreignShare, 100),
    yardstickUs: null,
    beforeRssMiB: memory?.beforeMiB ?? null,
    rssMiB: memory?.duringMiB ?? null,
    peakRssMiB: memory?.peakMiB ?? null,
    streamKiB:
      memory === null || !scenario.once
        ? null
        : ((memory.duringMiB - memory.beforeMiB) * 1024) / (scenario.connections ?? 1),
    errors:
      counts.errors +
      counts.unfinished +
      (small === undefined ? 0 : small.errors + small.unfinished),
    problems: { ...counts.problems, ...small?.problems },
    answeredInAll: counts.answeredInAll + (small?.answeredInAll ?? 0),
    othersBusyPercent: times(about.othersBusy, 100),
  };
}
