import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { runAiSdk } from './run-ai-sdk.mjs';

export function askWithTool(task) {
  const provider = createOpenAICompatible({
    name: 'spillway',
    baseURL: `${task.origin}/v1`,
    apiKey: task.key,
    includeUsage: true,
  });
  return runAiSdk(provider(task.model), task);
}
