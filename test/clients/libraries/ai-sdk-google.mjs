import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { runAiSdk } from './run-ai-sdk.mjs';

export function askWithTool(task) {
  const google = createGoogleGenerativeAI({ baseURL: `${task.origin}/v1beta`, apiKey: task.key });
  return runAiSdk(google(task.model), task);
}
