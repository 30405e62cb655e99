import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { translateRequest, type Json } from '../../../../test/support/translate.js';
import {
  GatewayError,
  type InputKind,
  type ModelCapabilities,
  type ProtocolField,
  type ProtocolId,
} from '../index.js';

const ladder = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const refusable: ProtocolField[] = [
  'max_completion_tokens',
  'stream_options',
  'parallel_tool_calls',
  'seed',
  'stop',
  'presence_penalty',
  'frequency_penalty',
  'user',
  'service_tier',
  'logit_bias',
  'logprobs',
];
const inputs: InputKind[] = ['image', 'image-url', 'document', 'document-url', 'audio'];

const capabilities: fc.Arbitrary<Partial<ModelCapabilities>> = fc.record({
  takesSampling: fc.boolean(),
  takesTopK: fc.boolean(),
  effortLevels: fc.subarray(ladder),
  thinkingModes: fc.subarray(['off', 'budget', 'adaptive'] as const),
  maxOutputTokens: fc.constantFrom(null, 2_000, 50_000),
  outputFormats: fc.subarray(['json-object', 'json-schema'] as const),
  forcedTools: fc.constantFrom('named' as const, 'any' as const, 'none' as const),
  maxStopSequences: fc.constantFrom(null, 1, 4),
  inputs: fc.subarray(inputs),
  takesMidSystem: fc.boolean(),
  instructionRole: fc.constantFrom('system' as const, 'developer' as const, 'user' as const),
  needsPlainTurns: fc.boolean(),
  cacheMarks: fc.constantFrom<ModelCapabilities['cacheMarks']>(
    'anthropic',
    'anthropic-without-ttl',
    'openai',
    'none',
  ),
  toolCallIds: fc.constantFrom('any' as const, 'mistral' as const),
  refusedFields: fc.subarray(refusable),
});

const chatRequest: fc.Arbitrary<Json> = fc.record(
  {
    model: fc.constant('m'),
    messages: fc.constantFrom(
      [{ role: 'user', content: 'hi' }],
      [
        { role: 'developer', content: [{ type: 'text', text: 's', cache_control: { ttl: '1h' } }] },
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
            { type: 'image_url', image_url: { url: 'https://e.example/' } },
          ],
        },
        {
          role: 'assistant',
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'x' },
        { role: 'system', content: 'new rule' },
        { role: 'user', content: 'go on' },
      ],
    ),
    temperature: fc.constantFrom(0.2, 1.7),
    seed: fc.constant(5),
    presence_penalty: fc.constant(1),
    max_tokens: fc.constantFrom(1, 3_000, 90_000),
    reasoning_effort: fc.constantFrom('none', ...ladder),
    stop: fc.constant(['a', 'b', '\n']),
    stream: fc.boolean(),
    user: fc.constant('u'),
    service_tier: fc.constantFrom('flex', 'priority'),
    parallel_tool_calls: fc.constant(false),
    tools: fc.constant(['f', 'g'].map((name) => ({ type: 'function', function: { name } }))),
    tool_choice: fc.constantFrom('required', { type: 'function', function: { name: 'g' } }),
    response_format: fc.constantFrom(
      { type: 'json_object' },
      { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } },
    ),
  },
  { requiredKeys: ['model', 'messages', 'tools'] },
);

describe('a target is sent nothing that its capabilities rule out', () => {
  for (const to of ['openai-chat', 'anthropic-messages'] as const) {
    it(`over ${to}`, () => {
      fc.assert(
        fc.property(
          chatRequest,
          capabilities,
          fc.constantFrom('warn' as const, 'lenient' as const),
          (request, given, lossMode) => {
            const target = { ...given, lossMode } as const;
            let sent: Json;
            try {
              sent = translateRequest('openai-chat', to, request, target).json;
            } catch (error) {
              expect(error).toBeInstanceOf(GatewayError);
              return;
            }
            expect(problemsOf(sent, given as ModelCapabilities, to)).toEqual([]);
          },
        ),
        { numRuns: 500 },
      );
    });
  }
});

function problemsOf(sent: Json, given: ModelCapabilities, to: ProtocolId): string[] {
  const text = JSON.stringify(sent);
  const limit = sent['max_tokens'] ?? sent['max_completion_tokens'];
  const effort =
    sent['reasoning_effort'] ?? (sent['output_config'] as Json | undefined)?.['effort'];
  const stops = (sent['stop'] ?? sent['stop_sequences'] ?? []) as unknown[];
  const hasNamedChoice = /"tool_choice":\{"type":"(function|tool)"/.test(text);
  const hasForcedChoice = hasNamedChoice || /"tool_choice":("required"|\{"type":"any")/.test(text);
  const thinking = (sent['thinking'] as Json | undefined)?.['type'];
  const rules: [string, boolean][] = [
    ['sampling', given.takesSampling || sent['temperature'] === undefined],
    ['limit', Number(limit ?? 0) <= (given.maxOutputTokens ?? Infinity)],
    ['stops', stops.length <= (given.maxStopSequences ?? Infinity)],
    ['named choice', !hasNamedChoice || given.forcedTools === 'named'],
    ['forced choice', !hasForcedChoice || given.forcedTools !== 'none'],
    ['images', given.inputs.includes('image') || !/"type":"image/.test(text)],
    ['image addresses', given.inputs.includes('image-url') || !text.includes('https://e.example')],
    ['schema', given.outputFormats.includes('json-schema') || !text.includes('json_schema')],
    [
      'effort',
      effort === undefined ||
        given.effortLevels.includes(String(effort)) ||
        (effort === 'none' && given.thinkingModes.includes('off')),
    ],
    ['adaptive', thinking !== 'adaptive' || given.thinkingModes.includes('adaptive')],
    ['budget', thinking !== 'enabled' || given.thinkingModes.includes('budget')],
    ['no thinking', thinking !== 'disabled' || given.thinkingModes.includes('off')],
    ['ttl', given.cacheMarks === 'anthropic' || !/"cache_control":\{"ttl"/.test(text)],
    ['marks', given.cacheMarks !== 'none' || !/cache_control|prompt_cache/.test(text)],
  ];
  if (to === 'openai-chat')
    for (const name of given.refusedFields) rules.push([name, sent[name] === undefined]);
  return rules.flatMap(([name, holds]) => (holds ? [] : [name]));
}
