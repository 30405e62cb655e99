import type { Json } from '../../support/stream-grammar/rule-book.js';
import { ReadingDraft, type RequestReading } from './request-reading.js';

/** The prompt of a legacy completion is what a chat user says. */
export function readOpenaiCompletionsRequest(body: Json): RequestReading {
  const draft = new ReadingDraft();
  const { prompt, stop } = body;
  const [only] = Array.isArray(prompt) ? (prompt as unknown[]) : [prompt];
  draft.say('user', only, 'prompt');
  draft.setAll(body, {
    limit: 'max_tokens',
    temperature: 'temperature',
    topP: 'top_p',
    presencePenalty: 'presence_penalty',
    frequencyPenalty: 'frequency_penalty',
    seed: 'seed',
  });
  if (stop !== undefined && stop !== null)
    draft.set('stops', typeof stop === 'string' ? [stop] : stop, 'stop');
  return draft;
}
