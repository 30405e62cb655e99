import { createSseReader, defaultCapabilities, nothingToRestore, protocols } from '#translation';
import { StringDecoder } from 'node:string_decoder';
import { TranslatedStreamRelay } from '../../dist/apps/api/src/gateway/relay/translated-stream-relay.js';
import { agentRequest } from './agent-request.mjs';
import { agentYardstickWork, chunkYardstickWork } from './yardstick.mjs';
import { nativeLabel, pairLabel, pairs, parseLabel, protocolIds } from './pairs.mjs';

/**
 * @typedef {import('#translation').ProtocolId} ProtocolId
 *
 * @typedef {object} Work something to be done again and again
 * @property {string} label
 * @property {number} units that one run stands for: chunks, or requests
 * @property {() => unknown} run
 */

const AGENT_BYTES = 70_000;
const TEXT_CHUNKS = 240;
const ARGUMENT_CHUNKS = 60;
const address = { model: 'bench', stream: false };

const context = {
  requestId: 'req_bench',
  model: 'bench',
  createdAtSeconds: 1_700_000_000,
  includeUsage: true,
};

/** An answer with words and one tool call, as the stream of a protocol: the bytes of one event each. @param {ProtocolId} id */
function streamOf(id) {
  const encoder = protocols[id].createStreamEncoder(context);
  const words = Array.from({ length: TEXT_CHUNKS }, (_, index) => `word ${index} of "it" `);
  const fragments = Array.from({ length: ARGUMENT_CHUNKS }, (_, index) => `"field_${index}":true,`);
  const usage = {
    inputTokens: 120,
    outputTokens: 300,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    reasoningTokens: null,
  };
  const delta = (/** @type {string} */ text) => ({ type: 'part-delta', text });
  const end = { type: 'part-end', opaque: null, citations: [] };
  const call = { type: 'tool-call', id: 'call_1', name: 'work_on_1' };
  const events = [
    { type: 'response-start', id: 'answer_1', model: 'bench', createdAtSeconds: 1_700_000_000 },
    { type: 'part-start', part: { type: 'text' } },
    ...words.map(delta),
    end,
    { type: 'part-start', part: call },
    ...['{', ...fragments, '"last":true}'].map(delta),
    end,
    { type: 'usage', usage },
    { type: 'response-end', finishReason: 'tool-calls', finishDetail: null },
  ];
  return events
    .flatMap((event) => encoder.push(/** @type {any} */ (event)).split(/(?<=\n\n)/))
    .filter((text) => text !== '')
    .map((text) => Buffer.from(text));
}

/** What any reader of the stream must do. @param {Buffer[]} reads */
function parseAlone(reads) {
  const text = new StringDecoder('utf8');
  const events = createSseReader();
  let count = 0;
  for (const read of reads)
    for (const { data } of events.push(text.write(read)))
      if (data !== '[DONE]') count += Object.keys(JSON.parse(data)).length;
  return count;
}

/** @param {ProtocolId} from @param {ProtocolId} to @param {Buffer[]} reads */
function translateStream(from, to, reads) {
  const relay = new TranslatedStreamRelay({
    upstream: protocols[from],
    client: protocols[to],
    context,
    restoration: nothingToRestore,
  });
  let characters = 0;
  for (const read of reads) characters += relay.push(read)?.length ?? 0;
  relay.end();
  if (!relay.facts.isComplete) throw new Error(`${from}>${to}: the stream is not complete`);
  return characters;
}

/** @param {ProtocolId} id */
const targetOf = (id) => ({
  model: 'bench',
  label: `bench/${id}`,
  isLocal: false,
  capabilities: defaultCapabilities(id, false),
  lossMode: /** @type {const} */ ('lenient'),
});

/** @param {ProtocolId} from @param {ProtocolId} to @param {string} text */
function translateRequest(from, to, text) {
  const request = protocols[from].decodeRequest(text, from === 'gemini-generate' ? address : null);
  return protocols[to].encodeRequest(request, targetOf(to)).body;
}

/** @returns {Work[]} */
export function chunkWork() {
  const streams = Object.fromEntries(protocolIds.map((id) => [id, streamOf(id)]));
  const units = TEXT_CHUNKS + ARGUMENT_CHUNKS;
  return [
    chunkYardstickWork(),
    ...protocolIds.map((id) => ({
      label: parseLabel(id),
      units,
      run: () => parseAlone(streams[id] ?? []),
    })),
    ...pairs.map((pair) => ({
      label: pairLabel(pair),
      units,
      run: () => translateStream(...pair, streams[pair[0]] ?? []),
    })),
  ];
}

/** @returns {Work[]} */
export function agentWork() {
  const chat = agentRequest(AGENT_BYTES);
  const texts = Object.fromEntries(
    protocolIds.map((id) => [
      id,
      id === 'openai-chat' ? chat : translateRequest('openai-chat', id, chat),
    ]),
  );
  return [
    agentYardstickWork(),
    ...protocolIds.map((id) => ({
      label: nativeLabel(id),
      units: 1,
      run: () => JSON.stringify(JSON.parse(texts[id] ?? '')),
    })),
    ...pairs.map((pair) => ({
      label: pairLabel(pair),
      units: 1,
      run: () => translateRequest(...pair, texts[pair[0]] ?? ''),
    })),
  ];
}
