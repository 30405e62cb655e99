import type { ByteEdit, RequestEnvelope } from '../protocol.js';
import type { EnvelopeRules } from '../shared/request/read-envelope.js';

export const envelopeRules: EnvelopeRules = {
  fields: {
    model: { kinds: ['string'], expected: 'a string naming the model', isRequired: true },
    input: {
      kinds: ['string', 'array'],
      expected: 'a string, or an array of strings or of token ids',
      isRequired: true,
    },
    encoding_format: { kinds: ['string'], expected: '"float" or "base64"' },
    dimensions: { kinds: ['number'], expected: 'a positive integer', minimum: 1 },
    user: { kinds: ['string'], expected: 'a string' },
  },
  outputLimits: [],
  alwaysSendsUsage: true,
  kept: ['encoding_format'],
};

export function passthroughEdits(envelope: RequestEnvelope, upstreamModel: string): ByteEdit[] {
  if (envelope.modelSpan === null || envelope.model === upstreamModel) return [];
  return [{ span: envelope.modelSpan, text: JSON.stringify(upstreamModel) }];
}
