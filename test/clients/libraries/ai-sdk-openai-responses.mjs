import { createOpenAI } from '@ai-sdk/openai';
import { runAiSdk } from './run-ai-sdk.mjs';

export function askWithTool(task) {
  const openai = createOpenAI({ baseURL: `${task.origin}/v1`, apiKey: task.key });
  // what was not stored by OpenAI cannot be referred to later
  const settings = { openai: { store: false } };
  return runAiSdk(openai.responses(task.model), task, settings);
}
