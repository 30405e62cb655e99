import type { AnswerReading } from './answer-meaning.js';
import { readAnthropicMessages } from './read-anthropic-messages.js';
import { readGeminiGenerate } from './read-gemini-generate.js';
import { readOpenaiChat } from './read-openai-chat.js';
import { readOpenaiCompletions, readOpenaiEmbeddings } from './read-openai-completions.js';
import { readOpenaiResponses } from './read-openai-responses.js';

const readers: Readonly<Record<string, (body: string, isStreamed: boolean) => AnswerReading>> = {
  'anthropic-messages': readAnthropicMessages,
  'gemini-generate': readGeminiGenerate,
  'openai-chat': readOpenaiChat,
  'openai-completions': readOpenaiCompletions,
  'openai-embeddings': readOpenaiEmbeddings,
  'openai-responses': readOpenaiResponses,
};

/** What an answer says, read without any of the code it is to judge. */
export function readAnswer(protocol: string, body: string, isStreamed: boolean): AnswerReading {
  const read = readers[protocol];
  if (read === undefined) throw new Error(`there is no reader of ${protocol} answers`);
  return read(body, isStreamed);
}
