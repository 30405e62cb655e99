import type { FinishReason } from '../canonical/finish-reason.js';
import type { ReplyContext } from '../protocol.js';
import { textAt, type JsonRecord } from '../shared/json/json-access.js';

/** Words of OpenAI and of those who speak its dialect. */
const reasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop-sequence',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  refusal: 'content-filter',
};

/** DeepSeek and OpenRouter report their own failures as a finish. */
const failures = new Set(['error', 'insufficient_system_resource', 'abort']);

/** `null` when nothing has finished; `failed` when the word stands for an error; unknown words mean `stop`. */
export function decodeFinishReason(choice: JsonRecord | null): FinishReason | 'failed' | null {
  const word = textAt(choice, 'finish_reason');
  if (word === null) return null;
  if (failures.has(word)) return 'failed';
  // OpenRouter says `tool_calls` for a call that a token limit cut off; the native word tells.
  const native = textAt(choice, 'native_finish_reason')?.toLowerCase() ?? '';
  return lookUp(native) === 'length' ? 'length' : (lookUp(word) ?? 'stop');
}

function lookUp(word: string): FinishReason | undefined {
  return Object.hasOwn(reasons, word) ? reasons[word] : undefined;
}

const words: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  pause: 'stop',
};

export function encodeFinishReason(
  reason: FinishReason,
  { usesFunctions }: Pick<ReplyContext, 'usesFunctions'>,
): string {
  return reason === 'tool-calls' && usesFunctions === true ? 'function_call' : words[reason];
}
