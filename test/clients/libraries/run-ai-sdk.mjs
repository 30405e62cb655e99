import { stepCountIs, streamText, tool } from 'ai';
import { weatherDescription, weatherSchema } from './weather-schema.mjs';

/** Vercel's AI SDK checks every event against a schema of its own. */
export async function runAiSdk(languageModel, { question, weather }, providerOptions = {}) {
  const errors = [];
  const run = streamText({
    model: languageModel,
    prompt: question,
    maxRetries: 0,
    providerOptions,
    stopWhen: stepCountIs(3),
    tools: {
      get_weather: tool({
        description: weatherDescription,
        inputSchema: weatherSchema,
        execute: weather,
      }),
    },
    onError: ({ error }) => errors.push(error),
  });
  await run.consumeStream();
  if (errors.length > 0) throw errors[0];
  return run.text;
}
