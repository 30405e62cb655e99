import type { EnvelopeRules } from '../shared/request/read-envelope.js';

const number = { kinds: ['number'], expected: 'a number' } as const;
const boolean = { kinds: ['boolean'], expected: 'true or false' } as const;
const text = { kinds: ['string'], expected: 'a string' } as const;
const object = { kinds: ['object'], expected: 'an object' } as const;

/** The kinds of top-level fields, checked before anything is sent anywhere. */
export const envelopeRules: EnvelopeRules = {
  fields: {
    model: { kinds: ['string'], expected: 'a string naming the model', isRequired: true },
    // a stored prompt or an earlier response may stand for it
    input: { kinds: ['string', 'array'], expected: 'a string or an array of input items' },
    instructions: { kinds: ['string', 'array'], expected: 'a string' },
    stream: boolean,
    stream_options: object,
    // OpenAI asks for 16 or more; that is for the upstream to say
    max_output_tokens: { kinds: ['number'], expected: 'a positive integer', minimum: 1 },
    max_tool_calls: number,
    temperature: number,
    top_p: number,
    top_logprobs: number,
    tools: { kinds: ['array'], expected: 'an array of tool objects' },
    tool_choice: { kinds: ['string', 'object'], expected: 'a string or an object' },
    parallel_tool_calls: boolean,
    reasoning: object,
    text: object,
    include: { kinds: ['array'], expected: 'an array of strings' },
    previous_response_id: text,
    background: {
      ...boolean,
      onlyFalse: 'an answer that comes later could not be fetched through this gateway',
    },
    store: boolean,
    metadata: object,
    user: text,
  },
  outputLimits: ['max_output_tokens'],
  alwaysSendsUsage: true,
};
