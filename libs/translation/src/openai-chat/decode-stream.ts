import type { FinishReason } from '../canonical/finish-reason.js';
import type { Citation } from '../canonical/content.js';
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
import { PartSequencer, type OpenPart } from '../shared/stream/part-sequencer.js';
import { settleFinishReason } from '../shared/settle-finish-reason.js';
import { readInBandError } from '../shared/upstream-fault.js';
import { thinkingText } from './decode-response.js';
import { decodeFinishReason } from './finish-reason-mapping.js';
import { finishFailure, inBandErrorOf } from './reply/in-band-error.js';
import { ToolCallAssembler } from './reply/tool-call-assembler.js';
import { listedSources } from './reply/listed-sources.js';
import { decodeUsage } from './usage-mapping.js';

interface DecoderState {
  readonly sequencer: PartSequencer;
  readonly calls: ToolCallAssembler;
  /** The text-like part that deltas of its type go to. */
  prose: OpenPart | null;
  hasStarted: boolean;
  hasEnded: boolean;
  finish: FinishReason | null;
  stopString: string | null;
  /** Perplexity repeats its list in every chunk. */
  sources: readonly Citation[];
  out: CanonicalEvent[];
}

export function createStreamDecoder(): StreamDecoder {
  const sequencer = new PartSequencer();
  const state: DecoderState = {
    sequencer,
    calls: new ToolCallAssembler(sequencer),
    prose: null,
    hasStarted: false,
    hasEnded: false,
    finish: null,
    stopString: null,
    sources: [],
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

function pushEvent(state: DecoderState, { name, data }: SseEvent): void {
  const text = data.trim();
  if (text === '') return;
  if (text === '[DONE]') return finishStream(state);
  const chunk = asRecord(tryParse(text));
  if (name === 'error')
    return fail(
      state,
      chunk === null
        ? new GatewayError('upstream_error', text.slice(0, 2_000))
        : inBandErrorOf(chunk),
    );
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
  const usage = recordAt(chunk, 'usage') ?? recordAt(recordAt(chunk, 'x_groq'), 'usage');
  if (usage !== null) state.out.push({ type: 'usage', usage: decodeUsage(usage) });
  const sources = listedSources(chunk);
  if (sources.length > 0) state.sources = sources;
  for (const choice of arrayAt(chunk, 'choices')) pushChoice(state, asRecord(choice));
}

function start(state: DecoderState, chunk: JsonRecord): void {
  if (state.hasStarted) return;
  state.hasStarted = true;
  state.out.push({
    type: 'response-start',
    id: textAt(chunk, 'id'),
    model: textAt(chunk, 'model'),
    createdAtSeconds: countAt(chunk, 'created'),
  });
}

/** Only the first choice: several are refused before they can be asked for. */
function pushChoice(state: DecoderState, choice: JsonRecord | null): void {
  if (choice === null || state.hasEnded || (choice['index'] ?? 0) !== 0) return;
  const error = readInBandError(choice);
  if (error !== null) return fail(state, error);
  // Perplexity repeats the whole message beside the delta; the delta alone counts.
  const delta = recordAt(choice, 'delta');
  if (delta !== null) {
    for (const handle of deltaHandlers) handle(state, delta);
  }
  const finish = decodeFinishReason(choice);
  if (finish === 'failed') return fail(state, finishFailure());
  if (finish === null) return;
  state.finish = finish;
  state.stopString = textAt(choice, 'stop_reason');
}

/** One per kind of delta, in the order a model makes them: a chunk may hold several. */
const deltaHandlers: readonly ((state: DecoderState, delta: JsonRecord) => void)[] = [
  function reasoning(state, delta) {
    const text = textAt(delta, 'reasoning_content') ?? textAt(delta, 'reasoning');
    if (text !== null) appendProse(state, 'reasoning', text);
  },
  function content(state, delta) {
    const text = textAt(delta, 'content');
    if (text !== null) return appendProse(state, 'text', text);
    for (const item of arrayAt(delta, 'content')) {
      const chunk = asRecord(item);
      appendProse(state, 'reasoning', thinkingText(chunk));
      appendProse(state, 'text', textAt(chunk, 'text') ?? '');
    }
  },
  function refusal(state, delta) {
    appendProse(state, 'refusal', textAt(delta, 'refusal') ?? '');
  },
  function annotations(state, delta) {
    for (const item of arrayAt(delta, 'annotations')) {
      const cited = recordAt(asRecord(item), 'url_citation');
      const url = textAt(cited, 'url');
      if (url !== null)
        state.prose?.citations.push({ url, title: textAt(cited, 'title'), citedText: null });
    }
  },
  function toolCalls(state, delta) {
    for (const call of arrayAt(delta, 'tool_calls')) pushToolCall(state, call);
    const olderCall = recordAt(delta, 'function_call');
    if (olderCall !== null) pushToolCall(state, { index: 0, function: olderCall });
  },
];

function pushToolCall(state: DecoderState, call: unknown): void {
  state.calls.push(call, state.out, () => closeForNext(state));
}

function appendProse(
  state: DecoderState,
  type: 'text' | 'reasoning' | 'refusal',
  text: string,
): void {
  if (text === '') return;
  if (state.prose?.start.type !== type) {
    closeForNext(state);
    state.prose = state.sequencer.open({ type }, state.out);
  }
  state.sequencer.append(state.prose, text, state.out);
}

/** Ends what a new part may follow: open prose and calls whose arguments are whole. */
function closeForNext(state: DecoderState): void {
  if (state.prose !== null) state.sequencer.close(state.prose, state.out);
  state.prose = null;
  state.calls.closeComplete(state.out);
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
  if (state.calls.hasNamelessCall) {
    return fail(
      state,
      new GatewayError(
        'upstream_invalid_response',
        'The upstream sent a tool call that names no tool.',
      ),
    );
  }
  if (state.prose?.start.type === 'text') state.prose.citations.push(...state.sources);
  state.sequencer.closeAll(state.out);
  const hasStopString = state.finish === 'stop' && state.stopString !== null;
  state.out.push({
    type: 'response-end',
    finishReason: settleFinishReason(
      hasStopString ? 'stop-sequence' : state.finish,
      state.calls.count > 0,
    ),
    finishDetail: hasStopString ? state.stopString : null,
  });
  state.hasEnded = true;
}

function fail(state: DecoderState, error: GatewayError): void {
  if (state.hasEnded) return;
  state.out.push({ type: 'error', error });
  state.hasEnded = true;
}
