/**
 * What the runner orders from the load generator, and what it gets back.
 *
 * @typedef {object} RequestPlan
 * @property {string} path
 * @property {Record<string, string>} headers
 * @property {import('./request-body.mjs').Protocol} protocol
 * @property {string} model
 * @property {import('./request-body.mjs').BodyShape} shape
 * @property {number | null} streamChunks null = JSON answer
 *
 * @typedef {object} LoadJob
 * @property {number} port
 * @property {RequestPlan} request
 * @property {number} [connections] closed loop; each connection sends its next request when the last is answered
 * @property {number} [ratePerSecond] open loop
 * @property {{ request: RequestPlan, ratePerSecond: number }} [alongside] a second, open-loop stream of small requests
 * @property {number} spreadMs the first requests are spread over this time
 * @property {boolean} once each connection sends one request only
 * @property {number} warmUpMs
 * @property {number} measureMs
 * @property {number} drainMs how long requests under way may take to finish after the measured time
 * @property {number[]} watchedPids the gateway
 * @property {number | null} gatewayCore the core the gateway has for itself
 * @property {number[]} harnessPids mock and generator, to see whether they were the bottleneck
 *
 * @typedef {object} LoadCounts
 * @property {number} answered good answers in the measured time
 * @property {number} answeredInAll good answers including warm-up and drain
 * @property {number} errors bad answers, including warm-up and drain
 * @property {Record<string, number>} problems
 * @property {number} unfinished still open when the drain time was over
 *
 * @typedef {ReturnType<import('./latency-histogram.mjs').LatencyHistogram['summary']>} Latency
 *
 * @typedef {object} LoadResult
 * @property {number} seconds
 * @property {LoadCounts} counts
 * @property {Latency} latency
 * @property {Latency} firstByte
 * @property {Latency} delivery
 * @property {{ counts: LoadCounts, latency: Latency } | null} alongside
 * @property {number | null} cpuNs CPU time of the gateway in the measured time
 * @property {number | null} waitShare share of the time the gateway's main thread waited for a CPU
 * @property {number | null} gatewayCpuShare of one core
 * @property {number | null} foreignShare of the gateway's core, used by others
 * @property {number | null} harnessCpuShare of one core
 * @property {{ beforeMiB: number, duringMiB: number, peakMiB: number } | null} memory
 */
export {};
