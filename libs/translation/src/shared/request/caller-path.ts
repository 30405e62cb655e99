import type { WireProtocolId } from '../../protocol.js';

/** Encoders name a field as OpenAI's chat completions do; these callers write it elsewhere. */
const paths: Partial<Record<WireProtocolId, Readonly<Record<string, string>>>> = {
  'anthropic-messages': {
    stop: 'stop_sequences',
    parallel_tool_calls: 'tool_choice.disable_parallel_tool_use',
  },
  'openai-responses': {
    messages: 'input',
    max_tokens: 'max_output_tokens',
    reasoning_effort: 'reasoning.effort',
    response_format: 'text.format',
  },
  'openai-completions': { messages: 'prompt' },
  'gemini-generate': {
    messages: 'contents',
    temperature: 'generationConfig.temperature',
    top_p: 'generationConfig.topP',
    top_k: 'generationConfig.topK',
    presence_penalty: 'generationConfig.presencePenalty',
    frequency_penalty: 'generationConfig.frequencyPenalty',
    seed: 'generationConfig.seed',
    stop: 'generationConfig.stopSequences',
    stop_sequences: 'generationConfig.stopSequences',
    max_tokens: 'generationConfig.maxOutputTokens',
    service_tier: 'serviceTier',
    tool_choice: 'toolConfig.functionCallingConfig',
  },
};

/** Ends of paths: a tool's schema is not in a member `function` elsewhere. */
const endings: Partial<Record<WireProtocolId, readonly (readonly [chat: string, own: string])[]>> =
  {
    'anthropic-messages': [
      ['.function.parameters', '.input_schema'],
      ['.function.strict', '.strict'],
    ],
    'openai-responses': [
      ['.function.parameters', '.parameters'],
      ['.function.strict', '.strict'],
    ],
    'gemini-generate': [['.function.parameters', '.parameters']],
  };

/** Where the caller wrote what an encoder knows under the name of chat completions. */
export function callerPath(protocol: WireProtocolId, path: string): string {
  const known = paths[protocol];
  if (known !== undefined && Object.hasOwn(known, path)) return known[path] ?? path;
  const ending = endings[protocol]?.find(([chat]) => path.endsWith(chat));
  return ending === undefined ? path : path.slice(0, -ending[0].length) + ending[1];
}
