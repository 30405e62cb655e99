import { GoogleGenAI } from '@google/genai';
import { weatherDescription, weatherJsonSchema } from './weather-schema.mjs';

export async function askWithTool({ origin, key, model, question, weather }) {
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: origin } });
  const config = {
    tools: [
      {
        functionDeclarations: [
          {
            name: 'get_weather',
            description: weatherDescription,
            parametersJsonSchema: weatherJsonSchema,
          },
        ],
      },
    ],
  };
  const contents = [{ role: 'user', parts: [{ text: question }] }];
  const parts = [];
  for await (const chunk of await client.models.generateContentStream({ model, contents, config }))
    parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
  const call = parts.find(({ functionCall }) => functionCall)?.functionCall;
  if (call === undefined) throw new Error('no tool was called');
  const response = { output: weather(call.args) };
  const { text } = await client.models.generateContent({
    model,
    config,
    contents: [
      ...contents,
      { role: 'model', parts },
      { role: 'user', parts: [{ functionResponse: { id: call.id, name: call.name, response } }] },
    ],
  });
  return text;
}
