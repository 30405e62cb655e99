import { ChatAnthropic } from '@langchain/anthropic';
import { runLangchain } from './run-langchain.mjs';

export function askWithTool(task) {
  const model = new ChatAnthropic({
    model: task.model,
    apiKey: task.key,
    anthropicApiUrl: task.origin,
    maxRetries: 0,
  });
  return runLangchain(model, task);
}
