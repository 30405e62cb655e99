import type { ReplyContext } from '../../protocol.js';
import { replyId } from '../../shared/reply-ids.js';
import type { OutputItem, ResponsesUsage } from '../wire.js';

/** What is known of an answer before its end. */
interface AnswerStart {
  readonly id: string | null;
  readonly model: string | null;
  readonly createdAtSeconds: number | null;
}

/** The fields that change while an answer is made. */
export interface ResponseState {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  readonly output: readonly OutputItem[];
  readonly usage: ResponsesUsage | null;
  readonly error?: { readonly code: string; readonly message: string } | null;
  readonly incomplete_details?: { readonly reason: string } | null;
}

export type ResponseHead = Readonly<Record<string, unknown>> & { readonly id: string };

/** The `response` object without its state: every field that clients look for, as OpenAI fills it by default. */
export function responseHead(start: AnswerStart, context: ReplyContext): ResponseHead {
  return {
    id: replyId('resp_', start.id, context.requestId),
    object: 'response',
    created_at: start.createdAtSeconds ?? context.createdAtSeconds,
    background: false,
    instructions: null,
    max_output_tokens: null,
    max_tool_calls: null,
    model: start.model ?? context.model,
    parallel_tool_calls: true,
    previous_response_id: null,
    prompt_cache_key: null,
    reasoning: { effort: null, summary: null },
    safety_identifier: null,
    service_tier: 'default',
    store: false,
    // what the caller asked for is not known here
    temperature: null,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_logprobs: 0,
    top_p: null,
    truncation: 'disabled',
    user: null,
    metadata: {},
  };
}

export function responseObject(
  head: Readonly<Record<string, unknown>>,
  state: ResponseState,
): Readonly<Record<string, unknown>> {
  return { ...head, error: null, incomplete_details: null, ...state };
}
