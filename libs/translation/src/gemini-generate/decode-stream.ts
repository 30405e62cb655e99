import type { Citation, OpaqueToken } from '../canonical/content.js';
import type { CanonicalEvent } from '../canonical/stream-event.js';
import { unknownUsage, type Usage } from '../canonical/usage.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { SseEvent, StreamDecoder } from '../protocol.js';
import {
  arrayAt,
  asRecord,
  recordAt,
  textAt,
  tryParse,
  type JsonRecord,
} from '../shared/json/json-access.js';
import { PartSequencer, type OpenPart } from '../shared/stream/part-sequencer.js';
import { settleFinishReason } from '../shared/settle-finish-reason.js';
import { readInBandError } from '../shared/upstream-fault.js';
import { decodeCitations } from './reply/citation-mapping.js';
import { decodeBlock, decodeFinish, type Finish } from './finish-reason-mapping.js';
import { firstCandidate } from './read-answer.js';
import { rawArguments } from './reply/raw-arguments.js';
import { decodeSignature } from './thought-signature.js';
import { decodeUsage } from './usage-mapping.js';

interface DecoderState {
  readonly sequencer: PartSequencer;
  /** The text-like part that deltas of its type go to. */
  prose: OpenPart | null;
  model: string | null;
  hasStarted: boolean;
  hasEnded: boolean;
  hasToolCall: boolean;
  usage: Usage;
  finish: Finish | null;
  out: CanonicalEvent[];
}

/** A part of a chunk, with what a handler may need of it. */
interface ChunkPart {
  readonly wire: JsonRecord;
  readonly opaque: OpaqueToken | null;
  /** The arguments of its call as the model wrote them. */
  readonly argumentsText: string;
}

export function createStreamDecoder(): StreamDecoder {
  const state: DecoderState = {
    sequencer: new PartSequencer(),
    prose: null,
    model: null,
    hasStarted: false,
    hasEnded: false,
    hasToolCall: false,
    usage: unknownUsage,
    finish: null,
    out: [],
  };
  return {
    push: (event) => collect(state, () => pushEvent(state, event)),
    end: () => collect(state, () => finishStream(state)),
  };
}

function collect(state: DecoderState, step: () => void): CanonicalEvent[] {
  if (!state.hasEnded) step();
  const events = state.out;
  state.out = [];
  return events;
}

function pushEvent(state: DecoderState, { data }: SseEvent): void {
  const text = data.trim();
  if (text === '' || text === '[DONE]') return;
  const value = tryParse(text);
  // some errors come wrapped in a list
  const chunk = asRecord(Array.isArray(value) ? value[0] : value);
  if (chunk === null) {
    return fail(
      state,
      new GatewayError(
        'upstream_invalid_response',
        'The upstream sent a stream event that is not a JSON object.',
      ),
    );
  }
  const error = readInBandError(chunk);
  if (error !== null) return fail(state, error);
  start(state, chunk);
  const usage = recordAt(chunk, 'usageMetadata');
  if (usage !== null) noteUsage(state, usage);
  pushCandidate(state, chunk, text);
}

function start(state: DecoderState, chunk: JsonRecord): void {
  state.model ??= textAt(chunk, 'modelVersion');
  if (state.hasStarted) return;
  state.hasStarted = true;
  const createdAtMs = Date.parse(textAt(chunk, 'createTime') ?? '');
  state.out.push({
    type: 'response-start',
    id: textAt(chunk, 'responseId'),
    model: state.model,
    createdAtSeconds: Number.isNaN(createdAtMs) ? null : Math.floor(createdAtMs / 1_000),
  });
}

function noteUsage(state: DecoderState, usage: JsonRecord): void {
  state.usage = decodeUsage(usage, state.usage);
  state.out.push({ type: 'usage', usage: state.usage });
}

/** Only the first candidate: several are refused before they can be asked for. */
function pushCandidate(state: DecoderState, chunk: JsonRecord, text: string): void {
  const candidate = firstCandidate(chunk);
  const parts = arrayAt(recordAt(candidate, 'content'), 'parts').map(asRecord);
  const calls = rawArguments(text, candidate);
  for (const [index, wire] of parts.entries()) {
    if (wire === null || state.hasEnded) continue;
    const opaque = decodeSignature(textAt(wire, 'thoughtSignature'), state.model);
    pushPart(state, { wire, opaque, argumentsText: calls[index] ?? '{}' });
  }
  if (state.hasEnded) return;
  cite(state, decodeCitations(candidate));
  const finish = decodeFinish(candidate) ?? decodeBlock(chunk);
  if (finish instanceof GatewayError) return fail(state, finish);
  // code execution has two chunks that finish, with text between them: the last word counts
  state.finish = finish ?? state.finish;
}

/** By the member that says what a part is; what none of them knows is a part of Gemini's own. */
const partHandlers: readonly (readonly [
  member: string,
  (state: DecoderState, part: ChunkPart) => void,
])[] = [
  ['functionCall', pushToolCall],
  ['text', pushText],
];

/** Beside the content of a part. */
const annotations = new Set(['thought', 'thoughtSignature', 'partMetadata']);

function pushPart(state: DecoderState, part: ChunkPart): void {
  const handler = partHandlers.find(([member]) => (part.wire[member] ?? null) !== null);
  if (handler !== undefined) return handler[1](state, part);
  const kind = Object.keys(part.wire).find((name) => !annotations.has(name));
  if (kind !== undefined) pushNative(state, kind, part.wire);
  // a signature may stand alone, and must come back as it came
  else if (part.opaque !== null) pushText(state, part);
}

/** A signed piece is a part of its own: a signature holds for exactly what it came with. */
function pushText(state: DecoderState, { wire, opaque }: ChunkPart): void {
  const text = textAt(wire, 'text') ?? '';
  const type = wire['thought'] === true ? 'reasoning' : 'text';
  if (opaque !== null) closeProse(state);
  if (opaque === null && text === '') return;
  const part = openProse(state, type);
  state.sequencer.append(part, text, state.out);
  if (opaque === null) return;
  part.opaque = opaque;
  closeProse(state);
}

/** Whole in one chunk, with no index: each is a call of its own. */
function pushToolCall(state: DecoderState, { wire, opaque, argumentsText }: ChunkPart): void {
  const call = recordAt(wire, 'functionCall');
  const name = textAt(call, 'name');
  if (name === null) {
    return fail(
      state,
      new GatewayError(
        'upstream_invalid_response',
        'The upstream sent a tool call that names no tool.',
      ),
    );
  }
  closeProse(state);
  state.hasToolCall = true;
  const id = textAt(call, 'id');
  const signed = opaque === null ? {} : { opaque };
  const part = state.sequencer.open({ type: 'tool-call', id, name, ...signed }, state.out);
  part.opaque = opaque;
  state.sequencer.append(part, argumentsText, state.out);
  state.sequencer.close(part, state.out);
}

/** Run upstream, e.g. code and its result: asks nothing of the client. */
function pushNative(state: DecoderState, kind: string, wire: JsonRecord): void {
  closeProse(state);
  const raw = { json: JSON.stringify(wire) };
  const start = { type: 'native', protocol: 'gemini-generate', kind, raw } as const;
  state.sequencer.close(state.sequencer.open(start, state.out), state.out);
}

/** Citations come with the last chunk, for the whole text. */
function cite(state: DecoderState, citations: readonly Citation[]): void {
  if (citations.length > 0) openProse(state, 'text').citations.push(...citations);
}

function openProse(state: DecoderState, type: 'text' | 'reasoning'): OpenPart {
  if (state.prose?.start.type === type) return state.prose;
  closeProse(state);
  state.prose = state.sequencer.open({ type }, state.out);
  return state.prose;
}

function closeProse(state: DecoderState): void {
  if (state.prose !== null) state.sequencer.close(state.prose, state.out);
  state.prose = null;
}

function finishStream(state: DecoderState): void {
  if (state.finish === null) {
    return fail(
      state,
      new GatewayError(
        'upstream_stream_interrupted',
        'The upstream ended its stream before the answer was finished.',
      ),
    );
  }
  const { reason, detail } = state.finish;
  state.sequencer.closeAll(state.out);
  state.out.push({
    type: 'response-end',
    finishReason: settleFinishReason(reason, state.hasToolCall),
    finishDetail: detail,
  });
  state.hasEnded = true;
}

function fail(state: DecoderState, error: GatewayError): void {
  if (state.hasEnded) return;
  state.out.push({ type: 'error', error });
  state.hasEnded = true;
}
