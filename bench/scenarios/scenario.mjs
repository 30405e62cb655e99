/**
 * @typedef {import('../load/request-body.mjs').Protocol} Protocol
 *
 * @typedef {object} Contender one target in one role
 * @property {string} label
 * @property {string} target
 * @property {Protocol} client
 * @property {Protocol} upstream
 *
 * @typedef {object} Scenario
 * @property {string} id
 * @property {string} title
 * @property {'shared' | 'fresh' | 'cold-start' | 'in-process'} process `shared`: all targets run side by side for the whole time;
 *   `fresh`: a new process for each sample, nothing else running; `in-process`: no gateway, only code of it
 * @property {('quick' | 'default' | 'full')[]} sets
 * @property {string} model the mock's model name
 * @property {import('../load/request-body.mjs').BodyShape} shape
 * @property {number | null} streamChunks
 * @property {number} [connections]
 * @property {number} [ratePerSecond]
 * @property {{ ratePerSecond: number }} [alongside] small requests at the same time
 * @property {number} spreadMs
 * @property {boolean} once
 * @property {number} warmUpMs
 * @property {number} measureMs
 * @property {number} drainMs
 * @property {{ warmUpMs: number, measureMs: number }} quick shorter times for --quick
 * @property {number} [mostRounds] for scenarios that take long
 * @property {number} [openFiles] what one process must be allowed to open
 * @property {Contender[]} contenders
 */

export const SMALL_MODEL_CHUNKS = 10;
export const SMALL_MODEL = `mock-n${SMALL_MODEL_CHUNKS}`;
/** @type {import('../load/request-body.mjs').BodyShape} */
export const SMALL_SHAPE = { kind: 'chat', bytes: 1024 };

/**
 * Starts per second that keep so many streams open. Streams start one by one at even distances, a little more than
 * evenly dividable, so that the chunks of different streams do not fall on the same moment.
 *
 * @param {number} streams @param {number} durationMs of one stream
 */
export function startRate(streams, durationMs) {
  return (1000 * streams) / (durationMs * 1.01);
}

/** @param {string[]} targets @returns {Contender[]} each in its plainest role: OpenAI in, OpenAI out */
export function plain(targets = ['direct', 'floor', 'nginx', 'portkey', 'spillway']) {
  return targets.map((target) => ({
    label: target,
    target,
    client: 'openai-chat',
    upstream: 'openai-chat',
  }));
}

/** @param {Pick<Scenario, 'id' | 'title' | 'sets'> & Partial<Scenario>} given @returns {Scenario} */
export function scenario(given) {
  return {
    process: 'shared',
    model: SMALL_MODEL,
    shape: SMALL_SHAPE,
    streamChunks: null,
    spreadMs: 0,
    once: false,
    warmUpMs: 500,
    measureMs: 2000,
    drainMs: 5000,
    quick: { warmUpMs: 300, measureMs: 1000 },
    contenders: plain(),
    ...given,
  };
}
