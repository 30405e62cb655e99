import type { CanonicalEvent, PartStart } from '../canonical/stream-event.js';
import { unknownUsage, type Usage } from '../canonical/usage.js';
import type { GatewayError } from '../errors/gateway-error.js';
import type { ReplyContext, StreamEncoder } from '../protocol.js';
import { estimateTokens } from '../shared/estimate-tokens.js';
import type { TokenOwner } from '../shared/tokens/opaque-envelope.js';
import { asRecord, tryParse } from '../shared/json/json-access.js';
import { invalidArguments } from '../shared/reply/invalid-arguments.js';
import { replyId, ToolCallIds } from '../shared/reply-ids.js';
import { settleRefusal } from '../shared/settle-finish-reason.js';
import { invalidJsonWrapper } from './encode-response.js';
import { encodeStreamError } from './error-mapping.js';
import { encodeCitation } from './reply/encode-citation.js';
import { encodeStop } from './finish-reason-mapping.js';
import { reasoningBlock, tokenBlocks } from './reply/token-blocks.js';
import { encodeUsage } from './usage-mapping.js';

type EventOf<T extends CanonicalEvent['type']> = Extract<CanonicalEvent, { type: T }>;

interface EncoderState {
  readonly context: ReplyContext;
  readonly ids: ToolCallIds;
  part: PartStart | null;
  /** Is the open part on the wire? Empty text and redacted thinking wait until they are known. */
  isShown: boolean;
  index: number;
  argumentsText: string[];
  /** Tool of an unfinished block whose arguments are no object; fatal unless the answer was cut right there. */
  brokenTool: string | null;
  outputChars: number;
  hasRefusal: boolean;
  hasEnded: boolean;
  error: GatewayError | null;
  usage: Usage;
}

/** Canonical events as Anthropic sends them. `error` is set when a finished call has arguments that are no object. */
export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  const state: EncoderState = {
    context,
    ids: new ToolCallIds('toolu_', context.requestId),
    part: null,
    isShown: false,
    index: 0,
    argumentsText: [],
    brokenTool: null,
    outputChars: 0,
    hasRefusal: false,
    hasEnded: false,
    error: null,
    usage: unknownUsage,
  };
  return {
    push: (event) => (state.hasEnded ? '' : encodeEvent(state, event)),
    get error() {
      return state.error;
    },
  };
}

function encodeEvent<T extends CanonicalEvent['type']>(
  state: EncoderState,
  event: EventOf<T>,
): string {
  return handlers[event.type as T](state, event);
}

const handlers: {
  readonly [T in CanonicalEvent['type']]: (state: EncoderState, event: EventOf<T>) => string;
} = {
  'response-start': (state, event) => {
    // Clients add the output tokens of this event to the final ones, so it must say 0.
    const usage = {
      ...unknownUsage,
      inputTokens: state.context.estimatedInputTokens ?? 0,
      outputTokens: 0,
    };
    const message = {
      id: replyId('msg_', event.id, state.context.requestId),
      type: 'message',
      role: 'assistant',
      model: event.model ?? state.context.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: encodeUsage(usage),
    };
    return sse('message_start', { message }) + sse('ping', {});
  },
  'part-start': (state, { part }) => {
    if (state.brokenTool !== null) return failOnTool(state, state.brokenTool);
    state.part = part;
    state.isShown = false;
    state.argumentsText = [];
    if (part.type === 'refusal') state.hasRefusal = true;
    if (part.type === 'native')
      return part.protocol === 'anthropic-messages' ? wholeBlock(state, part.raw.json) : '';
    return part.type === 'tool-call' ? showPart(state, part) : '';
  },
  'part-delta': (state, { text }) => {
    const { part } = state;
    state.outputChars += text.length;
    if (part === null || part.type === 'native') return '';
    if (part.type === 'tool-call') return argumentsDelta(state, text);
    return (
      showPart(state, part) +
      delta(
        state,
        part.type === 'reasoning'
          ? { type: 'thinking_delta', thinking: text }
          : { type: 'text_delta', text },
      )
    );
  },
  'part-end': (state, event) => {
    const { part } = state;
    state.part = null;
    if (part === null || part.type === 'native') return '';
    if (part.type === 'tool-call')
      return endToolCall(state, part.name) + tokenBehind(state, part.type, event);
    return (
      (part.type === 'reasoning' ? endReasoning(state, part, event) : '') +
      (part.type === 'text' ? citationDeltas(state, event) : '') +
      hidePart(state) +
      (part.type === 'text' ? tokenBehind(state, part.type, event) : '')
    );
  },
  usage: (state, { usage }) => {
    state.usage = usage;
    return '';
  },
  'response-end': endResponse,
  error: (state, { error }) => {
    state.hasEnded = true;
    return encodeStreamError(error, state.context.requestId);
  },
};

function sse(type: string, members: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

function delta(state: EncoderState, content: object): string {
  return `event: content_block_delta\ndata: {"type":"content_block_delta","index":${state.index},"delta":${JSON.stringify(content)}}\n\n`;
}

/** Begins the block of the open part, unless that was done. */
function showPart(state: EncoderState, part: PartStart): string {
  if (state.isShown) return '';
  state.isShown = true;
  const block = sse('content_block_start', {
    index: state.index,
    content_block: emptyBlock(state, part),
  });
  return part.type === 'tool-call'
    ? block + delta(state, { type: 'input_json_delta', partial_json: '' })
    : block;
}

function hidePart(state: EncoderState): string {
  if (!state.isShown) return '';
  state.isShown = false;
  const stop = sse('content_block_stop', { index: state.index });
  state.index += 1;
  return stop;
}

function emptyBlock(state: EncoderState, part: PartStart): object {
  switch (part.type) {
    case 'reasoning':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'tool-call':
      return { type: 'tool_use', id: state.ids.next(part.id), name: part.name, input: {} };
    default:
      return { type: 'text', text: '' };
  }
}

function wholeBlock(state: EncoderState, json: string): string {
  const start = `event: content_block_start\ndata: {"type":"content_block_start","index":${state.index},"content_block":${json}}\n\n`;
  state.isShown = true;
  return start + hidePart(state);
}

/** Fragments go out as they come once they look like an object; others wait for the end. */
function argumentsDelta(state: EncoderState, text: string): string {
  const wasObject = isObjectStart(state.argumentsText);
  state.argumentsText.push(text);
  if (wasObject) return delta(state, { type: 'input_json_delta', partial_json: text });
  if (!isObjectStart(state.argumentsText)) return '';
  return delta(state, { type: 'input_json_delta', partial_json: state.argumentsText.join('') });
}

function isObjectStart(fragments: readonly string[]): boolean {
  const first = fragments.find((fragment) => /[^ \t\n\r]/.test(fragment));
  return first !== undefined && /^[ \t\n\r]*\{/.test(first);
}

/** A token that has no slot at its own part follows in a block of its own, unless that part is still open. */
function tokenBehind(
  state: EncoderState,
  owner: TokenOwner,
  { opaque }: EventOf<'part-end'>,
): string {
  if (state.isShown) return '';
  return tokenBlocks(owner, opaque)
    .map((block) => wholeBlock(state, JSON.stringify(block)))
    .join('');
}

/** Text without a word has no block that citations could stand in. */
function citationDeltas(state: EncoderState, { citations }: EventOf<'part-end'>): string {
  if (!state.isShown) return '';
  return citations
    .map(encodeCitation)
    .map((citation) => delta(state, { type: 'citations_delta', citation }))
    .join('');
}

/**
 * `null` stands for no arguments. A block whose arguments are no object stays open until it is known whether the answer
 * was cut there: agents run a tool the moment its block ends, whatever error may follow.
 */
function endToolCall(state: EncoderState, name: string): string {
  const text = state.argumentsText.join('');
  const isAbsent = /^[ \t\n\r]*(?:null[ \t\n\r]*)?$/.test(text);
  if (isAbsent || asRecord(tryParse(text)) !== null) return hidePart(state);
  state.brokenTool = name;
  return '';
}

/** Ends the block of a call that a limit has cut off, with something in it that no tool takes for its arguments. */
function endCutToolCall(state: EncoderState): string {
  if (state.brokenTool === null) return '';
  const text = state.argumentsText.join('');
  if (isObjectStart(state.argumentsText)) return hidePart(state);
  return (
    delta(state, { type: 'input_json_delta', partial_json: invalidJsonWrapper(text) }) +
    hidePart(state)
  );
}

function failOnTool(state: EncoderState, name: string): string {
  state.hasEnded = true;
  state.error = invalidArguments(name);
  return encodeStreamError(state.error, state.context.requestId);
}

/** A thinking block ends in its signature; redacted thinking is a block of its own, whole at its start. */
function endReasoning(
  state: EncoderState,
  part: PartStart,
  { opaque }: EventOf<'part-end'>,
): string {
  if (!state.isShown && opaque === null) return '';
  const block = reasoningBlock(state.isShown ? 'shown' : '', opaque);
  if (block.type === 'redacted_thinking') return wholeBlock(state, JSON.stringify(block));
  const { signature } = block;
  return showPart(state, part) + delta(state, { type: 'signature_delta', signature });
}

function endResponse(
  state: EncoderState,
  { finishReason, finishDetail }: EventOf<'response-end'>,
): string {
  const isCut = finishReason === 'length' || finishReason === 'content-filter';
  if (state.brokenTool !== null && !isCut) return failOnTool(state, state.brokenTool);
  state.hasEnded = true;
  // What the upstream did not count is estimated; the fields are mandatory.
  const usage = {
    ...state.usage,
    inputTokens: state.usage.inputTokens ?? state.context.estimatedInputTokens ?? 0,
    outputTokens: state.usage.outputTokens ?? estimateTokens(state.outputChars),
  };
  const stop = encodeStop(settleRefusal(finishReason, state.hasRefusal), finishDetail);
  const tail = endCutToolCall(state);
  return (
    tail +
    sse('message_delta', { delta: stop, usage: encodeUsage(usage) }) +
    sse('message_stop', {})
  );
}
