/**
 * A fast upstream on loopback: OpenAI chat completions and Anthropic messages, JSON and SSE. Run as a process of its
 * own: `node bench/mock-upstream.mjs [--port 9100]`. It speaks HTTP over raw sockets because node:http alone costs as
 * much per request as the gateways under test. `GET /stats` tells what it answered, `GET /v1/models` a model list.
 */
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import * as answers from './mock/answers.mjs';
import { parseModelName } from './mock/model-grammar.mjs';
import { startStream } from './mock/paced-streams.mjs';
import { RequestReader } from './mock/request-reader.mjs';

/**
 * @typedef {object} ModelEntry everything about one model name that never changes, and its counts
 * @property {import('./mock/model-grammar.mjs').MockBehaviour} behaviour
 * @property {Map<string, Buffer | answers.StreamPieces>} prepared
 * @property {{ requests: number, completed: number, inputTokens: number, outputTokens: number, answersWithoutUsage: number }} counts
 */

/** @type {Map<string, ModelEntry>} */
const models = new Map();

/** @param {string} model @returns {ModelEntry} */
function entryFor(model) {
  let entry = models.get(model);
  if (entry === undefined) {
    entry = {
      behaviour: parseModelName(model),
      prepared: new Map(),
      counts: {
        requests: 0,
        completed: 0,
        inputTokens: 0,
        outputTokens: 0,
        answersWithoutUsage: 0,
      },
    };
    models.set(model, entry);
  }
  return entry;
}

/** @template {Buffer | answers.StreamPieces} T @param {ModelEntry} entry @param {string} kind @param {() => T} build @returns {T} */
function prepared(entry, kind, build) {
  let answer = entry.prepared.get(kind);
  if (answer === undefined) {
    answer = build();
    entry.prepared.set(kind, answer);
  }
  return /** @type {T} */ (answer);
}

/** @param {ModelEntry} entry @param {boolean} hasUsage */
function countAnswer(entry, hasUsage) {
  entry.counts.completed += 1;
  if (hasUsage) {
    entry.counts.inputTokens += answers.INPUT_TOKENS;
    entry.counts.outputTokens += answers.OUTPUT_TOKENS;
  } else {
    entry.counts.answersWithoutUsage += 1;
  }
}

/** @param {import('node:net').Socket} socket @param {import('./mock/request-reader.mjs').MockRequest} request */
function answerCompletion(socket, request) {
  const { model } = request;
  const isAnthropic = request.path.endsWith('/messages');
  const entry = entryFor(model);
  const { behaviour } = entry;
  entry.counts.requests += 1;
  if (!request.isStream) {
    const build = isAnthropic ? answers.anthropicJson : answers.openaiJson;
    socket.write(prepared(entry, `json:${isAnthropic}`, () => build(model, behaviour.jsonBytes)));
    countAnswer(entry, true);
    return;
  }
  const hasUsage = isAnthropic || request.wantsUsage;
  const pieces = prepared(entry, `stream:${isAnthropic}:${hasUsage}`, () =>
    isAnthropic
      ? answers.anthropicStream(model, behaviour.textBytes)
      : answers.openaiStream(model, behaviour.textBytes, hasUsage),
  );
  startStream({
    socket,
    pieces,
    gapMs: behaviour.gapMs,
    chunksLeft: behaviour.chunkCount,
    onDone: () => countAnswer(entry, hasUsage),
  });
}

function statistics() {
  const total = {
    requests: 0,
    completed: 0,
    inputTokens: 0,
    outputTokens: 0,
    answersWithoutUsage: 0,
  };
  const byModel = Object.fromEntries([...models].map(([name, entry]) => [name, entry.counts]));
  for (const counts of Object.values(byModel)) {
    total.requests += counts.requests;
    total.completed += counts.completed;
    total.inputTokens += counts.inputTokens;
    total.outputTokens += counts.outputTokens;
    total.answersWithoutUsage += counts.answersWithoutUsage;
  }
  return { ...total, models: byModel };
}

/** @param {import('node:net').Socket} socket @param {import('./mock/request-reader.mjs').MockRequest} request */
function answer(socket, request) {
  const { path } = request;
  if (
    request.method === 'POST' &&
    (path.endsWith('/chat/completions') || path.endsWith('/messages'))
  ) {
    const { delayMs } = entryFor(request.model).behaviour;
    if (delayMs === 0) answerCompletion(socket, request);
    else setTimeout(() => socket.destroyed || answerCompletion(socket, request), delayMs);
  } else if (path === '/stats') {
    socket.write(answers.jsonAnswer(200, JSON.stringify(statistics())));
  } else if (path.endsWith('/models')) {
    const data = [{ id: 'mock-n10', object: 'model', created: 1_760_000_000, owned_by: 'bench' }];
    socket.write(answers.jsonAnswer(200, JSON.stringify({ object: 'list', data })));
  } else {
    const error = {
      type: 'invalid_request_error',
      message: `no such path: ${request.method} ${path}`,
    };
    socket.write(answers.jsonAnswer(404, JSON.stringify({ error })));
  }
}

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const server = createServer({ noDelay: true }, (socket) => {
  const reader = new RequestReader((request) => answer(socket, request));
  socket.on('data', (chunk) => reader.feed(chunk));
  // A gateway that hangs up is counted by its missing answer; the socket needs no more care.
  socket.on('error', () => socket.destroy());
});
server.listen({ port: Number(values.port), host: '127.0.0.1', backlog: 4096 }, () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.stdout.write(`listening ${port}\n`);
  process.send?.({ port });
});
process.on('disconnect', () => process.exit(0));
