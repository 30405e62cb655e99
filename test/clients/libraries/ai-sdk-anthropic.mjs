import { createAnthropic } from '@ai-sdk/anthropic';
import { runAiSdk } from './run-ai-sdk.mjs';

export function askWithTool(task) {
  const anthropic = createAnthropic({ baseURL: `${task.origin}/v1`, apiKey: task.key });
  return runAiSdk(anthropic(task.model), task);
}
