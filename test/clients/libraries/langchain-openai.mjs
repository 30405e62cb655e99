import { ChatOpenAI } from '@langchain/openai';
import { runLangchain } from './run-langchain.mjs';

export function askWithTool(task) {
  const configuration = { baseURL: `${task.origin}/v1` };
  const model = new ChatOpenAI({
    model: task.model,
    apiKey: task.key,
    configuration,
    maxRetries: 0,
  });
  return runLangchain(model, task);
}
