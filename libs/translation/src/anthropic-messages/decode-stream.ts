import type { FinishReason } from '../canonical/finish-reason.js';
import type { CanonicalEvent, PartStart } from '../canonical/stream-event.js';
import { unknownUsage, type Usage } from '../canonical/usage.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { SseEvent, StreamDecoder } from '../protocol.js';
import {
  asRecord,
  recordAt,
  textAt,
  tryParse,
  type JsonRecord,
} from '../shared/json/json-access.js';
import { parseJson } from '../shared/json/parse-json.js';
import { PartSequencer, type OpenPart } from '../shared/stream/part-sequencer.js';
import { settleFinishReason } from '../shared/settle-finish-reason.js';
import { inBandError, readInBandError } from '../shared/upstream-fault.js';
import { decodeCitation, nativePart, stopDetail } from './decode-response.js';
import { decodeStopReason } from './finish-reason-mapping.js';
import { ownToken } from './reply/own-token.js';
import { decodeUsage } from './usage-mapping.js';

interface DecoderState {
  readonly sequencer: PartSequencer;
  readonly blocks: Map<unknown, OpenPart>;
  hasStarted: boolean;
  hasEnded: boolean;
  hasToolCall: boolean;
  model: string | null;
  usage: Usage;
  finish: FinishReason | null;
  finishDetail: string | null;
  out: CanonicalEvent[];
}

export function createStreamDecoder(): StreamDecoder {
  const state: DecoderState = {
    sequencer: new PartSequencer(),
    blocks: new Map(),
    hasStarted: false,
    hasEnded: false,
    hasToolCall: false,
    model: null,
    usage: unknownUsage,
    finish: null,
    finishDetail: null,
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

/** Some gateways leave out the event names, some add `[DONE]`; the type in the data decides. */
function pushEvent(state: DecoderState, { name, data }: SseEvent): void {
  const text = data.trim();
  if (text === '' || text === '[DONE]') return;
  const event = asRecord(tryParse(text));
  if (event === null)
    return fail(
      state,
      new GatewayError(
        'upstream_invalid_response',
        'The upstream sent a stream event that is not a JSON object.',
      ),
    );
  const type = textAt(event, 'type') ?? name ?? '';
  const error = readInBandError(event);
  // llama-server sends the bare error without an envelope.
  if (error !== null || name === 'error' || type === 'error')
    return fail(state, error ?? inBandError(event));
  const handle = Object.hasOwn(eventHandlers, type) ? eventHandlers[type] : undefined;
  handle?.(state, event, text);
}

const eventHandlers: Readonly<
  Record<string, (state: DecoderState, event: JsonRecord, text: string) => void>
> = {
  message_start: (state, event) => {
    const message = recordAt(event, 'message');
    if (!state.hasStarted) start(state, message);
    noteUsage(state, recordAt(message, 'usage'));
  },
  content_block_start: startBlock,
  content_block_delta: (state, event) => {
    const delta = recordAt(event, 'delta');
    const handle = deltaHandlers[textAt(delta, 'type') ?? ''];
    if (delta !== null) handle?.(state, event['index'], delta);
  },
  content_block_stop: (state, event) => {
    const part = state.blocks.get(event['index']);
    if (part !== undefined) state.sequencer.close(part, state.out);
  },
  message_delta: (state, event) => {
    const delta = recordAt(event, 'delta');
    noteUsage(state, recordAt(event, 'usage'));
    state.finish = decodeStopReason(delta?.['stop_reason']) ?? state.finish;
    state.finishDetail = stopDetail(delta) ?? state.finishDetail;
  },
  message_stop: finishStream,
};

function start(state: DecoderState, message: JsonRecord | null): void {
  state.hasStarted = true;
  state.model = textAt(message, 'model');
  state.out.push({
    type: 'response-start',
    id: textAt(message, 'id'),
    model: state.model,
    createdAtSeconds: null,
  });
}

function noteUsage(state: DecoderState, usage: JsonRecord | null): void {
  if (usage === null) return;
  if (!state.hasStarted) start(state, null);
  state.usage = decodeUsage(usage, state.usage);
  state.out.push({ type: 'usage', usage: state.usage });
}

function startBlock(state: DecoderState, event: JsonRecord, text: string): void {
  const block = recordAt(event, 'content_block');
  if (block === null) return;
  const kind = textAt(block, 'type') ?? 'unknown';
  if (kind === 'tool_use' && textAt(block, 'name') === null) {
    return fail(
      state,
      new GatewayError(
        'upstream_invalid_response',
        'The upstream sent a tool call that names no tool.',
      ),
    );
  }
  const part = openBlock(state, event['index'], partStart(kind, block));
  const initial =
    kind === 'tool_use'
      ? initialInput(block, text)
      : (textAt(block, 'text') ?? textAt(block, 'thinking'));
  if (part.start.type !== 'native') state.sequencer.append(part, initial ?? '', state.out);
  if (kind === 'redacted_thinking') {
    part.opaque = ownToken('redacted', textAt(block, 'data'), state.model);
  } else if (kind === 'thinking') {
    part.opaque = ownToken('signature', textAt(block, 'signature'), state.model);
  }
}

function partStart(kind: string, block: JsonRecord): PartStart {
  switch (kind) {
    case 'text':
      return { type: 'text' };
    case 'thinking':
    case 'redacted_thinking':
      return { type: 'reasoning' };
    case 'tool_use':
      return { type: 'tool-call', id: textAt(block, 'id'), name: textAt(block, 'name') ?? '' };
    default:
      return nativePart(kind, block);
  }
}

function openBlock(state: DecoderState, index: unknown, partToOpen: PartStart): OpenPart {
  if (!state.hasStarted) start(state, null);
  const before = state.blocks.get(index);
  if (before !== undefined) state.sequencer.close(before, state.out);
  if (partToOpen.type === 'tool-call') state.hasToolCall = true;
  const part = state.sequencer.open(partToOpen, state.out);
  state.blocks.set(index, part);
  return part;
}

/** Anthropic itself starts with `{}` and streams the input; some others put it whole into the start. */
function initialInput(block: JsonRecord, text: string): string | null {
  const input = recordAt(block, 'input');
  if (input === null || Object.keys(input).length === 0) return null;
  try {
    return parseJson(text).members?.get('content_block')?.members?.get('input')?.json ?? null;
  } catch {
    return JSON.stringify(input);
  }
}

/** A delta of another type than its block's belongs to a block of its own. */
const deltaHandlers: Readonly<
  Record<string, (state: DecoderState, index: unknown, delta: JsonRecord) => void>
> = {
  text_delta: (state, index, delta) => appendProse(state, index, 'text', textAt(delta, 'text')),
  thinking_delta: (state, index, delta) =>
    appendProse(state, index, 'reasoning', textAt(delta, 'thinking')),
  signature_delta: (state, index, delta) => {
    const part = state.blocks.get(index);
    if (part?.start.type === 'reasoning')
      part.opaque = ownToken('signature', textAt(delta, 'signature'), state.model);
  },
  citations_delta: (state, index, delta) => {
    state.blocks.get(index)?.citations.push(...decodeCitation(delta['citation']));
  },
  input_json_delta: (state, index, delta) => {
    const part = state.blocks.get(index);
    const text = textAt(delta, 'partial_json');
    if (part?.start.type === 'tool-call')
      return state.sequencer.append(part, text ?? '', state.out);
    if (part?.start.type === 'native' || text === null) return;
    fail(
      state,
      new GatewayError(
        'upstream_invalid_response',
        'The upstream sent tool input outside of a tool call.',
      ),
    );
  },
};

function appendProse(
  state: DecoderState,
  index: unknown,
  type: 'text' | 'reasoning',
  text: string | null,
): void {
  if (text === null) return;
  const known = state.blocks.get(index);
  const part =
    known?.start.type === type && !known.isClosed ? known : openBlock(state, index, { type });
  state.sequencer.append(part, text, state.out);
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
  if (!state.hasStarted) start(state, null);
  state.sequencer.closeAll(state.out);
  state.out.push({
    type: 'response-end',
    finishReason: settleFinishReason(state.finish, state.hasToolCall),
    finishDetail: state.finishDetail,
  });
  state.hasEnded = true;
}

function fail(state: DecoderState, error: GatewayError): void {
  if (state.hasEnded) return;
  state.out.push({ type: 'error', error });
  state.hasEnded = true;
}
