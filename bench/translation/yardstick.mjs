import { agentRequest } from './agent-request.mjs';

/**
 * What JSON costs on the machine in front of us, beside what the same cost where the goals were set (Node 20, one core
 * of a quiet server): a goal in microseconds says nothing on another machine, and nothing on a busy one.
 *
 * @typedef {object} Yardstick
 * @property {string} label
 * @property {number} referenceUs CPU where the goals were set
 */

/** Decode and parse one streamed chunk of 270 bytes. @type {Yardstick} */
export const chunkYardstick = { label: 'yardstick chunk', referenceUs: 0.91 };

/** Parse and stringify an agent request of 186 KB. @type {Yardstick} */
export const agentYardstick = { label: 'yardstick request', referenceUs: 445 };

const RUNS = 200;
const CHUNK_BYTES = 270;
const AGENT_BYTES = 186_000;

/** @returns {import('./contenders.mjs').Work} */
export function chunkYardstickWork() {
  const chunk = {
    id: 'chatcmpl-8f3a1c5e9b7d4f2a6c0e',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'bench-model-2026-01-01',
    system_fingerprint: 'fp_44709d6fcb',
    choices: [{ index: 0, delta: { content: '' }, logprobs: null, finish_reason: null }],
  };
  const missing = CHUNK_BYTES - JSON.stringify(chunk).length;
  for (const { delta } of chunk.choices) delta.content = 'w'.repeat(Math.max(0, missing));
  const bytes = Buffer.from(JSON.stringify(chunk));
  return {
    label: chunkYardstick.label,
    units: RUNS,
    run: () => {
      let count = 0;
      for (let run = 0; run < RUNS; run += 1)
        count += JSON.parse(bytes.toString('utf8')).choices.length;
      return count;
    },
  };
}

/** @returns {import('./contenders.mjs').Work} */
export function agentYardstickWork() {
  const bytes = Buffer.from(agentRequest(AGENT_BYTES));
  return {
    label: agentYardstick.label,
    units: 1,
    run: () => JSON.stringify(JSON.parse(bytes.toString('utf8'))),
  };
}
