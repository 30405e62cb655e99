import { createOpenAI } from '@ai-sdk/openai';
import { runAiSdk } from './run-ai-sdk.mjs';

export function askWithTool(task) {
  const openai = createOpenAI({ baseURL: `${task.origin}/v1`, apiKey: task.key });
  return runAiSdk(openai.chat(task.model), task);
}
