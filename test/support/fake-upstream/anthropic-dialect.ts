import type { Answer, AnswerFinish, ReportedUsage } from './compose-answer.js';
import type { AnswerContext, Dialect, Frame } from './dialect.js';

const stopReasons: Readonly<Record<AnswerFinish, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tools: 'tool_use',
  'stop-sequence': 'stop_sequence',
};

const signature = 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pk';
const toolId = (index: number, call: number): string =>
  `toolu_01${String(index).padStart(11, '0')}${String(call).padStart(11, '0')}`;

/** Cached input is counted outside `input_tokens`. */
function inputCounters({ inputTokens, cachedTokens }: ReportedUsage) {
  return {
    input_tokens: inputTokens - cachedTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cachedTokens,
  };
}

function startUsage(reported: ReportedUsage | null) {
  if (reported === null) return {};
  return {
    ...inputCounters(reported),
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: Math.min(1, reported.outputTokens),
    service_tier: 'standard',
    inference_geo: 'not_available',
  };
}

function wholeUsage(reported: ReportedUsage | null) {
  if (reported === null) return undefined;
  return { ...startUsage(reported), output_tokens: reported.outputTokens };
}

function messageOf({ request, index }: AnswerContext) {
  return {
    model: request.model,
    id: `msg_01${String(index).padStart(22, '0')}`,
    type: 'message',
    role: 'assistant',
  };
}

/** A content block: how it opens in a stream, its deltas, and its whole form. */
interface Block {
  readonly opening: object;
  readonly deltas: readonly { readonly delta: object; readonly tokens: number }[];
  readonly whole: object;
}

function thinkingBlock(pieces: readonly string[]): Block {
  const deltas = pieces.map((thinking) => ({
    delta: { type: 'thinking_delta', thinking },
    tokens: 1,
  }));
  return {
    opening: { type: 'thinking', thinking: '', signature: '' },
    deltas: [...deltas, { delta: { type: 'signature_delta', signature }, tokens: 0 }],
    whole: { type: 'thinking', thinking: pieces.join(''), signature },
  };
}

function textBlock(pieces: readonly string[]): Block {
  return {
    opening: { type: 'text', text: '' },
    deltas: pieces.map((text) => ({ delta: { type: 'text_delta', text }, tokens: 1 })),
    whole: { type: 'text', text: pieces.join('') },
  };
}

function blocksOf(answer: Answer, index: number): Block[] {
  const calls = answer.toolCalls.map(({ name, fragments }, call): Block => {
    const head = { type: 'tool_use', id: toolId(index, call), name };
    const deltas = ['', ...fragments].map((fragment, position) => ({
      delta: { type: 'input_json_delta', partial_json: fragment },
      tokens: position === 0 && fragments.length > 0 ? 0 : 1,
    }));
    const input: unknown = fragments.length === 0 ? {} : JSON.parse(fragments.join(''));
    return {
      opening: { ...head, input: {}, caller: { type: 'direct' } },
      deltas,
      whole: { ...head, input, caller: { type: 'direct' } },
    };
  });
  return [
    ...(answer.reasoning.length === 0 ? [] : [thinkingBlock(answer.reasoning)]),
    ...(answer.text.length === 0 ? [] : [textBlock(answer.text)]),
    ...calls,
  ];
}

function json(answer: Answer, context: AnswerContext): string {
  return JSON.stringify({
    ...messageOf(context),
    content: blocksOf(answer, context.index).map(({ whole }) => whole),
    stop_reason: stopReasons[answer.finish],
    stop_sequence: answer.stopSequence,
    stop_details: null,
    usage: wholeUsage(answer.reported),
  });
}

/** Anthropic pads the JSON with spaces; a reader must not mind. */
function frame(
  event: { readonly type: string; readonly [field: string]: unknown },
  tokens = 0,
): Frame {
  return { text: `event: ${event.type}\ndata: ${JSON.stringify(event)}       \n\n`, tokens };
}

const ping: Frame = { text: 'event: ping\ndata: {"type": "ping"}\n\n', tokens: 0 };

function blockFrames({ opening, deltas }: Block, index: number): Frame[] {
  const start = frame({ type: 'content_block_start', index, content_block: opening });
  return [
    start,
    ...(index === 0 ? [ping] : []),
    ...deltas.map(({ delta, tokens }) =>
      frame({ type: 'content_block_delta', index, delta }, tokens),
    ),
    frame({ type: 'content_block_stop', index }),
  ];
}

function frames(answer: Answer, context: AnswerContext): Frame[] {
  const { reported } = answer;
  const message = {
    ...messageOf(context),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: startUsage(reported),
  };
  const delta = {
    stop_reason: stopReasons[answer.finish],
    stop_sequence: answer.stopSequence,
    stop_details: null,
  };
  const usage =
    reported === null ? {} : { ...inputCounters(reported), output_tokens: reported.outputTokens };
  return [
    frame({ type: 'message_start', message }),
    ...blocksOf(answer, context.index).flatMap(blockFrames),
    frame({ type: 'message_delta', delta, usage }),
    frame({ type: 'message_stop' }),
  ];
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

const errorOf = (status: number, message: string): string =>
  JSON.stringify({
    type: 'error',
    error: { type: errorTypes[status] ?? 'api_error', message },
    request_id: 'req_011FakeUpstream',
  });

export const anthropicDialect: Dialect = {
  headers: (index) => ({
    'request-id': `req_011${String(index).padStart(21, '0')}`,
    'anthropic-organization-id': 'org-fake-upstream',
    'anthropic-ratelimit-requests-limit': '20000',
    'anthropic-ratelimit-requests-remaining': '19999',
    'anthropic-ratelimit-requests-reset': '2026-04-05T14:28:55Z',
  }),
  json,
  frames,
  errorBody: errorOf,
  errorFrame: (message) => ({
    text: `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message } })}\n\n`,
    tokens: 0,
  }),
  contextTooLongBody: ({ inputTokens }) =>
    errorOf(400, `prompt is too long: ${inputTokens} tokens > 8 maximum`),
  modelList: (models) =>
    JSON.stringify({
      data: models.map((id) => ({
        type: 'model',
        id,
        display_name: id,
        created_at: '2026-08-01T00:00:00Z',
      })),
      has_more: false,
      first_id: models[0] ?? null,
      last_id: models.at(-1) ?? null,
    }),
};
