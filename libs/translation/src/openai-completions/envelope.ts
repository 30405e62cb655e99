import type { EnvelopeRules } from '../shared/request/read-envelope.js';

const number = { kinds: ['number'], expected: 'a number' } as const;
const boolean = { kinds: ['boolean'], expected: 'true or false' } as const;
const limit = { kinds: ['number'], expected: 'a positive integer', minimum: 1 } as const;

/** The kinds of top-level fields, checked before anything is sent anywhere. */
export const envelopeRules: EnvelopeRules = {
  fields: {
    model: { kinds: ['string'], expected: 'a string naming the model', isRequired: true },
    prompt: {
      kinds: ['string', 'array'],
      expected: 'a string, or an array of strings or of token ids',
      isRequired: true,
    },
    stream: boolean,
    stream_options: { kinds: ['object'], expected: 'an object' },
    max_tokens: limit,
    n: limit,
    best_of: limit,
    temperature: number,
    top_p: number,
    echo: boolean,
    logprobs: { kinds: ['number', 'boolean'], expected: 'an integer' },
    stop: { kinds: ['string', 'array'], expected: 'a string or an array of strings' },
    suffix: { kinds: ['string'], expected: 'a string' },
  },
  outputLimits: ['max_tokens'],
  alwaysSendsUsage: false,
};
