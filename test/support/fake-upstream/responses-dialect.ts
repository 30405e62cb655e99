import type { Answer, ReportedUsage } from './compose-answer.js';
import type { AnswerContext, Dialect, Frame } from './dialect.js';
import { openaiDialect } from './openai-dialect.js';

const createdSeconds = 1_790_000_000;

const idOf = (prefix: string, index: number, at = 0): string =>
  `${prefix}_${String(index).padStart(24, '0')}${String(at).padStart(24, '0')}`;

function usageOf({ inputTokens, outputTokens, cachedTokens }: ReportedUsage, reasoning: number) {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: inputTokens + outputTokens,
  };
}

type Ending = 'in_progress' | 'completed' | 'incomplete' | 'failed';

function responseOf(
  { request, index }: AnswerContext,
  status: Ending,
  more: object = {},
): Record<string, unknown> {
  return {
    id: idOf('resp', index),
    object: 'response',
    created_at: createdSeconds + index,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: request.maxTokens,
    model: `${request.model}-2026-08-01`,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: 1,
    text: { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    usage: null,
    metadata: {},
    ...more,
  };
}

/** An output item: how it opens, the events inside of it, and its whole form. */
interface Item {
  readonly opening: Record<string, unknown>;
  readonly inner: readonly { readonly event: Record<string, unknown>; readonly tokens: number }[];
  readonly whole: Record<string, unknown>;
}

const plainEvent = (event: Record<string, unknown>, tokens = 0) => ({ event, tokens });

function reasoningItem(pieces: readonly string[], id: string): Item {
  const text = pieces.join('');
  const at = { item_id: id, summary_index: 0 };
  const part = (value: string) => ({ type: 'summary_text', text: value });
  const name = (event: string): string => `response.reasoning_summary_${event}`;
  return {
    opening: { id, type: 'reasoning', summary: [] },
    inner: [
      plainEvent({ type: name('part.added'), ...at, part: part('') }),
      ...pieces.map((delta) => plainEvent({ type: name('text.delta'), ...at, delta }, 1)),
      plainEvent({ type: name('text.done'), ...at, text }),
      plainEvent({ type: name('part.done'), ...at, part: part(text) }),
    ],
    whole: { id, type: 'reasoning', summary: [part(text)], encrypted_content: 'gAAAAABfake' },
  };
}

function messageItem(pieces: readonly string[], id: string, status: string): Item {
  const text = pieces.join('');
  const at = { item_id: id, content_index: 0 };
  const part = (value: string) => ({
    type: 'output_text',
    annotations: [],
    logprobs: [],
    text: value,
  });
  const head = { id, type: 'message', role: 'assistant' };
  return {
    opening: { ...head, status: 'in_progress', content: [] },
    inner: [
      plainEvent({ type: 'response.content_part.added', ...at, part: part('') }),
      ...pieces.map((delta) =>
        plainEvent({ type: 'response.output_text.delta', ...at, delta, logprobs: [] }, 1),
      ),
      plainEvent({ type: 'response.output_text.done', ...at, text, logprobs: [] }),
      plainEvent({ type: 'response.content_part.done', ...at, part: part(text) }),
    ],
    whole: { ...head, status, content: [part(text)] },
  };
}

function callItem(call: Answer['toolCalls'][number], index: number, at: number): Item {
  const id = idOf('fc', index, at);
  const text = call.fragments.join('') || '{}';
  const fragments = call.fragments.length === 0 ? ['{}'] : call.fragments;
  const head = { id, type: 'function_call', call_id: idOf('call', index, at), name: call.name };
  const name = (event: string): string => `response.function_call_arguments.${event}`;
  return {
    opening: { ...head, status: 'in_progress', arguments: '' },
    inner: [
      ...fragments.map((delta) => plainEvent({ type: name('delta'), item_id: id, delta }, 1)),
      plainEvent({ type: name('done'), item_id: id, arguments: text }),
    ],
    whole: { ...head, status: 'completed', arguments: text },
  };
}

function itemsOf(answer: Answer, index: number): Item[] {
  const status = answer.finish === 'length' ? 'incomplete' : 'completed';
  const hasMessage = answer.text.length > 0 || answer.toolCalls.length === 0;
  return [
    ...(answer.reasoning.length === 0 ? [] : [reasoningItem(answer.reasoning, idOf('rs', index))]),
    ...(hasMessage ? [messageItem(answer.text, idOf('msg', index), status)] : []),
    ...answer.toolCalls.map((call, at) => callItem(call, index, at)),
  ];
}

function endOf(answer: Answer, context: AnswerContext): Record<string, unknown> {
  const isCut = answer.finish === 'length';
  return responseOf(context, isCut ? 'incomplete' : 'completed', {
    output: itemsOf(answer, context.index).map(({ whole }) => whole),
    ...(isCut ? { incomplete_details: { reason: 'max_output_tokens' } } : {}),
    ...(answer.reported === null
      ? {}
      : { usage: usageOf(answer.reported, answer.reasoning.length) }),
  });
}

function frames(answer: Answer, context: AnswerContext): Frame[] {
  let sequence = 0;
  const frame = ({ type, ...rest }: Record<string, unknown>, tokens = 0): Frame => {
    const data = JSON.stringify({ type, sequence_number: sequence, ...rest });
    sequence += 1;
    return { text: `event: ${String(type)}\ndata: ${data}\n\n`, tokens };
  };
  const begun = responseOf(context, 'in_progress');
  const end = endOf(answer, context);
  return [
    frame({ type: 'response.created', response: begun }),
    frame({ type: 'response.in_progress', response: begun }),
    ...itemsOf(answer, context.index).flatMap(({ opening, inner, whole }, at) => [
      frame({ type: 'response.output_item.added', output_index: at, item: opening }),
      ...inner.map(({ event, tokens }) => frame({ ...event, output_index: at }, tokens)),
      frame({ type: 'response.output_item.done', output_index: at, item: whole }),
    ]),
    frame({ type: `response.${String(end['status'])}`, response: end }),
  ];
}

export const responsesDialect: Dialect = {
  ...openaiDialect,
  json: (answer, context) => `${JSON.stringify(endOf(answer, context), null, 2)}\n`,
  frames,
  errorFrame: (message) => {
    const error = { code: 'server_error', message, param: null };
    return {
      text: `event: error\ndata: ${JSON.stringify({ type: 'error', sequence_number: 9, ...error })}\n\n`,
      tokens: 0,
    };
  },
  contextTooLongBody: ({ inputTokens }) =>
    JSON.stringify({
      error: {
        message: `Your input exceeds the context window of this model: ${inputTokens} tokens. Please adjust your input and try again.`,
        type: 'invalid_request_error',
        param: 'input',
        code: 'context_length_exceeded',
      },
    }),
};
