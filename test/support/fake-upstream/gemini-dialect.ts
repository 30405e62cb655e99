import type { Answer, AnswerFinish, ReportedUsage } from './compose-answer.js';
import type { AnswerContext, Dialect, Frame } from './dialect.js';

const finishReasons: Readonly<Record<AnswerFinish, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  tools: 'STOP',
  'stop-sequence': 'STOP',
};

const signature = 'CswBAXLI2nwbAZfakeFakeFakeFake==';

/** Thoughts are counted beside the candidates' tokens. */
function usageOf({ inputTokens, outputTokens, cachedTokens }: ReportedUsage, thoughts: number) {
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens - thoughts,
    totalTokenCount: inputTokens + outputTokens,
    ...(cachedTokens === 0 ? {} : { cachedContentTokenCount: cachedTokens }),
    ...(thoughts === 0 ? {} : { thoughtsTokenCount: thoughts }),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
  };
}

interface Piece {
  readonly part: object;
  readonly tokens: number;
}

function piecesOf(answer: Answer): Piece[] {
  return [
    ...answer.reasoning.map((text) => ({ part: { text, thought: true }, tokens: 1 })),
    ...answer.text.map((text) => ({ part: { text }, tokens: 1 })),
    ...answer.toolCalls.map(({ name, fragments }, at) => ({
      part: {
        functionCall: { name, args: JSON.parse(fragments.join('') || '{}') as unknown },
        ...(at === 0 ? { thoughtSignature: signature } : {}),
      },
      tokens: 1 + fragments.length,
    })),
  ];
}

function chunk(
  context: AnswerContext,
  parts: readonly object[],
  more: { readonly finish?: AnswerFinish; readonly usage?: object | null } = {},
): object {
  return {
    candidates: [
      {
        content: { parts, role: 'model' },
        ...(more.finish === undefined ? {} : { finishReason: finishReasons[more.finish] }),
        index: 0,
      },
    ],
    ...(more.usage === null || more.usage === undefined ? {} : { usageMetadata: more.usage }),
    modelVersion: `${context.request.model}-001`,
    responseId: `resp${String(context.index).padStart(18, '0')}`,
  };
}

function reportOf({ reported, reasoning }: Answer): object | null {
  return reported === null ? null : usageOf(reported, reasoning.length);
}

/** Neighbouring texts of a kind are one part in a whole answer. */
function joined(answer: Answer): object[] {
  const calls = piecesOf({ ...answer, reasoning: [], text: [] }).map(({ part }) => part);
  const thought = answer.reasoning.join('');
  const text = answer.text.join('');
  return [
    ...(thought === '' ? [] : [{ text: thought, thought: true }]),
    ...(text === '' ? [] : [{ text }]),
    ...calls,
  ];
}

function frames(answer: Answer, context: AnswerContext): Frame[] {
  const usage = reportOf(answer);
  const frame = (data: object, tokens: number): Frame => ({
    text: `data: ${JSON.stringify(data)}\r\n\r\n`,
    tokens,
  });
  return [
    ...piecesOf(answer).map(({ part, tokens }) => frame(chunk(context, [part], { usage }), tokens)),
    frame(chunk(context, [{ text: '' }], { finish: answer.finish, usage }), 0),
  ];
}

const statuses: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

function errorBody(code: number, message: string): string {
  const status = statuses[code] ?? 'INTERNAL';
  return JSON.stringify({ error: { code, message, status } }, null, 2);
}

export const geminiDialect: Dialect = {
  headers: () => ({ 'x-gemini-service-tier': 'standard', 'server-timing': 'gfet4t7; dur=512' }),
  json: (answer, context) =>
    JSON.stringify(
      chunk(context, joined(answer), { finish: answer.finish, usage: reportOf(answer) }),
      null,
      2,
    ),
  frames,
  errorBody,
  errorFrame: (message) => ({
    text: `data: ${JSON.stringify({ error: { code: 500, message, status: 'INTERNAL' } })}\r\n\r\n`,
    tokens: 0,
  }),
  contextTooLongBody: ({ inputTokens }) =>
    errorBody(
      400,
      `The input token count (${inputTokens}) exceeds the maximum number of tokens allowed (8).`,
    ),
  modelList: (models) =>
    JSON.stringify({
      models: models.map((id) => ({
        name: `models/${id}`,
        displayName: id,
        supportedGenerationMethods: ['generateContent'],
      })),
    }),
};
