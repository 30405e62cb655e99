export interface Protocol {
  readonly id: string;
  readonly name: string;
  /** What a base URL of a provider of this protocol looks like; null for what only callers speak. */
  readonly baseUrlHint: string | null;
  /** The URL of a request names the model and says whether the answer is streamed, not its body. */
  readonly namesModelInUrl?: true;
  /** A request to try, without its model. */
  readonly example: Readonly<Record<string, unknown>>;
}

const question = 'What is the weather in Bern?';
const instructions = 'Answer in one sentence.';
const weatherTool = {
  name: 'get_weather',
  description: 'The present weather of a place',
};
const weatherParameters = {
  type: 'object',
  properties: { place: { type: 'string' } },
  required: ['place'],
};

/** Every protocol the gateway knows, the first one being the usual choice. */
export const protocols: readonly Protocol[] = [
  {
    id: 'openai-chat',
    name: 'OpenAI Chat Completions',
    baseUrlHint: 'Usually ends in /v1, such as https://api.openai.com/v1',
    example: {
      messages: [
        { role: 'system', content: instructions },
        { role: 'user', content: question },
      ],
      tools: [{ type: 'function', function: { ...weatherTool, parameters: weatherParameters } }],
      temperature: 0.2,
      seed: 7,
      max_completion_tokens: 500,
    },
  },
  {
    id: 'openai-responses',
    name: 'OpenAI Responses',
    baseUrlHint: 'Usually ends in /v1, such as https://api.openai.com/v1',
    example: {
      instructions,
      input: question,
      tools: [{ type: 'function', ...weatherTool, parameters: weatherParameters, strict: false }],
      temperature: 0.2,
      max_output_tokens: 500,
      store: false,
    },
  },
  {
    id: 'anthropic-messages',
    name: 'Anthropic Messages',
    baseUrlHint: 'Without /v1, such as https://api.anthropic.com',
    example: {
      max_tokens: 500,
      system: instructions,
      messages: [{ role: 'user', content: question }],
      tools: [{ ...weatherTool, input_schema: weatherParameters }],
      top_k: 40,
    },
  },
  {
    id: 'gemini-generate',
    name: 'Gemini generateContent',
    baseUrlHint: 'Ends in /v1beta: https://generativelanguage.googleapis.com/v1beta',
    namesModelInUrl: true,
    example: {
      systemInstruction: { parts: [{ text: instructions }] },
      contents: [{ role: 'user', parts: [{ text: question }] }],
      tools: [{ functionDeclarations: [{ ...weatherTool, parameters: weatherParameters }] }],
      generationConfig: { temperature: 0.2, topK: 40, maxOutputTokens: 500 },
    },
  },
  {
    id: 'openai-completions',
    name: 'OpenAI Completions (legacy)',
    baseUrlHint: null,
    example: { prompt: 'The capital of Switzerland is', max_tokens: 20, temperature: 0 },
  },
  {
    id: 'openai-embeddings',
    name: 'OpenAI Embeddings',
    baseUrlHint: null,
    example: { input: ['a text', 'another text'] },
  },
];

/** Those a provider can be entered with. */
export const providerProtocols = protocols.filter(({ baseUrlHint }) => baseUrlHint !== null);

/** The name of a protocol for people; the id of one this panel does not know. */
export function protocolName(id: string): string {
  return findProtocol(id)?.name ?? id;
}

export function findProtocol(id: string): Protocol | undefined {
  return protocols.find((protocol) => protocol.id === id);
}
