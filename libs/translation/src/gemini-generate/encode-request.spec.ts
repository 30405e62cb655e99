import { describe, expect, it } from 'vitest';
import { translationTarget } from '../../../../test/support/translation-target.js';
import {
  defaultCapabilities,
  GatewayError,
  protocols,
  unknownUsage,
  type CanonicalResponse,
  type EncodedRequest,
  type OpaqueToken,
  type ProtocolId,
} from '../index.js';

type Json = Record<string, unknown>;

interface Sent extends Omit<EncodedRequest, 'body'> {
  readonly body: Json;
  readonly text: string;
  readonly contents: readonly { readonly role: string; readonly parts: readonly Json[] }[];
  readonly config: Json;
}

function send(from: ProtocolId, request: object, model = 'gemini-3-flash'): Sent {
  const capabilities = defaultCapabilities('gemini-generate', false, model);
  const target = translationTarget('gemini-generate', { model, ...capabilities });
  const canonical = protocols[from].decodeRequest(JSON.stringify(request));
  const encoded = protocols['gemini-generate'].encodeRequest(canonical, target);
  const body = JSON.parse(encoded.body) as Json;
  return {
    ...encoded,
    body,
    text: encoded.body,
    contents: body['contents'] as Sent['contents'],
    config: (body['generationConfig'] ?? {}) as Json,
  };
}

const fromChat = (fields: object, model?: string): Sent =>
  send(
    'openai-chat',
    { model: 'm', messages: [{ role: 'user', content: 'hi' }], ...fields },
    model,
  );
const fromAnthropic = (fields: object, model?: string): Sent =>
  send(
    'anthropic-messages',
    { model: 'm', max_tokens: 50_000, messages: [{ role: 'user', content: 'hi' }], ...fields },
    model,
  );

const call = (id: string, name: string, args = '{}', extra: object = {}): object => ({
  id,
  type: 'function',
  function: { name, arguments: args },
  ...extra,
});
const answer = (id: string, content: unknown): object => ({
  role: 'tool',
  tool_call_id: id,
  content,
});
const history = (calls: readonly object[], results: readonly object[]): object => ({
  messages: [
    { role: 'user', content: 'go' },
    { role: 'assistant', content: null, tool_calls: calls },
    ...results,
  ],
});

function faultOf(act: () => unknown): GatewayError {
  try {
    act();
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error('nothing was refused');
}

describe('the envelope of a request to Gemini', () => {
  it('names neither model nor streaming, which the URL does', () => {
    const { body } = fromChat({ stream: true });
    expect(Object.keys(body)).toEqual(['contents']);
    expect(body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }] });
  });

  it('has sampling, limits and stop strings in the generation config', () => {
    const { config, warnings } = fromChat({
      temperature: 1.6,
      top_p: 0.5,
      top_k: 4,
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      max_tokens: 9,
      stop: '###',
    });
    expect(config).toEqual({
      temperature: 1.6,
      topP: 0.5,
      topK: 4,
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      maxOutputTokens: 9,
      stopSequences: ['###'],
    });
    expect(warnings).toEqual([]);
  });

  it('takes five stop strings; the gateway cuts at the others', () => {
    const stop_sequences = ['1', '2', '3', '4', '5', '6'];
    const { config, restoration, warnings } = fromAnthropic({ stop_sequences });
    expect(config['stopSequences']).toEqual(['1', '2', '3', '4', '5']);
    expect(restoration.stopSequences).toEqual(['6']);
    expect(warnings).toMatchObject([{ code: 'emulated', path: 'stop_sequences' }]);
  });

  it('asks for JSON by a schema that stays as it was', () => {
    const schema = { type: 'object', properties: { a: { type: 'string', minLength: 2 } } };
    const json_schema = { name: 'n', strict: true, schema };
    const { config, warnings } = fromChat({
      response_format: { type: 'json_schema', json_schema },
    });
    expect(config).toEqual({ responseMimeType: 'application/json', responseJsonSchema: schema });
    expect(warnings.map(({ path }) => path)).toEqual([
      'response_format.json_schema.name',
      'response_format.json_schema.strict',
    ]);
    expect(fromChat({ response_format: { type: 'json_object' } }).config).toEqual({
      responseMimeType: 'application/json',
    });
  });

  it('has tiers in Google’s words, and warns of what has no place', () => {
    expect(fromChat({ service_tier: 'default' }).body['serviceTier']).toBe('standard');
    expect(fromChat({ service_tier: 'auto' }).warnings).toEqual([]);
    const { warnings } = fromChat({ service_tier: 'scale', user: 'u', parallel_tool_calls: false });
    expect(warnings.map(({ path }) => path).sort()).toEqual([
      'parallel_tool_calls',
      'service_tier',
      'user',
    ]);
  });

  it('refuses a limit of 0 (edge of 1.1), which only warms a cache elsewhere', () => {
    expect(faultOf(() => fromAnthropic({ max_tokens: 0 })).path).toBe('max_tokens');
  });
});

describe('system messages for Gemini', () => {
  it('lead as separate parts of the system instruction', () => {
    const { body } = fromChat({
      messages: [
        { role: 'system', content: 'one' },
        { role: 'developer', content: 'two' },
        { role: 'user', content: 'hi' },
      ],
    });
    expect(body['systemInstruction']).toEqual({ parts: [{ text: 'one' }, { text: 'two' }] });
  });

  it('edge 2: in the middle become user text at their place, with a warning, and roles are merged', () => {
    const { contents, warnings } = fromChat({
      messages: [
        { role: 'user', content: 'a' },
        { role: 'system', content: 'b' },
        { role: 'user', content: 'c' },
      ],
    });
    const parts = [{ text: 'a' }, { text: 'b' }, { text: 'c' }];
    expect(contents).toEqual([{ role: 'user', parts }]);
    expect(warnings).toMatchObject([{ code: 'renamed', path: 'messages[1]' }]);
  });

  it('edge 4: lose Claude Code’s billing header, which changes with every request', () => {
    const system = [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=1; cch=abc;' },
      { type: 'text', text: 'You are Claude Code.' },
    ];
    const { body, warnings } = fromAnthropic({ system });
    expect(body['systemInstruction']).toEqual({ parts: [{ text: 'You are Claude Code.' }] });
    expect(warnings).toMatchObject([{ path: 'system[0]' }]);
  });

  it('are sent as the user’s where nobody else speaks', () => {
    const { contents } = fromChat({ messages: [{ role: 'system', content: 'alone' }] });
    expect(contents).toEqual([{ role: 'user', parts: [{ text: 'alone' }] }]);
  });

  it('an assistant message that Anthropic would continue is refused', () => {
    const messages = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'It is' },
    ];
    expect(faultOf(() => fromAnthropic({ messages }))).toMatchObject({
      code: 'unsupported_by_target',
      path: 'messages[1]',
    });
  });
});

describe('tool results for Gemini', () => {
  it('edge 22: get the name of the call with their id; an unknown id is a 400 with the path', () => {
    const { contents } = fromChat(history([call('c1', 'f')], [answer('c1', 'ok')]));
    expect(contents[2]).toEqual({
      role: 'user',
      parts: [{ functionResponse: { id: 'c1', name: 'f', response: { output: 'ok' } } }],
    });
    expect(faultOf(() => fromChat(history([call('c1', 'f')], [answer('c9', 'ok')])))).toMatchObject(
      { code: 'invalid_request', status: 400, path: 'messages[2].tool_call_id' },
    );
  });

  it('edge 23: stand in the order of the calls, as many as these; a missing one is a 400', () => {
    const calls = [call('a', 'f'), call('b', 'g'), call('c', 'f')];
    const results = [answer('c', '3'), answer('a', '1'), answer('b', '2')];
    const { contents } = fromChat(history(calls, [...results, { role: 'user', content: 'and?' }]));
    expect(contents.slice(2)).toEqual([
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'a', name: 'f', response: { output: '1' } } },
          { functionResponse: { id: 'b', name: 'g', response: { output: '2' } } },
          { functionResponse: { id: 'c', name: 'f', response: { output: '3' } } },
        ],
      },
      { role: 'user', parts: [{ text: 'and?' }] },
    ]);
    expect(faultOf(() => fromChat(history(calls, results.slice(1))))).toMatchObject({
      code: 'invalid_request',
      path: 'messages[1].tool_calls[2]',
    });
    expect(faultOf(() => fromChat(history(calls, []))).code).toBe('unsupported_by_target');
  });

  it('edge 24: are wrapped in an object, whatever the text looks like', () => {
    for (const text of ['[1,2]', '{"output":1}', 'plain', '']) {
      const { contents } = fromChat(history([call('c', 'f')], [answer('c', text)]));
      expect(contents[2]?.parts[0]).toMatchObject({
        functionResponse: { response: { output: text } },
      });
    }
  });

  const anthropicHistory = (content: unknown, is_error = false): object => ({
    messages: [
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content, is_error }] },
    ],
  });
  const image = { type: 'base64', media_type: 'image/png', data: 'AAAA' };
  const picture = [
    { type: 'text', text: 'see' },
    { type: 'image', source: image },
  ];

  it('edge 9: that failed are an error object', () => {
    const { contents } = fromAnthropic(anthropicHistory('boom', true));
    expect(contents[1]?.parts[0]).toMatchObject({
      functionResponse: { response: { error: 'boom' } },
    });
  });

  it('edge 10: without content are an empty output', () => {
    const { contents } = fromAnthropic(anthropicHistory(undefined));
    expect(contents[1]?.parts[0]).toMatchObject({ functionResponse: { response: { output: '' } } });
  });

  it('hold pictures at Gemini 3, and are followed by them at older models', () => {
    const inlineData = { mimeType: 'image/png', data: 'AAAA' };
    expect(fromAnthropic(anthropicHistory(picture)).contents[1]?.parts).toMatchObject([
      { functionResponse: { response: { output: 'see' }, parts: [{ inlineData }] } },
    ]);
    const older = fromAnthropic(anthropicHistory(picture), 'gemini-2.5-flash');
    expect(older.contents[1]?.parts).toHaveLength(1);
    expect(older.contents[2]?.parts).toMatchObject([
      { text: 'Attachment of the result of tool call t:' },
      { inlineData },
    ]);
    expect(older.warnings).toMatchObject([{ code: 'emulated' }]);
  });
});

describe('tool calls for Gemini', () => {
  it('edge 18: have an object for arguments; other JSON is a 400 with the path', () => {
    for (const args of ['', ' ', 'null'])
      expect(
        fromChat(history([call('c', 'f', args)], [answer('c', '')])).contents[1]?.parts[0],
      ).toMatchObject({ functionCall: { args: {} } });
    expect(faultOf(() => fromChat(history([call('c', 'f', '[1]')], [answer('c', '')]))).path).toBe(
      'messages[1].tool_calls[0].function.arguments',
    );
  });

  it('edge 99: keep the text of their numbers', () => {
    const args = '{"n":12345678901234567890,"f":1.0}';
    expect(fromChat(history([call('c', 'f', args)], [answer('c', '')])).text).toContain(
      `"args":${args}`,
    );
  });

  it('edge 49: of another model get a dummy signature, the first of each turn, at Gemini 3 alone', () => {
    const request = history([call('a', 'f'), call('b', 'f')], [answer('a', ''), answer('b', '')]);
    const signatures = (model: string): unknown[] =>
      (fromChat(request, model).contents[1]?.parts ?? []).map((part) => part['thoughtSignature']);
    expect(signatures('gemini-3-pro')).toEqual(['skip_thought_signature_validator', undefined]);
    expect(signatures('gemini-2.5-flash')).toEqual([undefined, undefined]);
  });

  it('edges 48 and 87: of Gemini itself get their own signature back, on the same call', () => {
    const signed = { extra_content: { google: { thought_signature: 'sig' } } };
    const calls = [call('a', 'f', '{}', signed), call('b', 'f')];
    const { contents } = fromChat(history(calls, [answer('a', ''), answer('b', '')]));
    expect(contents[1]?.parts.map((part) => part['thoughtSignature'])).toEqual(['sig', undefined]);
  });

  it('signed by Gemini keep the signature to themselves elsewhere', () => {
    const signed = { extra_content: { google: { thought_signature: 'sig' } } };
    const request = {
      model: 'm',
      ...history([call('a', 'f', '{}', signed)], [answer('a', '')]),
    };
    const canonical = protocols['openai-chat'].decodeRequest(JSON.stringify(request));
    const sent = protocols['anthropic-messages'].encodeRequest(
      canonical,
      translationTarget('anthropic-messages'),
    );
    expect(sent.body).not.toContain('sig');
    expect(sent.warnings.map(({ path }) => path)).toContain('messages[1].tool_calls[0]');
  });

  const token = (data: string): OpaqueToken => ({
    origin: 'gemini-generate',
    kind: 'signature',
    data,
    family: 'gemini',
  });
  const answer88: CanonicalResponse = {
    id: null,
    model: null,
    createdAtSeconds: null,
    parts: [
      { type: 'reasoning', text: 'hm', opaque: token('s1') },
      { type: 'text', text: 'b', citations: [] },
      { type: 'text', text: '', citations: [], opaque: token('s2') },
      { type: 'tool-call', id: 'c', name: 'f', argumentsText: '{}', opaque: token('s3') },
    ],
    finishReason: 'tool-calls',
    finishDetail: null,
    usage: unknownUsage,
  };
  const context = { requestId: 'r', model: 'm', createdAtSeconds: 0, includeUsage: true };

  it('edge 88: what Gemini signed comes back from a chat client, each with its part', () => {
    const { choices } = JSON.parse(protocols['openai-chat'].encodeResponse(answer88, context)) as {
      choices: { message: object }[];
    };
    const { contents } = fromChat({
      messages: [{ role: 'user', content: 'a' }, choices[0]?.message, answer('c', 'ok')],
    });
    expect(contents[1]?.parts).toEqual([
      { text: 'hm', thought: true, thoughtSignature: 's1' },
      { text: 'b', thoughtSignature: 's2' },
      { functionCall: { id: 'c', name: 'f', args: {} }, thoughtSignature: 's3' },
    ]);
  });

  it('edge 48: what Gemini signed comes back from an Anthropic client, each with its part', () => {
    const { content } = JSON.parse(
      protocols['anthropic-messages'].encodeResponse(answer88, context),
    ) as { content: object[] };
    const { contents } = fromAnthropic({
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: 'ok' }] },
      ],
    });
    expect(contents[1]?.parts).toEqual([
      { text: 'hm', thought: true, thoughtSignature: 's1' },
      { text: 'b', thoughtSignature: 's2' },
      { functionCall: { id: 'c', name: 'f', args: {} }, thoughtSignature: 's3' },
    ]);
  });

  it('edge 50: reasoning that others signed, or nobody, is dropped with a warning', () => {
    const content = [
      { type: 'redacted_thinking', data: 'xx' },
      { type: 'thinking', thinking: 'hm', signature: 'anthropic' },
      { type: 'text', text: 'b' },
    ];
    const messages = [
      { role: 'assistant', content },
      { role: 'user', content: 'c' },
    ];
    const { contents, warnings } = fromAnthropic({ messages });
    expect(contents[0]?.parts).toEqual([{ text: 'b' }]);
    expect(warnings.map(({ path }) => path)).toEqual([
      'messages[0].content[0]',
      'messages[0].content[1]',
    ]);
  });
});

const tool = (name: string, parameters?: object, strict?: boolean): object => ({
  type: 'function',
  function: { name, parameters, strict },
});

describe('tools for Gemini', () => {
  it('edge 25: keep every keyword of their schema, in the field that takes JSON Schema', () => {
    const schema =
      '{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"n":{"type":"number","exclusiveMinimum":0,"enum":[1,2.0]},"l":{"uniqueItems":true},"c":{"const":1}},"propertyNames":{"pattern":"^a"},"additionalProperties":false}';
    const { text } = fromChat({ tools: [tool('f', { at: 'here' })] });
    const canonical = protocols['openai-chat'].decodeRequest(
      `{"model":"m","messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"f","parameters":${schema}}}]}`,
    );
    const { body } = protocols['gemini-generate'].encodeRequest(
      canonical,
      translationTarget('gemini-generate'),
    );
    expect(body).toContain(`"parametersJsonSchema":${schema}`);
    expect(text).toContain('"tools":[{"functionDeclarations":[{"name":"f"');
    expect(fromChat({ tools: [tool('f')] }).text).not.toContain('parametersJsonSchema');
  });

  it('edge 20: have names that Google takes, and their own again in the answer', () => {
    const { body, restoration } = fromChat({
      tools: [tool('mcp.server/tool'), tool('7up'), tool('fine.name:x-1')],
    });
    const [{ functionDeclarations }] = body['tools'] as [{ functionDeclarations: Json[] }];
    const names = functionDeclarations.map(({ name }) => String(name));
    for (const name of names) expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/);
    expect(names[2]).toBe('fine.name:x-1');
    expect([...restoration.tools.values()].map(({ name }) => name)).toEqual([
      'mcp.server/tool',
      '7up',
    ]);
  });

  it.each([
    ['auto', { mode: 'AUTO' }],
    ['none', { mode: 'NONE' }],
    ['required', { mode: 'ANY' }],
    [
      { type: 'function', function: { name: 'g' } },
      { mode: 'ANY', allowedFunctionNames: ['g'] },
    ],
    [
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
      { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
    ],
  ])('choose as Google does: %j', (tool_choice, functionCallingConfig) => {
    const { body } = fromChat({ tools: [tool('f'), tool('g')], tool_choice });
    expect(body['toolConfig']).toEqual({ functionCallingConfig });
  });

  it('that are strict are validated', () => {
    const { body, warnings } = fromChat({ tools: [tool('f', {}, true)] });
    expect(body['toolConfig']).toEqual({ functionCallingConfig: { mode: 'VALIDATED' } });
    expect(warnings).toMatchObject([{ code: 'renamed', path: 'tools[0].function.strict' }]);
    expect(fromChat({ tools: [tool('f', {}, false)] }).body).not.toHaveProperty('toolConfig');
  });

  it('that another provider runs are refused', () => {
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }];
    expect(faultOf(() => fromAnthropic({ tools }))).toMatchObject({
      code: 'unsupported_by_target',
      path: 'tools[0]',
    });
  });
});

describe('media for Gemini', () => {
  const picture = (url: string): object => ({
    messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
  });

  it('edge 12: are inline, with any parameters in the data URI', () => {
    const { contents } = fromChat(picture('data:image/png;charset=utf-8;base64,AAAA'));
    expect(contents[0]?.parts).toEqual([{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }]);
  });

  it('edge 13: of a type Gemini cannot read are refused, naming those it can', () => {
    const fault = faultOf(() => fromChat(picture('data:image/gif;base64,AAAA')));
    expect(fault.message).toContain('WebP');
    expect(fault.path).toBe('messages[0].content[0]');
  });

  it('edge 14: by URL are refused, unless the gateway has fetched them or the target does', () => {
    expect(faultOf(() => fromChat(picture('https://a.example/i.png'))).code).toBe(
      'unsupported_by_target',
    );
  });

  it('edge 14: by URL go as they are to a model whose owner says that it fetches them', () => {
    const body = JSON.stringify({ model: 'm', ...picture('https://a.example/i.png') });
    const target = translationTarget('gemini-generate', { inputs: ['image', 'image-url'] });
    const request = protocols['openai-chat'].decodeRequest(body);
    const sent = protocols['gemini-generate'].encodeRequest(request, target);
    expect(sent.body).toContain('"fileData":{"fileUri":"https://a.example/i.png"}');
  });

  it('edges 15 and 16: audio and documents are inline as well', () => {
    const content = [
      { type: 'input_audio', input_audio: { data: 'BBBB', format: 'mp3' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'JVBERiAA' } },
    ];
    const { contents, warnings } = fromChat({ messages: [{ role: 'user', content }] });
    expect(contents[0]?.parts).toEqual([
      { inlineData: { mimeType: 'audio/mp3', data: 'BBBB' } },
      { inlineData: { mimeType: 'application/pdf', data: 'JVBERiAA' } },
    ]);
    expect(warnings).toMatchObject([{ code: 'dropped', path: 'messages[0].content[1]' }]);
  });
});

describe('thinking at Gemini', () => {
  const effort = (reasoning_effort: string, model?: string): unknown =>
    fromChat({ reasoning_effort }, model).config['thinkingConfig'];

  it('edge 45: is a level at Gemini 3, the nearest there is', () => {
    expect(effort('high')).toEqual({ thinkingLevel: 'high' });
    expect(effort('minimal')).toEqual({ thinkingLevel: 'minimal' });
    expect(effort('xhigh')).toEqual({ thinkingLevel: 'high' });
    expect(effort('minimal', 'gemini-3-pro-preview')).toEqual({ thinkingLevel: 'low' });
    expect(fromChat({ reasoning_effort: 'xhigh' }).warnings).toMatchObject([
      { code: 'clamped', path: 'reasoning_effort' },
    ]);
  });

  it('is a budget at Gemini 2.5', () => {
    expect(effort('low', 'gemini-2.5-flash')).toEqual({ thinkingBudget: 1_024 });
    expect(effort('none', 'gemini-2.5-flash')).toEqual({ thinkingBudget: 0 });
    const thinking = { type: 'enabled', budget_tokens: 31_999 };
    const { config, warnings } = fromAnthropic({ thinking }, 'gemini-2.5-pro');
    expect(config['thinkingConfig']).toEqual({ thinkingBudget: 24_576, includeThoughts: true });
    expect(warnings).toMatchObject([{ code: 'clamped', path: 'thinking' }]);
  });

  it('edge 45: cannot be switched off everywhere, which is a 400 naming the levels', () => {
    expect(effort('none')).toEqual({ thinkingLevel: 'minimal' });
    const fault = faultOf(() => effort('none', 'gemini-3-pro-preview'));
    expect(fault).toMatchObject({ code: 'unsupported_by_target', path: 'reasoning_effort' });
    expect(fault.message).toContain('low, medium, high');
    expect(faultOf(() => effort('none', 'gemini-2.5-pro')).code).toBe('unsupported_by_target');
  });

  it('edge 46: is dropped with a warning for models that do not think', () => {
    const thinking = { type: 'enabled', budget_tokens: 31_999 };
    const { config, warnings } = fromAnthropic({ thinking, max_tokens: 8_000 }, 'gemini-2.0-flash');
    expect(config).not.toHaveProperty('thinkingConfig');
    expect(warnings).toMatchObject([{ code: 'dropped', path: 'thinking' }]);
  });
});
