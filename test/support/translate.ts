import {
  createRestorer,
  createSseReader,
  GatewayError,
  nothingToRestore,
  protocols,
  type EncodedRequest,
  type ModelCapabilities,
  type ProtocolId,
  type ReplyContext,
  type Restoration,
  type TranslationTarget,
} from '#translation';
import { readFrames } from './stream-grammar/rule-book.js';
import { translationTarget } from './translation-target.js';

export type Json = Record<string, unknown>;
export type TargetChanges = Partial<TranslationTarget & ModelCapabilities>;

export const replyContext: ReplyContext = {
  requestId: 'req_1',
  model: 'alias',
  createdAtSeconds: 1,
  includeUsage: false,
  estimatedInputTokens: 33,
};

export interface TranslatedRequest extends EncodedRequest {
  readonly json: Json;
  /** `code path` of every warning. */
  readonly losses: readonly string[];
}

/** A request of one protocol as another's target would get it. @param body an object, or its JSON text */
export function translateRequest(
  from: ProtocolId,
  to: ProtocolId,
  body: object | string,
  { callerVersion = null, ...changes }: TargetChanges & { callerVersion?: string | null } = {},
): TranslatedRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const encoded = protocols[to].encodeRequest(
    protocols[from].decodeRequest(text, null, callerVersion),
    translationTarget(to, changes),
  );
  return {
    ...encoded,
    json: JSON.parse(encoded.body) as Json,
    losses: encoded.warnings.map(({ code, path }) => `${code} ${path}`),
  };
}

/** The error that `run` must end in. */
export function refusalOf(run: () => unknown): GatewayError {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

/** The text of an upstream's stream as the text of a client's. */
export function translateStream(
  from: ProtocolId,
  to: ProtocolId,
  stream: string,
  reply: Partial<ReplyContext> & { readonly restoration?: Restoration } = {},
): string {
  const { restoration = nothingToRestore, ...changes } = reply;
  const reader = createSseReader();
  const decoder = protocols[from].createStreamDecoder();
  const encoder = protocols[to].createStreamEncoder({ ...replyContext, ...changes });
  const records = [...reader.push(stream), ...reader.end()];
  const canonical = [...records.flatMap((record) => decoder.push(record)), ...decoder.end()];
  return canonical
    .flatMap(createRestorer(restoration))
    .map((event) => encoder.push(event))
    .join('');
}

/** The JSON of a stream's events, `[DONE]` left out. */
export function eventsOf(stream: string): Json[] {
  return readFrames(stream)
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data) as Json);
}

/** Chunks of a chat stream from the members of its choices, closed by `[DONE]`. */
export function chatStream(...chunks: readonly (Json | string)[]): string {
  const lines = chunks.map((chunk) =>
    typeof chunk === 'string'
      ? chunk
      : `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', ...chunk })}`,
  );
  return `${[...lines, 'data: [DONE]'].join('\n\n')}\n\n`;
}

/** A chunk's `choices` with one delta. */
export function delta(content: Json, finish: string | null = null): Json {
  return { choices: [{ index: 0, delta: content, finish_reason: finish }] };
}

/** Events of a Messages stream with their names. */
export function messagesStream(...events: readonly Json[]): string {
  return events
    .map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}
