import Anthropic from 'anthropic-sdk-2023';
import { weatherDescription, weatherJsonSchema } from './weather-schema.mjs';

/** An older SDK: it sends `x-api-key` and version 2023-06-01. */
export async function askWithTool({ origin, key, model, question, weather }) {
  const client = new Anthropic({ apiKey: key, baseURL: origin, maxRetries: 0 });
  const tools = [
    { name: 'get_weather', description: weatherDescription, input_schema: weatherJsonSchema },
  ];
  const messages = [{ role: 'user', content: question }];
  const ask = (more) =>
    client.messages
      .stream({ model, max_tokens: 500, tools, messages: [...messages, ...more] })
      .finalMessage();
  const first = await ask([]);
  const call = first.content.find(({ type }) => type === 'tool_use');
  if (call === undefined) throw new Error('no tool was called');
  const result = { type: 'tool_result', tool_use_id: call.id, content: weather(call.input) };
  const second = await ask([
    { role: 'assistant', content: first.content },
    { role: 'user', content: [result] },
  ]);
  return second.content.map(({ text }) => text ?? '').join('');
}
