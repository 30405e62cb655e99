import type { ModelCapabilities } from '../capabilities/model-capabilities.js';
import type { ByteEdit, RequestEnvelope } from '../protocol.js';
import { modelEdit } from '../shared/request/model-edit.js';
import type { EnvelopeRules } from '../shared/request/read-envelope.js';

const number = { kinds: ['number'], expected: 'a number' } as const;
const boolean = { kinds: ['boolean'], expected: 'true or false' } as const;
const text = { kinds: ['string'], expected: 'a string' } as const;
const object = { kinds: ['object'], expected: 'an object' } as const;
const limit = { kinds: ['number'], expected: 'a positive integer', minimum: 1 } as const;

/** The kinds of top-level fields, checked before anything is sent anywhere. */
export const envelopeRules: EnvelopeRules = {
  fields: {
    model: { kinds: ['string'], expected: 'a string naming the model', isRequired: true },
    messages: { kinds: ['array'], expected: 'an array of message objects', isRequired: true },
    stream: boolean,
    stream_options: object,
    max_tokens: limit,
    max_completion_tokens: limit,
    temperature: number,
    top_p: number,
    n: limit,
    presence_penalty: number,
    frequency_penalty: number,
    seed: { kinds: ['number'], expected: 'an integer' },
    stop: { kinds: ['string', 'array'], expected: 'a string or an array of strings' },
    tools: { kinds: ['array'], expected: 'an array of tool objects' },
    tool_choice: { kinds: ['string', 'object'], expected: 'a string or an object' },
    parallel_tool_calls: boolean,
    response_format: object,
    reasoning_effort: text,
    logprobs: boolean,
    top_logprobs: number,
    logit_bias: object,
    metadata: object,
    user: text,
  },
  outputLimits: ['max_completion_tokens', 'max_tokens'],
  alwaysSendsUsage: false,
  kept: ['reasoning_effort'],
};

/** Names the upstream's model and asks for usage, which the gateway needs even where the caller does not. */
export function passthroughEdits(
  envelope: RequestEnvelope,
  upstreamModel: string,
  capabilities?: ModelCapabilities,
): ByteEdit[] {
  const edits = modelEdit(envelope, upstreamModel);
  if (!envelope.stream || envelope.wantsStreamUsage) return edits;
  if (capabilities?.refusedFields.includes('stream_options') === true) return edits;
  const options = JSON.stringify({ ...envelope.streamOptions, include_usage: true });
  const { insertAt, streamOptionsSpan } = envelope;
  edits.push(
    streamOptionsSpan === null
      ? { span: { start: insertAt, end: insertAt }, text: `"stream_options":${options},` }
      : { span: streamOptionsSpan, text: options },
  );
  return edits.sort((first, second) => first.span.start - second.span.start);
}
