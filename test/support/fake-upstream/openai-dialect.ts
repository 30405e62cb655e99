import type { Answer, AnswerFinish, ReportedUsage } from './compose-answer.js';
import type { AnswerContext, Dialect, Frame } from './dialect.js';

const createdSeconds = 1_790_000_000;

const finishReasons: Readonly<Record<AnswerFinish, string>> = {
  stop: 'stop',
  length: 'length',
  tools: 'tool_calls',
  'stop-sequence': 'stop',
};

function envelope(object: string, { request, index }: AnswerContext) {
  return {
    id: `chatcmpl-CfAkE${String(index).padStart(24, '0')}`,
    object,
    created: createdSeconds + index,
    model: `${request.model}-2026-08-01`,
  };
}

const trailer = { service_tier: 'default', system_fingerprint: 'fp_0392822090' };
const callId = (index: number, call: number): string =>
  `call_${String(index).padStart(12, '0')}${String(call).padStart(12, 'x')}`;

function usageOf(reported: ReportedUsage, reasoningTokens: number) {
  const { inputTokens, outputTokens, cachedTokens } = reported;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function messageOf(answer: Answer, index: number) {
  const calls = answer.toolCalls.map(({ name, fragments }, call) => ({
    id: callId(index, call),
    type: 'function',
    function: { name, arguments: fragments.join('') || '{}' },
  }));
  return {
    role: 'assistant',
    content: answer.text.length === 0 && calls.length > 0 ? null : answer.text.join(''),
    ...(answer.reasoning.length === 0 ? {} : { reasoning_content: answer.reasoning.join('') }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    refusal: null,
    annotations: [],
  };
}

function json(answer: Answer, context: AnswerContext): string {
  const body = {
    ...envelope('chat.completion', context),
    choices: [
      {
        index: 0,
        message: messageOf(answer, context.index),
        logprobs: null,
        finish_reason: finishReasons[answer.finish],
      },
    ],
    ...(answer.reported === null
      ? {}
      : { usage: usageOf(answer.reported, answer.reasoning.length) }),
    ...trailer,
  };
  return `${JSON.stringify(body, null, 2)}\n`;
}

/** Deltas in the order OpenAI sends them; a call's first delta has its id, name and no arguments. */
function deltasOf(answer: Answer, index: number): { delta: object; tokens: number }[] {
  const calls = answer.toolCalls.flatMap(({ name, fragments }, call) => [
    {
      delta: {
        tool_calls: [
          {
            index: call,
            id: callId(index, call),
            type: 'function',
            function: { name, arguments: '' },
          },
        ],
      },
      tokens: 1,
    },
    ...(fragments.length === 0 ? ['{}'] : fragments).map((fragment) => ({
      delta: { tool_calls: [{ index: call, function: { arguments: fragment } }] },
      tokens: fragments.length === 0 ? 0 : 1,
    })),
  ]);
  return [
    ...answer.reasoning.map((piece) => ({ delta: { reasoning_content: piece }, tokens: 1 })),
    ...answer.text.map((piece) => ({ delta: { content: piece }, tokens: 1 })),
    ...calls,
  ];
}

function frames(answer: Answer, context: AnswerContext): Frame[] {
  const { wantsStreamUsage } = context.request;
  const base = { ...envelope('chat.completion.chunk', context), ...trailer };
  const frame = (rest: object, tokens = 0): Frame => ({
    text: `data: ${JSON.stringify({ ...base, ...rest, obfuscation: 'a7Kp' })}\n\n`,
    tokens,
  });
  const unused = wantsStreamUsage ? { usage: null } : {};
  const choice = (delta: object, finish: string | null, tokens = 0): Frame =>
    frame(
      { choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...unused },
      tokens,
    );
  const opening = { role: 'assistant', content: answer.text.length > 0 ? '' : null, refusal: null };
  const usage =
    wantsStreamUsage && answer.reported !== null
      ? [frame({ choices: [], usage: usageOf(answer.reported, answer.reasoning.length) })]
      : [];
  return [
    choice(opening, null),
    ...deltasOf(answer, context.index).map(({ delta, tokens }) => choice(delta, null, tokens)),
    choice({}, finishReasons[answer.finish]),
    ...usage,
    { text: 'data: [DONE]\n\n', tokens: 0 },
  ];
}

const errorTypes: Readonly<Record<number, readonly [type: string, code: string | null]>> = {
  401: ['invalid_request_error', 'invalid_api_key'],
  404: ['invalid_request_error', 'model_not_found'],
  429: ['requests', 'rate_limit_exceeded'],
};

function errorBody(status: number, message: string): string {
  const fallback = status >= 500 ? 'server_error' : 'invalid_request_error';
  const [type, code] = errorTypes[status] ?? [fallback, null];
  return JSON.stringify({ error: { message, type, param: null, code } }, null, 4);
}

export const openaiDialect: Dialect = {
  headers: (index) => ({
    'x-request-id': `req_${String(index).padStart(32, '0')}`,
    'openai-organization': 'org-fake-upstream',
    'openai-processing-ms': '12',
    'openai-version': '2020-10-01',
    'x-ratelimit-limit-requests': '30000',
    'x-ratelimit-remaining-requests': '29999',
    'x-ratelimit-reset-requests': '2ms',
    'set-cookie': '__cf_bm=fake-upstream-cookie; path=/; HttpOnly',
  }),
  json,
  frames,
  errorBody,
  errorFrame: (message) => ({
    text: `data: ${JSON.stringify({ error: { message, type: 'server_error', param: null, code: null } })}\n\n`,
    tokens: 0,
  }),
  contextTooLongBody: ({ inputTokens }) =>
    JSON.stringify({
      error: {
        message: `This model's maximum context length is 8 tokens. However, your messages resulted in ${inputTokens} tokens.`,
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    }),
  modelList: (models) =>
    JSON.stringify({
      object: 'list',
      data: models.map((id) => ({
        id,
        object: 'model',
        created: createdSeconds,
        owned_by: 'fake',
      })),
    }),
};
