import { describe, expect, it } from 'vitest';
import { translationTarget } from '../../../test/support/translation-target.js';
import {
  GatewayError,
  protocols,
  type ModelCapabilities,
  type Restoration,
  type TranslationTarget,
  type Warning,
} from './index.js';

type Changes = Partial<TranslationTarget & ModelCapabilities>;

interface Sent {
  readonly text: string;
  readonly body: Record<string, unknown>;
  readonly warnings: readonly Warning[];
  readonly restoration: Restoration;
}

function send(request: object | string, changes: Changes = {}): Sent {
  const text =
    typeof request === 'string'
      ? request
      : JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...request });
  const encoded = protocols['anthropic-messages'].encodeRequest(
    protocols['openai-chat'].decodeRequest(text),
    translationTarget('anthropic-messages', {
      model: 'claude-x',
      label: 'anthropic/claude-x',
      ...changes,
    }),
  );
  return {
    text: encoded.body,
    body: JSON.parse(encoded.body) as Record<string, unknown>,
    warnings: encoded.warnings,
    restoration: encoded.restoration,
  };
}

function refusal(request: object | string, changes: Changes = {}): GatewayError {
  try {
    send(request, changes);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const user = { role: 'user', content: 'hi' };
const tool = {
  type: 'function',
  function: { name: 'f', parameters: { type: 'object', properties: {} } },
};
const call = (id: string, args = '{}'): object => ({
  id,
  type: 'function',
  function: { name: 'f', arguments: args },
});

describe('instructions of a chat request for Anthropic', () => {
  it('stay separate blocks, each with its own cache marker as it was written', () => {
    const { text, body } = send(
      '{"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"one","cache_control":{"ttl":"1h","type":"ephemeral"}}]},{"role":"system","content":"two"},{"role":"user","content":"hi"}]}',
    );
    expect(text).toContain(
      '{"type":"text","text":"one","cache_control":{"ttl":"1h","type":"ephemeral"}},{"type":"text","text":"two"}',
    );
    expect(body['messages']).toHaveLength(1);
  });

  it('include developer messages', () => {
    const { body } = send({ messages: [{ role: 'developer', content: 'be brief' }, user] });
    expect(body['system']).toEqual([{ type: 'text', text: 'be brief' }]);
  });

  it('between turns stay where they are: as user text, or as a system turn where the target takes one', () => {
    const messages = [
      user,
      { role: 'assistant', content: 'a' },
      { role: 'system', content: 'new rule' },
      { role: 'user', content: 'go on' },
    ];
    const { body, warnings } = send({ messages });
    expect(body['system']).toBeUndefined();
    expect(body['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      { role: 'user', content: [{ text: 'new rule' }, { text: 'go on' }] },
    ]);
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'renamed', path: 'messages[2]' }),
    );
    expect(send({ messages }, { takesMidSystem: true }).body['messages']).toMatchObject([
      {},
      {},
      { role: 'system' },
      { role: 'user' },
    ]);
  });

  it('alone become the user message that must not be missing, with a warning', () => {
    const { body, warnings } = send({ messages: [{ role: 'system', content: 'say hi' }] });
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'say hi' }] },
    ]);
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'emulated', path: 'messages[0].content' }),
    );
  });
});

describe('tool calls and results of a chat request for Anthropic', () => {
  it('of parallel calls stand in one user turn, results first, then the text that followed', () => {
    const { body } = send({
      messages: [
        user,
        { role: 'assistant', content: null, tool_calls: [call('a'), call('b'), call('c')] },
        { role: 'tool', tool_call_id: 'a', content: '1' },
        { role: 'tool', tool_call_id: 'b', content: '2' },
        { role: 'tool', tool_call_id: 'c', content: '3' },
        { role: 'user', content: 'and?' },
      ],
    });
    expect(body['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a' }, { id: 'b' }, { id: 'c' }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: '1' },
          { tool_use_id: 'b' },
          { tool_use_id: 'c' },
          { type: 'text', text: 'and?' },
        ],
      },
    ]);
  });

  it('come without an empty text block where the content was null or empty', () => {
    for (const content of [null, '', undefined]) {
      const { body } = send({
        messages: [
          user,
          { role: 'assistant', content, tool_calls: [call('a')] },
          { role: 'tool', tool_call_id: 'a', content: 'x' },
        ],
      });
      expect(body['messages']).toMatchObject([{}, { content: [{ type: 'tool_use' }] }, {}]);
      expect((body['messages'] as { content: unknown[] }[])[1]?.content).toHaveLength(1);
    }
  });

  it('without output are an empty string, neither null nor left out', () => {
    const { body } = send({
      messages: [
        user,
        { role: 'assistant', tool_calls: [call('a')] },
        { role: 'tool', tool_call_id: 'a', content: '' },
      ],
    });
    expect((body['messages'] as unknown[])[2]).toEqual({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'a', content: '' }],
    });
  });

  it.each([
    ['', '{}'],
    ['null', '{}'],
    [
      '{"n":12345678901234567890,"f":1.0,"z":1,"a":2}',
      '{"n":12345678901234567890,"f":1.0,"z":1,"a":2}',
    ],
  ])('with arguments %j are sent as the input %s, text for text', (args, input) => {
    const { text } = send({
      messages: [
        user,
        { role: 'assistant', tool_calls: [call('a', args)] },
        { role: 'tool', tool_call_id: 'a', content: '' },
      ],
    });
    expect(text).toContain(`"input":${input}}`);
  });

  it.each(['[1]', '{"a":', '"x"'])(
    'with arguments %s, which are no object, are refused with their path',
    (args) => {
      expect(
        refusal({ messages: [user, { role: 'assistant', tool_calls: [call('a', args)] }] }),
      ).toMatchObject({
        code: 'invalid_request',
        path: 'messages[1].tool_calls[0].function.arguments',
      });
    },
  );

  it('get ids of plain characters that still match, and stay different', () => {
    const { body } = send({
      messages: [
        user,
        { role: 'assistant', tool_calls: [call('functions.f:0'), call('functions_f.0')] },
        { role: 'tool', tool_call_id: 'functions.f:0', content: '1' },
        { role: 'tool', tool_call_id: 'functions_f.0', content: '2' },
      ],
    });
    const [, calls, results] = body['messages'] as { content: Record<string, string>[] }[];
    const ids = calls?.content.map((block) => block['id']) ?? [];
    expect(results?.content.map((block) => block['tool_use_id'])).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
  });
});

describe('media of a chat request for Anthropic', () => {
  const withPart = (part: object): object => ({ messages: [{ role: 'user', content: [part] }] });
  const image = (url: string): object => withPart({ type: 'image_url', image_url: { url } });
  const blocks = (sent: Sent): unknown =>
    (sent.body['messages'] as { content: unknown }[])[0]?.content;

  it.each([
    ['data:image/png;base64,AAAA', 'image/png', 'AAAA'],
    ['data:image/png;charset=utf-8;base64,AAAA', 'image/png', 'AAAA'],
    ['data:image/jpg;base64,/9j/', 'image/jpeg', '/9j/'],
    ['data:image/gif,%47IF', 'image/gif', 'R0lG'],
  ])('as the data URI %s is sent inline', (url, mediaType, data) => {
    expect(blocks(send(image(url)))).toEqual([
      { type: 'image', source: { type: 'base64', media_type: mediaType, data } },
    ]);
  });

  it('as an https address stays an address', () => {
    expect(blocks(send(image('https://example.com/a.png')))).toEqual([
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
    ]);
  });

  it('of a type it does not take is refused, naming those it takes', () => {
    const error = refusal(image('data:image/svg+xml;base64,AAAA'));
    expect(error).toMatchObject({ code: 'unsupported_by_target', path: 'messages[0].content[0]' });
    expect(error.message).toMatch(/anthropic\/claude-x.*JPEG, PNG, GIF and WebP.*svg/);
  });

  it('that is audio is refused, never left out', () => {
    expect(
      refusal(withPart({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } })),
    ).toMatchObject({
      code: 'unsupported_by_target',
      path: 'messages[0].content[0]',
    });
  });

  it.each(['data:application/pdf;base64,JVBERi0x', 'JVBERi0x'])(
    'that is a PDF, written as %s, is a document',
    (data) => {
      expect(
        blocks(send(withPart({ type: 'file', file: { filename: 'a.pdf', file_data: data } }))),
      ).toEqual([
        {
          type: 'document',
          title: 'a.pdf',
          source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' },
        },
      ]);
    },
  );

  it('that is neither an address nor data is the caller’s mistake', () => {
    expect(refusal(image('file:///etc/passwd'))).toMatchObject({
      code: 'invalid_request',
      path: 'messages[0].content[0].image_url.url',
    });
  });
});

describe('tools of a chat request for Anthropic', () => {
  it('without parameters get an empty object schema', () => {
    const { body } = send({ tools: [{ type: 'function', function: { name: 'f' } }] });
    expect(body['tools']).toEqual([
      { name: 'f', input_schema: { type: 'object', properties: {} } },
    ]);
  });

  it('keep every keyword of their schema and its order', () => {
    const schema =
      '{"$schema":"x","properties":{"b":{"minLength":1.0},"a":{"$ref":"#/$defs/z"}},"type":"object","$defs":{"z":{"const":9007199254740993}},"additionalProperties":false}';
    const { text } = send(
      `{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":${schema}}}]}`,
    );
    expect(text).toContain(`"input_schema":${schema}`);
  });

  it('that forgot to say their root is an object get the word spliced in, with a warning', () => {
    const { body, warnings } = send({
      tools: [{ type: 'function', function: { name: 'f', parameters: { properties: { a: {} } } } }],
    });
    expect(body['tools']).toMatchObject([
      { input_schema: { type: 'object', properties: { a: {} } } },
    ]);
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'emulated', path: 'tools[0].function.parameters' }),
    );
  });

  it('whose root cannot be an object are refused by name', () => {
    const error = refusal({
      tools: [
        {
          type: 'function',
          function: {
            name: 'pick',
            parameters: { anyOf: [{ type: 'object' }, { type: 'string' }] },
          },
        },
      ],
    });
    expect(error).toMatchObject({
      code: 'unsupported_by_target',
      path: 'tools[0].function.parameters',
    });
    expect(error.message).toContain('"pick"');
  });

  it('names the schema it refuses by the caller’s own field', () => {
    const anthropic = protocols['anthropic-messages'];
    const text = JSON.stringify({
      model: 'm',
      max_tokens: 1,
      messages: [user],
      tools: [{ name: 'f', input_schema: { anyOf: [] } }],
    });
    const target = translationTarget('anthropic-messages');
    expect(() => anthropic.encodeRequest(anthropic.decodeRequest(text), target)).toThrow(
      expect.objectContaining({ path: 'tools[0].input_schema' }) as Error,
    );
  });

  it('stay strict up to the limit and are all lax above it', () => {
    const tools = (count: number): object[] =>
      Array.from({ length: count }, (_, index) => ({
        type: 'function',
        function: { name: `f${index}`, parameters: { type: 'object' }, strict: true },
      }));
    expect(send({ tools: tools(20) }).text.match(/"strict":true/g)).toHaveLength(20);
    const many = send({ tools: tools(21) });
    expect(many.text).not.toContain('strict');
    expect(many.warnings).toContainEqual(expect.objectContaining({ path: 'tools[].strict' }));
  });

  it.each<[unknown, unknown]>([
    ['required', { type: 'any' }],
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    [
      { type: 'function', function: { name: 'f' } },
      { type: 'tool', name: 'f' },
    ],
  ])('are chosen by %j as %j and stay declared', (choice, expected) => {
    const { body } = send({ tools: [tool], tool_choice: choice });
    expect(body['tool_choice']).toEqual(expected);
    expect(body['tools']).toHaveLength(1);
  });

  it('that may not run in parallel say so even where nothing was chosen', () => {
    const { body } = send({ tools: [tool], parallel_tool_calls: false });
    expect(body['tool_choice']).toEqual({ type: 'auto', disable_parallel_tool_use: true });
  });

  it('cannot be required where there are none', () => {
    expect(refusal({ tool_choice: 'required' })).toMatchObject({
      code: 'invalid_request',
      path: 'tool_choice',
    });
  });

  it('among which only some are allowed are cut to those, with a warning', () => {
    const other = { type: 'function', function: { name: 'g' } };
    const choice = {
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'g' } }] },
    };
    const { body, warnings } = send({ tools: [tool, other], tool_choice: choice });
    expect(body['tools']).toMatchObject([{ name: 'g' }]);
    expect(body['tool_choice']).toEqual({ type: 'any' });
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'emulated', path: 'tool_choice' }),
    );
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'dropped', path: 'tools[0]' }));
  });

  it('of the provider’s own are refused', () => {
    expect(refusal({ tools: [{ type: 'code_interpreter' }] })).toMatchObject({
      code: 'unsupported_by_target',
      path: 'tools[0]',
    });
  });
});

describe('settings of a chat request for Anthropic', () => {
  it('turn one stop string into a list', () => {
    expect(send({ stop: '###' }).body['stop_sequences']).toEqual(['###']);
  });

  it('leave stop strings of nothing but white space to the gateway', () => {
    const { body, warnings, restoration } = send({ stop: ['\n\n', 'END'] });
    expect(body['stop_sequences']).toEqual(['END']);
    expect(restoration.stopSequences).toEqual(['\n\n']);
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'emulated', path: 'stop' }));
  });

  it('clamp a temperature above 1, with a warning', () => {
    const { body, warnings } = send({ temperature: 1.6 });
    expect(body['temperature']).toBe(1);
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'clamped', path: 'temperature' }),
    );
  });

  it.each<Changes>([{ takesSampling: false }, { anthropicVersion: '2026-10-21' }])(
    'drop sampling with a warning for %j',
    (changes) => {
      const { body, warnings } = send({ temperature: 1.6, top_p: 0.5 }, changes);
      expect(body).not.toHaveProperty('temperature');
      expect(body).not.toHaveProperty('top_p');
      expect(warnings.filter(({ code }) => code === 'dropped').map(({ path }) => path)).toEqual([
        'temperature',
        'top_p',
      ]);
    },
  );

  it('keep sampling for the older version', () => {
    expect(send({ temperature: 0.5 }, { anthropicVersion: '2023-06-01' }).body['temperature']).toBe(
      0.5,
    );
  });

  it('name the model’s own limit where the caller set none', () => {
    expect(send({}).body['max_tokens']).toBe(8_192);
    expect(send({ max_tokens: 5 }).body['max_tokens']).toBe(5);
    expect(send({ max_tokens: 5, max_completion_tokens: 6 }).body['max_tokens']).toBe(6);
  });

  it('keep the thinking budget below the limit', () => {
    const budgets: Changes = { thinkingModes: ['off', 'budget'] };
    const { body, warnings } = send({ reasoning_effort: 'high', max_tokens: 4_000 }, budgets);
    expect(body['thinking']).toEqual({ type: 'enabled', budget_tokens: 3_999 });
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'clamped', path: 'reasoning_effort' }),
    );
    expect(send({ reasoning_effort: 'high', max_tokens: 1_000 }, budgets).body).not.toHaveProperty(
      'thinking',
    );
  });

  it('ask newer models for a level of effort', () => {
    const { body } = send({ reasoning_effort: 'high' }, { takesSampling: false });
    expect(body).toMatchObject({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
    });
    expect(
      send({ reasoning_effort: 'minimal' }, { takesSampling: false }).body['output_config'],
    ).toEqual({ effort: 'low' });
    expect(send({ reasoning_effort: 'none' }).body['thinking']).toEqual({ type: 'disabled' });
  });

  it('think neither before a forced call nor amid calls that were made without signed thinking', () => {
    expect(
      send({ reasoning_effort: 'low', tools: [tool], tool_choice: 'required' }).body,
    ).not.toHaveProperty('thinking');
    const messages = [
      user,
      { role: 'assistant', tool_calls: [call('a')] },
      { role: 'tool', tool_call_id: 'a', content: 'x' },
    ];
    const { body, warnings } = send(
      { reasoning_effort: 'low', messages },
      { thinkingModes: ['off', 'budget'] },
    );
    expect(body).not.toHaveProperty('thinking');
    expect(warnings).toContainEqual(expect.objectContaining({ path: 'reasoning_effort' }));
  });

  it('carry a JSON schema text for text and warn of its name', () => {
    const request =
      '{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","additionalProperties":false,"enum":[1.0]}}}}';
    const { text, warnings } = send(request);
    expect(text).toContain(
      '"output_config":{"format":{"type":"json_schema","schema":{"type":"object","additionalProperties":false,"enum":[1.0]}}}',
    );
    expect(warnings).toContainEqual(
      expect.objectContaining({ path: 'response_format.json_schema.name' }),
    );
  });

  it.each<[string, unknown]>([
    ['n', 3],
    ['logprobs', true],
    ['logit_bias', { '50256': -100 }],
    ['modalities', ['text', 'audio']],
    ['audio', { voice: 'x', format: 'wav' }],
    ['web_search_options', {}],
    ['moderation', { model: 'x' }],
    ['grammar', 'root ::= "x"'],
  ])('refuse %s, which would change the answer', (name, value) => {
    const error = refusal({ [name]: value });
    expect(error).toMatchObject({ code: 'unsupported_by_target', path: name });
    expect(error.message).toMatch(/anthropic\/claude-x: .+\. .+/);
  });

  it.each<[string, unknown]>([
    ['n', 1],
    ['logprobs', false],
    ['logit_bias', {}],
    ['modalities', ['text']],
    ['store', false],
  ])('say nothing of %s when it asks for nothing', (name, value) => {
    expect(send({ [name]: value }).warnings.map(({ path }) => path)).not.toContain(name);
  });

  it('warn of hints and unknown fields at any depth', () => {
    const { warnings } = send({
      seed: 1,
      verbosity: 'low',
      x: { y: 1 },
      messages: [{ role: 'user', name: 'bob', content: [{ type: 'text', text: 'x', z: 1 }] }],
    });
    const paths = warnings.filter(({ code }) => code === 'dropped').map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'seed',
        'verbosity',
        'x',
        'messages[0].name',
        'messages[0].content[0].z',
      ]),
    );
  });

  it('share a plain user id, and keep an e-mail address at home', () => {
    expect(send({ user: 'u-123' }).body['metadata']).toEqual({ user_id: 'u-123' });
    const { body, warnings } = send({ user: 'someone@example.com' });
    expect(body).not.toHaveProperty('metadata');
    expect(warnings).toContainEqual(expect.objectContaining({ path: 'user' }));
  });
});

describe('reasoning in the history of a chat request', () => {
  const history = (extra: object): object => ({
    messages: [user, { role: 'assistant', content: 'a', ...extra }, user],
  });

  it('returns to Anthropic with the signature Anthropic gave', () => {
    const details = [
      {
        type: 'reasoning.text',
        text: 'hm',
        signature: 'SIG',
        format: 'anthropic-claude-v1',
        index: 0,
      },
    ];
    const { body } = send(history({ reasoning_content: 'hm', reasoning_details: details }));
    expect((body['messages'] as { content: unknown[] }[])[1]?.content).toEqual([
      { type: 'thinking', thinking: 'hm', signature: 'SIG' },
      { type: 'text', text: 'a' },
    ]);
  });

  it('that is unsigned or signed elsewhere is dropped with a warning', () => {
    const foreign = [
      { type: 'reasoning.text', text: 'hm', signature: 'SIG', format: 'google-gemini-v1' },
    ];
    for (const extra of [{ reasoning_content: 'hm' }, { reasoning_details: foreign }]) {
      const { text, warnings } = send(history(extra));
      expect(text).not.toContain('SIG');
      expect(text).not.toContain('thinking');
      expect(warnings).toContainEqual(
        expect.objectContaining({
          code: 'dropped',
          path: expect.stringContaining('messages[1].reasoning') as string,
        }),
      );
    }
  });
});

describe('a chat request that is not one', () => {
  it.each([
    ['{"model":"m","messages":[{"role":"user"}]}', 'messages[0].content'],
    ['{"model":"m","messages":[{"role":"robot","content":"x"}]}', 'messages[0].role'],
    ['{"model":"m","messages":["hi"]}', 'messages[0]'],
    ['{"model":"m","messages":[],"temperature":1e400}', 'temperature'],
    ['{"model":"m","messages":[{"role":"tool","content":"x"}]}', 'messages[0].tool_call_id'],
    [
      '{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}',
      'messages[0].content[0].text',
    ],
  ])('%s is refused at %s', (text, path) => {
    expect(refusal(text)).toMatchObject({ code: 'invalid_request', path });
  });

  it('is told the place where its JSON breaks', () => {
    expect(refusal('{"model":"m",\n "messages":[}').message).toBe(
      'The request body is not valid JSON: expected a JSON value at line 2, column 14.',
    );
  });
});
