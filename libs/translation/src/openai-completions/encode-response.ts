import type { CanonicalResponse } from '../canonical/response.js';
import { encodeFinishReason } from '../openai-chat/finish-reason-mapping.js';
import { encodeUsage } from '../openai-chat/usage-mapping.js';
import type { ReplyContext } from '../protocol.js';
import { replyId } from '../shared/reply-ids.js';

/** Only text has a place in this protocol; thinking is left out, as chat clients that ignore it would do. */
export function encodeResponse(response: CanonicalResponse, context: ReplyContext): string {
  const { parts, usage, finishReason } = response;
  const text = parts
    .map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : ''))
    .join('');
  return JSON.stringify({
    id: replyId('cmpl-', response.id, context.requestId),
    object: 'text_completion',
    created: response.createdAtSeconds ?? context.createdAtSeconds,
    model: response.model ?? context.model,
    choices: [
      { index: 0, text, logprobs: null, finish_reason: encodeFinishReason(finishReason, context) },
    ],
    usage:
      usage.inputTokens === null && usage.outputTokens === null ? undefined : encodeUsage(usage),
  });
}
