import type { CanonicalEvent } from '../canonical/stream-event.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { SseEvent, StreamDecoder } from '../protocol.js';
import {
  arrayAt,
  asRecord,
  countAt,
  recordAt,
  textAt,
  tryParse,
  type JsonRecord,
} from '../shared/json/json-access.js';
import { settleFinishReason } from '../shared/settle-finish-reason.js';
import { inBandError, readInBandError } from '../shared/upstream-fault.js';
import { decodeAnnotation, namelessCall } from './decode-response.js';
import { ItemAssembler } from './item-assembler.js';
import { decodeStatus, failureOf, terminalResponse } from './status-mapping.js';
import { decodeUsage } from './usage-mapping.js';

interface DecoderState {
  readonly items: ItemAssembler;
  hasStarted: boolean;
  hasEnded: boolean;
  out: CanonicalEvent[];
}

export function createStreamDecoder(): StreamDecoder {
  const state: DecoderState = {
    items: new ItemAssembler(),
    hasStarted: false,
    hasEnded: false,
    out: [],
  };
  return {
    push: (event) => collect(state, () => pushEvent(state, event)),
    end: () => collect(state, () => fail(state, brokenOff())),
  };
}

function collect(state: DecoderState, step: () => void): CanonicalEvent[] {
  if (!state.hasEnded) step();
  const events = state.out;
  state.out = [];
  return events;
}

/** Some servers leave out the event names, some add `[DONE]`; the type in the data decides. */
function pushEvent(state: DecoderState, { name, data }: SseEvent): void {
  const text = data.trim();
  if (text === '' || text === '[DONE]') return;
  const event = asRecord(tryParse(text));
  if (event === null) {
    const message = 'The upstream sent a stream event that is not a JSON object.';
    return fail(state, new GatewayError('upstream_invalid_response', message));
  }
  const type = textAt(event, 'type') ?? name ?? '';
  // OpenAI nests the error, although its specification shows it flat
  const error = readInBandError(event);
  if (error !== null || name === 'error' || type === 'error')
    return fail(state, error ?? inBandError(event));
  const handle = Object.hasOwn(eventHandlers, type) ? eventHandlers[type] : undefined;
  if (handle === undefined) return;
  if (!state.hasStarted) start(state, recordAt(event, 'response'));
  handle(state, event);
}

type Handler = (state: DecoderState, event: JsonRecord) => void;

const ignored: Handler = () => undefined;

const eventHandlers: Readonly<Record<string, Handler>> = {
  'response.created': ignored,
  'response.queued': ignored,
  'response.in_progress': ignored,
  'response.output_item.added': (state, event) => {
    const item = recordAt(event, 'item');
    if (item !== null) state.items.begin(keyOf(event), item, state.out);
  },
  'response.content_part.added': ignored,
  'response.output_text.delta': proseDelta('text'),
  'response.output_text.done': proseWhole('text', 'text'),
  'response.output_text.annotation.added': (state, event) => {
    state.items.cite(proseOf('text', event), decodeAnnotation(event['annotation']));
  },
  'response.refusal.delta': proseDelta('refusal'),
  'response.refusal.done': proseWhole('refusal', 'refusal'),
  'response.content_part.done': (state, event) => {
    state.items.closeProse(keyOf(event), event['content_index'] ?? 0, state.out);
  },
  'response.reasoning_summary_part.added': ignored,
  'response.reasoning_summary_text.delta': reasoningDelta('summary', 'delta'),
  'response.reasoning_summary_text.done': reasoningDelta('summary', 'text'),
  'response.reasoning_text.delta': reasoningDelta('content', 'delta'),
  'response.reasoning_text.done': reasoningDelta('content', 'text'),
  'response.function_call_arguments.delta': callDelta('delta'),
  'response.function_call_arguments.done': callDelta('arguments'),
  'response.custom_tool_call_input.delta': callDelta('delta'),
  'response.custom_tool_call_input.done': callDelta('input'),
  'response.output_item.done': (state, event) => {
    const item = recordAt(event, 'item');
    if (item !== null) state.items.finish(keyOf(event), item, state.out);
  },
  'response.completed': finishStream,
  'response.incomplete': finishStream,
  'response.failed': finishStream,
};

/** Of an item: its place, or its id where a server does not count. */
function keyOf(event: JsonRecord): unknown {
  return event['output_index'] ?? event['item_id'] ?? recordAt(event, 'item')?.['id'];
}

function proseOf(type: 'text' | 'refusal', event: JsonRecord) {
  return { type, item: keyOf(event), index: event['content_index'] ?? 0 } as const;
}

function proseDelta(type: 'text' | 'refusal'): Handler {
  return (state, event) =>
    state.items.appendProse(proseOf(type, event), textAt(event, 'delta') ?? '', state.out);
}

/** Counts where a server sends no deltas. */
function proseWhole(type: 'text' | 'refusal', member: string): Handler {
  return (state, event) =>
    state.items.completeProse(proseOf(type, event), textAt(event, member) ?? '', state.out);
}

function reasoningDelta(source: 'summary' | 'content', member: 'delta' | 'text'): Handler {
  return (state, event) => {
    const index = event[source === 'summary' ? 'summary_index' : 'content_index'] ?? 0;
    const piece = { item: keyOf(event), source, index, isWhole: member === 'text' };
    state.items.appendReasoning(piece, textAt(event, member) ?? '', state.out);
  };
}

function callDelta(member: 'delta' | 'arguments' | 'input'): Handler {
  return (state, event) =>
    state.items.appendCall(
      keyOf(event),
      textAt(event, member) ?? '',
      member !== 'delta',
      state.out,
    );
}

function start(state: DecoderState, response: JsonRecord | null): void {
  state.hasStarted = true;
  const model = textAt(response, 'model');
  state.items.model = model;
  state.out.push({
    type: 'response-start',
    id: textAt(response, 'id'),
    model,
    createdAtSeconds: countAt(response, 'created_at'),
  });
}

function finishStream(state: DecoderState, event: JsonRecord): void {
  const response = terminalResponse(event) ?? {};
  const usage = recordAt(response, 'usage');
  if (usage !== null) state.out.push({ type: 'usage', usage: decodeUsage(usage) });
  const failure = failureOf(response);
  if (failure !== null) return fail(state, failure);
  const finish = decodeStatus(response);
  if (finish === null) return fail(state, brokenOff());
  for (const [index, item] of arrayAt(response, 'output').entries())
    state.items.complete(index, asRecord(item), state.out);
  if (state.items.hasNamelessCall) return fail(state, namelessCall());
  state.items.closeAll(state.out);
  state.out.push({
    type: 'response-end',
    finishReason: settleFinishReason(finish, state.items.hasCall),
    finishDetail: null,
  });
  state.hasEnded = true;
}

function brokenOff(): GatewayError {
  return new GatewayError(
    'upstream_stream_interrupted',
    'The upstream ended its stream before the answer was finished.',
  );
}

function fail(state: DecoderState, error: GatewayError): void {
  if (state.hasEnded) return;
  state.out.push({ type: 'error', error });
  state.hasEnded = true;
}
