import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { translationTarget } from '../../../test/support/translation-target.js';
import { GatewayError, protocols, type EncodedRequest, type LossMode } from './index.js';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Fills the places marked `*` with texts that occur nowhere else, so that each can be found again. */
function mark(value: Json, counter = { next: 0 }): Json {
  if (value === '*') return `leaf-${(counter.next += 1)}-`;
  if (Array.isArray(value)) return value.map((item) => mark(item, counter));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, mark(member, counter)]),
  );
}

function markedLeaves(value: Json, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return value.startsWith('leaf-') ? [[path, value]] : [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => markedLeaves(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    markedLeaves(member, path === '' ? name : `${path}.${name}`),
  );
}

/** Adds unknown members to some objects anywhere in the request. */
function withUnknown(value: Json, picks: Iterator<boolean>): Json {
  if (Array.isArray(value)) return value.map((item) => withUnknown(item, picks));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]): [string, Json] => {
    // Schemas and tool input are carried as they are; what stands in them is not the protocol's.
    const isOpaque =
      ['parameters', 'input_schema', 'schema'].includes(name) ||
      (name === 'input' && !Array.isArray(member));
    return [name, isOpaque ? member : withUnknown(member, picks)];
  });
  const isPicked = picks.next().value === true;
  return Object.fromEntries(isPicked ? [...members, ['x_unheard_of', { deep: ['*'] }]] : members);
}

const some = <T extends Json>(...values: T[]): fc.Arbitrary<T[]> => fc.subarray(values);

/** Without a lone call or a lone result, which some targets refuse; `pattern` knows both by their JSON. */
function paired(list: readonly Json[], pattern: RegExp): Json[] {
  const isOne = (item: Json): boolean => pattern.test(JSON.stringify(item));
  const isComplete = list.filter(isOne).length === 2;
  return list.filter((item) => isComplete || !isOne(item));
}

const schema: Json = { type: 'object', properties: { city: { type: 'string', description: '*' } } };

const chatMessages = some<Json>(
  { role: 'system', content: '*', name: '*' },
  {
    role: 'developer',
    content: [{ type: 'text', text: '*', cache_control: { type: 'ephemeral', ttl: '*' } }],
  },
  {
    role: 'user',
    content: [
      { type: 'text', text: '*' },
      { type: 'image_url', image_url: { url: 'https://e.example/i.png', detail: '*' } },
    ],
  },
  { role: 'assistant', content: '*', reasoning_content: '*', refusal: '*' },
  {
    role: 'assistant',
    content: null,
    tool_calls: [
      { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":"*"}' } },
    ],
  },
  { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: '*' }] },
  { role: 'system', content: '*' },
);

const chatRequest = fc
  .tuple(
    chatMessages,
    fc.record(
      {
        user: fc.constant('*'),
        safety_identifier: fc.constant('someone@example.com'),
        metadata: fc.constant({ note: '*' }),
        service_tier: fc.constant('*'),
        prompt_cache_key: fc.constant('*'),
        reasoning_effort: fc.constant('high'),
        stop: fc.constant(['*']),
        tools: fc.constant([
          { type: 'function', function: { name: 'f', description: '*', parameters: schema } },
        ]),
        response_format: fc.constant({
          type: 'json_schema',
          json_schema: { name: '*', description: '*', schema },
        }),
        prediction: fc.constant({ type: 'content', content: '*' }),
        n: fc.constantFrom(1, 2),
        logit_bias: fc.constant({ '1': 5 }),
        temperature: fc.constantFrom(0.5, 1.5),
        max_tokens: fc.constantFrom(5, 500_000),
        stream: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([messages, fields]) => ({
    model: 'm',
    messages: [...paired(messages, /"tool_calls"|"role":"tool"/), { role: 'user', content: '*' }],
    ...fields,
  }));

const anthropicBlocks = some<Json>(
  { type: 'text', text: '*', cache_control: { type: 'ephemeral', ttl: '*' } },
  { type: 'image', source: { type: 'base64', media_type: 'image/png', data: '*' } },
  {
    type: 'document',
    title: '*',
    context: '*',
    source: { type: 'text', media_type: 'text/plain', data: '*' },
  },
  {
    type: 'document',
    title: '*',
    source: { type: 'base64', media_type: 'application/pdf', data: '*' },
  },
  { type: 'search_result', source: '*', title: '*', content: [{ type: 'text', text: '*' }] },
  {
    type: 'tool_result',
    tool_use_id: 'toolu_1',
    is_error: true,
    content: [{ type: 'text', text: '*' }],
  },
);

const anthropicRequest = fc
  .tuple(
    anthropicBlocks,
    some<Json>(
      { type: 'thinking', thinking: '*', signature: '*' },
      { type: 'redacted_thinking', data: '*' },
      { type: 'text', text: '*' },
      { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: '*' } },
    ),
    fc.record(
      {
        system: fc.constant([
          { type: 'text', text: '*' },
          { type: 'text', text: '*', cache_control: { type: '*' } },
        ]),
        metadata: fc.constant({ user_id: '*' }),
        thinking: fc.constant({ type: 'adaptive', display: '*' }),
        output_config: fc.constant({ effort: '*', format: { type: 'json_schema', schema } }),
        context_management: fc.constant({ edits: [{ type: '*' }] }),
        service_tier: fc.constant('*'),
        tools: fc.constant([
          { name: 'f', description: '*', input_schema: schema, defer_loading: '*' },
        ]),
        stop_sequences: fc.constant(['*', '*']),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([blocks, spoken, fields]) => {
    const kept = paired([...spoken, ...blocks], /"tool_use"|"tool_result"/);
    return {
      model: 'm',
      max_tokens: 10,
      messages: [
        { role: 'assistant', content: kept.filter((block) => spoken.includes(block)) },
        {
          role: 'user',
          content: [
            { type: 'text', text: '*' },
            ...kept.filter((block) => !spoken.includes(block)),
          ],
        },
      ],
      ...fields,
    };
  });

const geminiParts = some<Json>(
  { text: '*', thoughtSignature: '*' },
  { inlineData: { mimeType: 'image/png', data: '*', displayName: '*' } },
  { inline_data: { mime_type: 'application/pdf', data: '*' } },
);

const geminiCall: Json = {
  functionCall: { name: 'f', args: { a: '*' } },
  thoughtSignature: '*',
};
const geminiResult: Json = {
  functionResponse: { name: 'f', response: { output: '*' }, willContinue: '*' },
};

const geminiRequest = fc
  .tuple(
    geminiParts,
    some<Json>({ text: '*', thought: true, thoughtSignature: '*' }, { text: '*' }),
    fc.record(
      {
        hasCall: fc.constant(true),
        systemInstruction: fc.constant({ role: 'user', parts: [{ text: '*' }, { text: '*' }] }),
        tools: fc.constant([
          {
            functionDeclarations: [
              { name: 'f', description: '*', parameters: schema, behavior: '*' },
              { name: 'g', parametersJsonSchema: schema },
            ],
          },
        ]),
        toolConfig: fc.constant({ functionCallingConfig: { mode: 'VALIDATED' }, other: '*' }),
        generationConfig: fc.constantFrom<Json>(
          {
            stopSequences: ['*', '*'],
            thinkingConfig: { thinkingLevel: 'high', includeThoughts: false },
            mediaResolution: '*',
          },
          {
            response_mime_type: 'application/json',
            responseJsonSchema: schema,
            thinkingConfig: { thinkingBudget: 100, more: '*' },
          },
        ),
        safetySettings: fc.constant([{ category: '*', threshold: 'BLOCK_NONE' }]),
        cached_content: fc.constant('*'),
        labels: fc.constant({ team: '*' }),
        serviceTier: fc.constantFrom('*', 'standard', 'flex'),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([parts, spoken, { hasCall, ...fields }]) => ({
    model: 'm',
    contents: [
      { role: 'model', parts: [...spoken, ...(hasCall === true ? [geminiCall] : [])] },
      {
        role: 'user',
        parts: [...parts, ...(hasCall === true ? [geminiResult] : []), { text: '*' }],
      },
    ],
    ...fields,
  }));

const responsesItems = some<Json>(
  { role: 'developer', content: '*' },
  {
    type: 'message',
    role: 'user',
    content: [
      { type: 'input_text', text: '*' },
      { type: 'input_image', image_url: 'https://e.example/*.png', detail: '*' },
      { type: 'input_file', file_data: 'data:application/pdf;base64,JVBERi', filename: '*' },
    ],
  },
  {
    type: 'message',
    role: 'assistant',
    phase: '*',
    content: [
      { type: 'output_text', text: '*', annotations: [{ type: 'url_citation', url: '*' }] },
      { type: 'refusal', refusal: '*' },
    ],
  },
  {
    type: 'reasoning',
    id: 'rs_1',
    summary: [{ type: 'summary_text', text: '*' }],
    encrypted_content: '*',
  },
  {
    type: 'reasoning',
    id: 'rs_2',
    summary: [{ type: 'summary_text', text: '*' }],
    content: [{ type: 'reasoning_text', text: '*' }],
  },
  { type: 'web_search_call', id: 'ws_1', action: { query: '*' } },
  { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{"a":"*"}' },
  { type: 'custom_tool_call', call_id: 'call_2', name: 'patch', input: '*' },
  {
    type: 'function_call_output',
    call_id: 'call_1',
    output: [
      { type: 'input_text', text: '*' },
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
    ],
  },
  { type: 'custom_tool_call_output', call_id: 'call_2', output: '*' },
  { role: 'system', content: [{ type: 'input_text', text: '*' }] },
);

/** Calls without a result and results without a call are refused by some targets. */
function isPaired(item: Json, items: readonly Json[]): boolean {
  const { type, call_id: id } = item as Record<string, Json>;
  return (
    id === undefined ||
    items.some((other) => {
      const { type: otherType, call_id: otherId } = other as Record<string, Json>;
      return otherId === id && otherType !== type;
    })
  );
}

const responsesTools = some<Json>(
  { type: 'function', name: 'f', description: '*', parameters: schema, strict: false },
  {
    type: 'custom',
    name: 'patch',
    description: '*',
    format: { type: 'grammar', syntax: 'lark', definition: '*' },
  },
  {
    type: 'namespace',
    name: 'agents',
    description: '*',
    tools: [{ type: 'function', name: 'spawn', description: '*', parameters: schema }],
  },
  { type: 'web_search', search_context_size: '*' },
);

const responsesRequest = fc
  .tuple(
    responsesItems,
    responsesTools,
    fc.record(
      {
        instructions: fc.constant('*'),
        user: fc.constant('*'),
        safety_identifier: fc.constant('someone@example.com'),
        metadata: fc.constant({ note: '*' }),
        service_tier: fc.constant('*'),
        prompt_cache_key: fc.constant('*'),
        reasoning: fc.constant({ effort: 'high', context: '*' }),
        text: fc.constant({
          verbosity: '*',
          format: { type: 'json_schema', name: '*', description: '*', schema },
        }),
        include: fc.constant(['reasoning.encrypted_content', '*']),
        store: fc.boolean(),
        previous_response_id: fc.constant('*'),
        truncation: fc.constantFrom('disabled', 'auto'),
        stream: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([items, tools, { previous_response_id: previous, truncation, ...fields }]) => ({
    model: 'm',
    input: [...items.filter((item) => isPaired(item, items)), { role: 'user', content: '*' }],
    ...(tools.length === 0 ? {} : { tools }),
    ...fields,
    // refused, so that they must not stand in most requests
    ...(items.length === 3 && previous !== undefined ? { previous_response_id: previous } : {}),
    ...(items.length === 4 && truncation !== undefined ? { truncation } : {}),
  }));

const requests = {
  'openai-chat': chatRequest,
  'openai-responses': responsesRequest,
  'anthropic-messages': anthropicRequest,
  'gemini-generate': geminiRequest,
};
type Spoken = keyof typeof requests;
const pairs = Object.entries(requests).flatMap(([from, request]) =>
  Object.keys(requests)
    .filter((to) => to !== from)
    .map((to) => [from as Spoken, to as Spoken, request] as const),
);

describe('a request in another protocol', () => {
  for (const [from, to, request] of pairs) {
    it(`from ${from} to ${to} carries, warns of or refuses every value the caller wrote`, () => {
      fc.assert(
        fc.property(
          request,
          fc.array(fc.boolean(), { maxLength: 40 }),
          fc.boolean(),
          fc.constantFrom<LossMode>('strict', 'warn', 'lenient'),
          (plain, picks, isLocal, lossMode) => {
            const body = mark(withUnknown(plain as unknown as Json, picks.values()));
            const covered: string[] = [];
            let sent = '';
            try {
              const canonical = protocols[from].decodeRequest(JSON.stringify(body));
              const encoded = protocols[to].encodeRequest(
                canonical,
                translationTarget(to, { isLocal, lossMode }),
              );
              sent = encoded.body;
              covered.push(...encoded.warnings.map(({ path }) => path));
              JSON.parse(sent);
            } catch (error) {
              expect(error).toBeInstanceOf(GatewayError);
              expect(['unsupported_by_target', 'previous_response_not_found']).toContain(
                (error as GatewayError).code,
              );
              expect((error as GatewayError).path).not.toBeNull();
              return;
            }
            const lost = markedLeaves(body).filter(
              ([path, text]) =>
                !sent.includes(text) && !covered.some((known) => path.startsWith(known)),
            );
            expect(lost).toEqual([]);
          },
        ),
        { numRuns: 400 },
      );
    });
  }

  for (const [from, to, request] of pairs) {
    it(`from ${from} to ${to} loses more only where the route allows more`, () => {
      fc.assert(
        fc.property(request, fc.boolean(), (plain, isLocal) => {
          const text = JSON.stringify(mark(plain as unknown as Json));
          const encode = (lossMode: LossMode): EncodedRequest | GatewayError => {
            try {
              return protocols[to].encodeRequest(
                protocols[from].decodeRequest(text),
                translationTarget(to, { isLocal, lossMode }),
              );
            } catch (error) {
              if (error instanceof GatewayError) return error;
              throw error;
            }
          };
          const [strict, warn, lenient] = [encode('strict'), encode('warn'), encode('lenient')];
          if (strict instanceof GatewayError) {
            // the path, the target and the way out
            expect(strict).toMatchObject({ status: 400, path: expect.any(String) as string });
            expect(strict.message).toMatch(/cannot be sent to provider\/target-model: .+\. .+/);
          } else {
            expect(strict.warnings.filter(({ code }) => code === 'dropped')).toEqual([]);
            expect(warn).toEqual(strict);
          }
          if (warn instanceof GatewayError) return;
          expect(lenient).toEqual(warn);
        }),
        { numRuns: 300 },
      );
    });

    it(`from ${from} to ${to} is lenient with fields and content alike, never without a warning`, () => {
      fc.assert(
        fc.property(request, (plain) => {
          const body = mark(plain as unknown as Json) as Record<string, Json>;
          const encoded = protocols[to].encodeRequest(
            protocols[from].decodeRequest(JSON.stringify({ ...body, stream: true })),
            translationTarget(to, { isLocal: true, lossMode: 'lenient' }),
          );
          if (body['n'] === 2)
            expect(encoded.warnings).toContainEqual(expect.objectContaining({ path: 'n' }));
          expect(() => JSON.parse(encoded.body) as unknown).not.toThrow();
        }),
        { numRuns: 200 },
      );
    });
  }

  for (const [id, request] of Object.entries(requests) as [Spoken, fc.Arbitrary<object>][]) {
    it(`that is rebuilt in its own protocol, ${id}, keeps unknown top-level fields as they were`, () => {
      fc.assert(
        fc.property(request, (plain) => {
          const body = {
            ...(mark(plain as unknown as Json) as Record<string, Json>),
            x_extra: { n: 'N' },
          };
          const text = JSON.stringify(body).replace('"N"', '12345678901234567890');
          const { body: sent } = protocols[id].encodeRequest(
            protocols[id].decodeRequest(text),
            translationTarget(id),
          );
          expect(sent).toContain('"x_extra":{"n":12345678901234567890}');
        }),
        { numRuns: 50 },
      );
    });
  }
});
