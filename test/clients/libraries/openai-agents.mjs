import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents';
import { weatherDescription, weatherSchema } from './weather-schema.mjs';

export async function askWithTool({ origin, key, model, question, weather }) {
  setTracingDisabled(true);
  const modelProvider = new OpenAIProvider({ apiKey: key, baseURL: `${origin}/v1` });
  const agent = new Agent({
    name: 'Weather',
    model,
    instructions: 'Use the tool.',
    tools: [
      tool({
        name: 'get_weather',
        description: weatherDescription,
        parameters: weatherSchema.extend({ unit: weatherSchema.shape.unit.unwrap().nullable() }),
        execute: weather,
      }),
    ],
  });
  const run = await new Runner({ modelProvider }).run(agent, question, { stream: true });
  await run.completed;
  return run.finalOutput;
}
