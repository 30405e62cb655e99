import type { EnvelopeRules } from '../shared/request/read-envelope.js';

const number = { kinds: ['number'], expected: 'a number' } as const;
const object = { kinds: ['object'], expected: 'an object' } as const;

/** The kinds of top-level fields, checked before anything is sent anywhere. */
export const envelopeRules: EnvelopeRules = {
  fields: {
    model: { kinds: ['string'], expected: 'a string naming the model', isRequired: true },
    messages: { kinds: ['array'], expected: 'an array of message objects', isRequired: true },
    // 0 asks Anthropic to warm its cache and answer nothing.
    max_tokens: { kinds: ['number'], expected: 'a positive integer', isRequired: true, minimum: 0 },
    stream: { kinds: ['boolean'], expected: 'true or false' },
    system: { kinds: ['string', 'array'], expected: 'a string or an array of text blocks' },
    temperature: number,
    top_p: number,
    top_k: number,
    stop_sequences: { kinds: ['array'], expected: 'an array of strings' },
    tools: { kinds: ['array'], expected: 'an array of tool objects' },
    tool_choice: object,
    thinking: object,
    output_config: object,
    metadata: object,
  },
  outputLimits: ['max_tokens'],
  alwaysSendsUsage: true,
};
