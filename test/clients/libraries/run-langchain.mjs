import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { weatherDescription, weatherSchema } from './weather-schema.mjs';

export async function runLangchain(model, { question, weather }) {
  const getWeather = tool(weather, {
    name: 'get_weather',
    description: weatherDescription,
    schema: weatherSchema,
  });
  const bound = model.bindTools([getWeather]);
  const asked = new HumanMessage(question);
  let first;
  for await (const chunk of await bound.stream([asked]))
    first = first === undefined ? chunk : first.concat(chunk);
  const [call] = first.tool_calls;
  if (call === undefined) throw new Error('no tool was called');
  const content = weather(call.args);
  const result = new ToolMessage({ content, tool_call_id: call.id, name: call.name });
  return (await bound.invoke([asked, first, result])).text;
}
