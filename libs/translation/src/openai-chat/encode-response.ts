import type { Citation, OpaqueToken } from '../canonical/content.js';
import type { CanonicalResponse, ResponsePart } from '../canonical/response.js';
import type { ReplyContext } from '../protocol.js';
import { writeToken } from '../shared/tokens/opaque-envelope.js';
import { replyId, ToolCallIds } from '../shared/reply-ids.js';
import { wordlessRefusal } from '../shared/reply/wordless-refusal.js';
import { encodeFinishReason } from './finish-reason-mapping.js';
import { reasoningFormats } from './reasoning-formats.js';
import { encodeUsage } from './usage-mapping.js';
import type { ChatToolCall, ReasoningDetail, UrlAnnotation } from './wire.js';
import { flatMap } from '../shared/flat-map.js';

export function encodeResponse(response: CanonicalResponse, context: ReplyContext): string {
  const { parts, usage, finishReason, finishDetail } = response;
  const calls = encodeToolCalls(parts, context);
  const content = textOf(parts, 'text');
  const reasoning = textOf(parts, 'reasoning');
  const refusalText = textOf(parts, 'refusal') || finishDetail || wordlessRefusal;
  const isRefusal =
    finishReason === 'content-filter' || parts.some((part) => part.type === 'refusal');
  return JSON.stringify({
    id: replyId('chatcmpl-', response.id, context.requestId),
    object: 'chat.completion',
    created: response.createdAtSeconds ?? context.createdAtSeconds,
    model: response.model ?? context.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: content === '' && (calls.length > 0 || isRefusal) ? null : content,
          refusal: isRefusal ? refusalText : null,
          reasoning_content: reasoning === '' ? undefined : reasoning,
          reasoning_details: nonEmpty(flatMap(parts, encodeReasoningPart)),
          annotations: nonEmpty(encodeAnnotations(parts)),
          ...encodeCallFields(calls, context),
        },
        logprobs: null,
        finish_reason: encodeFinishReason(finishReason, context),
      },
    ],
    usage:
      usage.inputTokens === null && usage.outputTokens === null ? undefined : encodeUsage(usage),
  });
}

function textOf(parts: readonly ResponsePart[], type: 'text' | 'reasoning' | 'refusal'): string {
  return parts.map((part) => (part.type === type ? part.text : '')).join('');
}

function encodeToolCalls(parts: readonly ResponsePart[], context: ReplyContext): ChatToolCall[] {
  const ids = new ToolCallIds('call_', context.requestId);
  return flatMap(parts, (part): ChatToolCall[] => {
    if (part.type !== 'tool-call') return [];
    const { name, argumentsText, isFreeform, opaque } = part;
    const id = ids.next(part.id);
    const signed = { extra_content: encodeCallToken(opaque) };
    if (isFreeform === true)
      return [{ id, type: 'custom', custom: { name, input: argumentsText }, ...signed }];
    const json = argumentsText.trim() === '' ? '{}' : argumentsText;
    return [{ id, type: 'function', function: { name, arguments: json }, ...signed }];
  });
}

/** The form before tools has room for one call; such requests forbid more. */
function encodeCallFields(calls: readonly ChatToolCall[], { usesFunctions }: ReplyContext): object {
  if (usesFunctions !== true) return { tool_calls: nonEmpty(calls) };
  const [first] = calls;
  return first?.type === 'function' ? { function_call: first.function } : {};
}

function encodeReasoningPart(part: ResponsePart, index: number): ReasoningDetail[] {
  if (part.type === 'reasoning' && part.opaque !== null)
    return [encodeReasoningDetail(part.text, part.opaque, index)];
  return part.type === 'text' && part.opaque !== null && part.opaque !== undefined
    ? [encodeTextToken(part.opaque, index)]
    : [];
}

function formatOf({ origin }: OpaqueToken): string {
  return reasoningFormats.find((format) => format.origin === origin)?.word ?? 'unknown';
}

/** Google's slot for the token of a call, which several clients return: https://ai.google.dev/gemini-api/docs/thought-signatures */
export function encodeCallToken(
  token: OpaqueToken | null | undefined,
): ChatToolCall['extra_content'] {
  if (token === null || token === undefined) return undefined;
  const text =
    token.origin === 'gemini-generate' ? token.data : writeToken(token, 'openai-chat', 'tool-call');
  return { google: { thought_signature: text } };
}

/** Hands a provider's opaque token to the client, which may return it with the next request. */
export function encodeReasoningDetail(
  text: string,
  opaque: OpaqueToken,
  index: number,
): ReasoningDetail {
  const format = formatOf(opaque);
  const data = writeToken(opaque, 'openai-chat');
  return text === '' && opaque.kind !== 'signature'
    ? { type: 'reasoning.encrypted', data, format, index }
    : { type: 'reasoning.text', text, signature: data, format, index };
}

/** A signed text has no slot of its own. */
export function encodeTextToken(token: OpaqueToken, index: number): ReasoningDetail {
  const data = writeToken(token, 'openai-chat', 'text');
  return { type: 'reasoning.encrypted', data, format: formatOf(token), index };
}

function encodeAnnotations(parts: readonly ResponsePart[]): UrlAnnotation[] {
  let start = 0;
  return flatMap(parts, (part) => {
    if (part.type !== 'text') return [];
    const end = start + part.text.length;
    const annotations = part.citations.map((citation) => encodeAnnotation(citation, start, end));
    start = end;
    return annotations;
  });
}

/** Start and end count in the whole, joined text of the answer. */
export function encodeAnnotation(citation: Citation, start: number, end: number): UrlAnnotation {
  return {
    type: 'url_citation',
    url_citation: {
      start_index: start,
      end_index: end,
      url: citation.url,
      title: citation.title ?? '',
    },
  };
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
