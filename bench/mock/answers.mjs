import { SEND_TIME_DIGITS } from './monotonic-clock.mjs';

/** Every answer reports these counts, so that a gateway's sums can be checked to the token. */
export const INPUT_TOKENS = 25;
export const OUTPUT_TOKENS = 120;

const MARK_BYTES = SEND_TIME_DIGITS + 2;
const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n';

/** @param {string} body */
function frame(body) {
  return `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`;
}

/** @param {number} status @param {string} body @returns {Buffer} a whole HTTP answer */
export function jsonAnswer(status, body) {
  const reason = status === 200 ? 'OK' : 'Error';
  return Buffer.from(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** @param {(text: string) => object} answer @param {number} bytes */
function padded(answer, bytes) {
  const room = bytes - JSON.stringify(answer('')).length;
  return JSON.stringify(
    answer('benchmark '.repeat(Math.ceil(Math.max(room, 10) / 10)).slice(0, Math.max(room, 10))),
  );
}

/** @param {string} model @param {number} bytes */
export function openaiJson(model, bytes) {
  const answer = (/** @type {string} */ content) => ({
    id: 'chatcmpl-bench000000000000000000',
    object: 'chat.completion',
    created: 1_760_000_000,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: openaiUsage(),
    system_fingerprint: 'fp_bench',
  });
  return jsonAnswer(200, padded(answer, bytes));
}

/** @param {string} model @param {number} bytes */
export function anthropicJson(model, bytes) {
  const answer = (/** @type {string} */ text) => ({
    id: 'msg_bench0000000000000000',
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: INPUT_TOKENS, output_tokens: OUTPUT_TOKENS },
  });
  return jsonAnswer(200, padded(answer, bytes));
}

function openaiUsage() {
  return {
    prompt_tokens: INPUT_TOKENS,
    completion_tokens: OUTPUT_TOKENS,
    total_tokens: INPUT_TOKENS + OUTPUT_TOKENS,
  };
}

/**
 * The fixed pieces of one stream. A text frame is `before + mark + after`; its length never changes, so nothing is
 * measured or serialised while streaming.
 *
 * @typedef {{ head: string, before: string, after: string, end: string }} StreamPieces
 */

/** @param {string} event @param {number} textBytes */
function textFrame(event, textBytes) {
  const mark = '~'.repeat(MARK_BYTES);
  const whole = frame(event.replace('TEXT', mark + 'x'.repeat(textBytes - MARK_BYTES)));
  const at = whole.indexOf(mark);
  return { before: whole.slice(0, at), after: whole.slice(at + MARK_BYTES) };
}

/** @param {string} model @param {number} textBytes @param {boolean} withUsage @returns {StreamPieces} */
export function openaiStream(model, textBytes, withUsage) {
  const event = (/** @type {object[]} */ choices, /** @type {object} */ more = {}) =>
    `data: ${JSON.stringify({ id: 'chatcmpl-bench000000000000000000', object: 'chat.completion.chunk', created: 1_760_000_000, model, system_fingerprint: 'fp_bench', choices, ...more })}\n\n`;
  const choice = (/** @type {object} */ delta, /** @type {string | null} */ finish = null) => ({
    index: 0,
    delta,
    logprobs: null,
    finish_reason: finish,
  });
  const usage = withUsage ? frame(event([], { usage: openaiUsage() })) : '';
  return {
    head: STREAM_HEAD + frame(event([choice({ role: 'assistant', content: '' })])),
    ...textFrame(event([choice({ content: 'TEXT' })]), textBytes),
    end: `${frame(event([choice({}, 'stop')]))}${usage}${frame('data: [DONE]\n\n')}0\r\n\r\n`,
  };
}

/** @param {string} model @param {number} textBytes @returns {StreamPieces} */
export function anthropicStream(model, textBytes) {
  const event = (/** @type {string} */ type, /** @type {object} */ more) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  const message = {
    id: 'msg_bench0000000000000000',
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: INPUT_TOKENS, output_tokens: 1 },
  };
  const start = event('content_block_start', {
    index: 0,
    content_block: { type: 'text', text: '' },
  });
  const text = event('content_block_delta', {
    index: 0,
    delta: { type: 'text_delta', text: 'TEXT' },
  });
  const stop = event('message_delta', {
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: OUTPUT_TOKENS },
  });
  return {
    head: STREAM_HEAD + frame(event('message_start', { message })) + frame(start),
    ...textFrame(text, textBytes),
    end: `${frame(event('content_block_stop', { index: 0 }))}${frame(stop)}${frame(event('message_stop', {}))}0\r\n\r\n`,
  };
}
