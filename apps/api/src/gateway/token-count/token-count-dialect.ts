import type { ProtocolId } from '#translation';

/** How a protocol asks for, and is told, the tokens of a request that is not sent. */
export interface TokenCountDialect {
  readonly protocol: ProtocolId;
  /** Behind the base URL of an upstream that speaks the protocol. */
  upstreamPath(model: string): string;
  /** The request whose tokens are meant, with what the protocol demands of a request that is sent. */
  asRequest(text: string): string;
  readAnswer(answer: unknown): number | null;
  writeAnswer(inputTokens: number): unknown;
}

/** One entry a protocol that can count. */
export const tokenCountDialects = {
  'openai-responses': {
    protocol: 'openai-responses',
    upstreamPath: () => '/responses/input_tokens',
    asRequest: (text: string) => text,
    readAnswer: (answer: unknown) => countAt(answer, 'input_tokens'),
    writeAnswer: (inputTokens: number) => ({
      object: 'response.input_tokens',
      input_tokens: inputTokens,
    }),
  },
  'anthropic-messages': {
    protocol: 'anthropic-messages',
    upstreamPath: () => '/v1/messages/count_tokens',
    asRequest: (text: string) => withMember(text, '"max_tokens":1'),
    readAnswer: (answer: unknown) => countAt(answer, 'input_tokens'),
    writeAnswer: (inputTokens: number) => ({ input_tokens: inputTokens }),
  },
  'gemini-generate': {
    protocol: 'gemini-generate',
    upstreamPath: (model: string) => `/models/${model}:countTokens`,
    asRequest: (text: string) => innerRequest(text),
    readAnswer: (answer: unknown) => countAt(answer, 'totalTokens'),
    writeAnswer: (inputTokens: number) => ({ totalTokens: inputTokens }),
  },
} as const satisfies Partial<Record<ProtocolId, TokenCountDialect>>;

export type CountedProtocol = keyof typeof tokenCountDialects;

/** Google wraps the request where more than its contents count. */
function innerRequest(text: string): string {
  if (!text.includes('"generateContentRequest"')) return text;
  try {
    const { generateContentRequest } = JSON.parse(text) as Record<string, unknown>;
    return generateContentRequest === undefined ? text : JSON.stringify(generateContentRequest);
  } catch {
    // whoever reads the request says where it is broken
    return text;
  }
}

/** Repeated members: the last one counts, so one that is there already wins. */
function withMember(text: string, member: string): string {
  const brace = text.indexOf('{');
  if (brace === -1) return text;
  const rest = text.slice(brace + 1);
  return `${text.slice(0, brace + 1)}${member}${/^\s*\}/.test(rest) ? '' : ','}${rest}`;
}

function countAt(answer: unknown, name: string): number | null {
  const value = (answer as Record<string, unknown> | null)?.[name];
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null;
}
