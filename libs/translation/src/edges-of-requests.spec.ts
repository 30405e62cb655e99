import { describe, expect, it } from 'vitest';
import { opaqueEnvelopeMark } from './index.js';
import {
  refusalOf,
  translateRequest,
  type Json,
  type TargetChanges,
  type TranslatedRequest,
} from '../../../test/support/translate.js';
import { protocols } from './index.js';

const user = { role: 'user', content: 'hi' };
const image = (url: string): Json => ({ type: 'image_url', image_url: { url } });

function toAnthropic(body: object | string, changes: TargetChanges = {}): TranslatedRequest {
  const whole = typeof body === 'string' ? body : { model: 'm', messages: [user], ...body };
  return translateRequest('openai-chat', 'anthropic-messages', whole, changes);
}

function toChat(body: object | string, changes: TargetChanges = {}): TranslatedRequest {
  const whole =
    typeof body === 'string' ? body : { model: 'm', max_tokens: 100, messages: [user], ...body };
  return translateRequest('anthropic-messages', 'openai-chat', whole, changes);
}

const local: TargetChanges = { isLocal: true };
const messagesOf = ({ json }: TranslatedRequest): Json[] => json['messages'] as Json[];
/** Blocks or parts of the message at `index`. */
const contentOf = (sent: TranslatedRequest, index: number): Json[] =>
  (messagesOf(sent)[index]?.['content'] ?? []) as Json[];
const toolsOf = ({ json }: TranslatedRequest): Json[] => json['tools'] as Json[];

function chatTool(name: string, rest: object = {}): Json {
  return { type: 'function', function: { name, parameters: { type: 'object' }, ...rest } };
}
const chatCall = (id: string, args: string): Json => ({
  id,
  type: 'function',
  function: { name: 'f', arguments: args },
});
const result = (id: string, content: unknown, rest: object = {}): Json => ({
  type: 'tool_result',
  tool_use_id: id,
  content,
  ...rest,
});
const png = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };

describe('messages', () => {
  it('edge 1: two leading system messages stay two blocks, the marker on the first', () => {
    const first = { type: 'text', text: 'one', cache_control: { type: 'ephemeral', ttl: '1h' } };
    const { json } = toAnthropic({
      messages: [{ role: 'system', content: [first] }, { role: 'system', content: 'two' }, user],
    });
    expect(json['system']).toEqual([first, { type: 'text', text: 'two' }]);
  });

  it('edge 2: system in the middle stays in the middle, as system where the target takes it', () => {
    const messages = [user, { role: 'assistant', content: 'a' }, { role: 'system', content: 's' }];
    const asUser = toAnthropic({ messages });
    expect(asUser.json).not.toHaveProperty('system');
    expect(messagesOf(asUser).map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    const asSystem = toAnthropic({ messages }, { takesMidSystem: true });
    expect(messagesOf(asSystem).map(({ role }) => role)).toEqual(['user', 'assistant', 'system']);
  });

  it('edge 3: a second message that is system becomes user text for a local template', () => {
    const messages = [user, { role: 'system', content: 'rule' }];
    expect(messagesOf(toChat({ messages }, local))).toEqual([
      { role: 'user', content: 'hi\n\nrule' },
    ]);
    expect(messagesOf(toChat({ messages }, { ...local, takesMidSystem: true }))[1]).toEqual({
      role: 'system',
      content: 'rule',
    });
  });

  it('edge 4: the billing header in front of the system prompt is left out', () => {
    const system = [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=2; cch=abcde;' },
      { type: 'text', text: 'be good' },
    ];
    const sent = toChat({ system }, local);
    expect(messagesOf(sent)[0]).toEqual({ role: 'system', content: 'be good' });
    expect(sent.losses).toContain('removed system[0]');
    expect(messagesOf(toChat({ system }, { lossMode: 'strict' }))[0]).toMatchObject({
      content: 'be good',
    });
  });

  it('edge 5: developer becomes system, or whatever role the target knows', () => {
    const messages = [{ role: 'developer', content: 'd' }, user];
    expect(toAnthropic({ messages }).json['system']).toEqual([{ type: 'text', text: 'd' }]);
    const roleFor = (changes: TargetChanges): unknown =>
      messagesOf(toChat({ system: 'd' }, changes))[0]?.['role'];
    expect(roleFor(local)).toBe('system');
    expect(roleFor({ instructionRole: 'developer' })).toBe('developer');
    expect(roleFor({ instructionRole: 'user' })).toBe('user');
  });

  it('edge 6: three tool messages and a user message become one user turn, results first', () => {
    const ids = ['a', 'b', 'c'];
    const sent = toAnthropic({
      messages: [
        user,
        { role: 'assistant', content: null, tool_calls: ids.map((id) => chatCall(id, '{}')) },
        ...ids.map((id) => ({ role: 'tool', tool_call_id: id, content: id })),
        { role: 'user', content: 'go on' },
      ],
    });
    expect(messagesOf(sent)).toHaveLength(3);
    expect(contentOf(sent, 2).map(({ type }) => type)).toEqual([
      'tool_result',
      'tool_result',
      'tool_result',
      'text',
    ]);
  });

  it('edge 7: text before two results comes behind two tool messages', () => {
    const sent = toChat({
      messages: [
        {
          role: 'assistant',
          content: ['a', 'b'].map((id) => ({ type: 'tool_use', id, name: 'f', input: {} })),
        },
        {
          role: 'user',
          content: [{ type: 'text', text: 'note' }, result('a', '1'), result('b', '2')],
        },
      ],
    });
    expect(messagesOf(sent).map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool', 'user']);
  });

  it('edge 8: images in parallel results follow in one user message behind all tool messages', () => {
    const sent = toChat({
      messages: [{ role: 'user', content: [result('a', [png]), result('b', [png])] }],
    });
    expect(messagesOf(sent).map(({ role }) => role)).toEqual(['tool', 'tool', 'user']);
    const parts = contentOf(sent, 2);
    expect(parts.filter(({ type }) => type === 'image_url')).toHaveLength(2);
  });

  it('edge 9: is_error becomes a marker in front of the text', () => {
    const sent = toChat({
      messages: [{ role: 'user', content: [result('a', 'no such file', { is_error: true })] }],
    });
    expect(messagesOf(sent)[0]?.['content']).toBe('[tool_error] no such file');
  });

  it('edge 10: a result without content is an empty string', () => {
    const block = { type: 'tool_result', tool_use_id: 'a' };
    expect(messagesOf(toChat({ messages: [{ role: 'user', content: [block] }] }))[0]).toEqual({
      role: 'tool',
      tool_call_id: 'a',
      content: '',
    });
  });

  it('edge 11: content null beside calls gives tool_use blocks alone', () => {
    const sent = toAnthropic(
      {
        messages: [user, { role: 'assistant', content: null, tool_calls: [chatCall('a', '{}')] }],
      },
      { takesPrefill: true },
    );
    expect(messagesOf(sent)[1]?.['content']).toEqual([
      { type: 'tool_use', id: 'a', name: 'f', input: {} },
    ]);
  });

  it('section 1.2: a last assistant message is continued only by targets that do so', () => {
    const messages = [user, { role: 'assistant', content: 'Well', prefix: true }];
    expect(refusalOf(() => toAnthropic({ messages }))).toMatchObject({ path: 'messages[1]' });
    expect(messagesOf(toAnthropic({ messages }, { takesPrefill: true }))).toHaveLength(2);
    expect(
      refusalOf(() => toChat({ messages: messages.map((each) => ({ ...each })) })),
    ).toMatchObject({ code: 'unsupported_by_target', path: 'messages[1]' });
  });

  it('edge 49: calls that another model made carry Google’s word for that', () => {
    const messages = [
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
      { role: 'user', content: [result('a', 'x')] },
    ];
    expect(toChat({ messages }, { needsCallSignatures: true }).body).toContain(
      '"extra_content":{"google":{"thought_signature":"skip_thought_signature_validator"}}',
    );
    expect(toChat({ messages }).body).not.toContain('extra_content');
  });

  it('edge 59: between the same protocols nothing but the name of the model changes', () => {
    const { 'anthropic-messages': anthropic } = protocols;
    const text =
      '{"model": "alias","max_tokens":1,"x_beta":{"n":1.0},"messages":[{"role":"user","content":[{"type":"new_block","deep":[12345678901234567890]}]}]}';
    const envelope = anthropic.readEnvelope(new TextEncoder().encode(text));
    expect(anthropic.passthroughEdits(envelope, 'claude-x')).toEqual([
      { span: { start: 10, end: 17 }, text: '"claude-x"' },
    ]);
    const tap = anthropic.createStreamTap(false);
    const stream = 'event: new_event\ndata: {"type":"new_event","x":1.0}  \n\n';
    expect(tap.push(stream)).toBe(stream);
  });

  it('edge 48: thinking that we marked as unsigned is not shown to Anthropic', () => {
    const sent = translateRequest('anthropic-messages', 'anthropic-messages', {
      model: 'm',
      max_tokens: 10,
      messages: [
        user,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: `${opaqueEnvelopeMark}e30=` },
            { type: 'text', text: 'answer' },
          ],
        },
        user,
      ],
    });
    expect(messagesOf(sent)[1]?.['content']).toEqual([{ type: 'text', text: 'answer' }]);
  });

  it('edge 47: thinking without text but with a signature goes back as it was', () => {
    const block = { type: 'thinking', thinking: '', signature: 'SIG' };
    const sent = translateRequest('anthropic-messages', 'anthropic-messages', {
      model: 'm',
      max_tokens: 10,
      thinking: { type: 'between_tools', display: 'omitted' },
      messages: [user, { role: 'assistant', content: [block, { type: 'text', text: 'a' }] }, user],
    });
    expect(contentOf(sent, 1)[0]).toEqual(block);
    expect(sent.json['thinking']).toEqual({ type: 'between_tools', display: 'omitted' });
  });

  it('edge 50: redacted thinking is dropped for others, with a warning', () => {
    const sent = toChat({
      messages: [
        user,
        {
          role: 'assistant',
          content: [
            { type: 'redacted_thinking', data: 'OPAQUE' },
            { type: 'text', text: 'a' },
          ],
        },
        user,
      ],
    });
    expect(sent.body).not.toContain('OPAQUE');
    expect(sent.losses).toContain('dropped messages[1].content[0]');
  });
});

describe('media', () => {
  const send = (part: Json, changes: TargetChanges = {}): TranslatedRequest =>
    toAnthropic({ messages: [{ role: 'user', content: [part] }] }, changes);
  const partOf = (sent: TranslatedRequest): unknown => contentOf(sent, 0)[0];

  it('edge 12: a data URI with parameters is read', () => {
    expect(partOf(send(image('data:image/png;charset=utf-8;base64,AAAA')))).toEqual({
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: 'AAAA' },
    });
  });

  it.each(['image/svg+xml', 'image/bmp'])(
    'edge 13: %s is refused, and the accepted types are named',
    (type) => {
      const error = refusalOf(() => send(image(`data:${type};base64,AAAA`)));
      expect(error).toMatchObject({
        code: 'unsupported_by_target',
        path: 'messages[0].content[0]',
      });
      expect(error.message).toMatch(/JPEG, PNG, GIF and WebP/);
    },
  );

  it('edge 14: an https image is fetched by Anthropic, and refused where nobody fetches', () => {
    const url = 'https://e.example/i.png';
    expect(partOf(send(image(url)))).toEqual({ type: 'image', source: { type: 'url', url } });
    const body = {
      messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url } }] }],
    };
    expect(refusalOf(() => toChat(body, local)).message).toMatch(/data: URI/);
  });

  it('edge 15: audio is refused', () => {
    const part = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } };
    expect(refusalOf(() => send(part))).toMatchObject({ path: 'messages[0].content[0]' });
  });

  it('edge 16: a PDF comes through with and without its data prefix, text as a text document', () => {
    const file = (data: string): Json => ({
      type: 'file',
      file: { filename: 'n', file_data: data },
    });
    const source = { type: 'base64', media_type: 'application/pdf', data: 'JVBERiAx' };
    expect(partOf(send(file('data:application/pdf;base64,JVBERiAx')))).toMatchObject({ source });
    expect(partOf(send(file('JVBERiAx')))).toMatchObject({ source });
    expect(partOf(send(file('data:text/plain;base64,w6TDtg==')))).toMatchObject({
      type: 'document',
      title: 'n',
      source: { type: 'text', media_type: 'text/plain', data: 'äö' },
    });
    expect(refusalOf(() => send(file('data:application/zip;base64,AAAA'))).message).toMatch(/PDF/);
  });

  it('is told in which detail images were to be looked at', () => {
    const part = { type: 'image_url', image_url: { url: 'https://e.example/', detail: 'high' } };
    expect(send(part).losses).toContain('dropped messages[0].content[0]');
  });
});

describe('tools', () => {
  const history = (args: string): Json => ({
    messages: [
      user,
      { role: 'assistant', content: null, tool_calls: [chatCall('a', args)] },
      { role: 'tool', tool_call_id: 'a', content: 'x' },
    ],
  });

  it.each(['', 'null', ' '])('edge 18: the arguments %j are no arguments', (args) => {
    const blocks = contentOf(toAnthropic(history(args)), 1);
    expect(blocks[0]?.['input']).toEqual({});
  });

  it('edge 18: arguments that are no object are refused with their path', () => {
    expect(refusalOf(() => toAnthropic(history('[1]')))).toMatchObject({
      code: 'invalid_request',
      path: 'messages[1].tool_calls[0].function.arguments',
    });
  });

  it('edge 20: long names and dots are rewritten without collisions and restored', () => {
    const names = ['read/file', 'read_file', 'mcp.server/tool', 'x'.repeat(140)];
    const sent = toAnthropic({ tools: names.map((name) => chatTool(name)) });
    const wire = toolsOf(sent).map(({ name }) => String(name));
    expect(new Set(wire).size).toBe(4);
    for (const [index, name] of wire.entries()) {
      expect(name).toMatch(/^[a-zA-Z0-9_-]{1,128}$/);
      expect(sent.restoration.tools.get(name)?.name ?? name).toBe(names[index]);
    }
  });

  it('edge 26: a tool without parameters gets an empty object schema', () => {
    const sent = toAnthropic({ tools: [{ type: 'function', function: { name: 'f' } }] });
    expect(toolsOf(sent)[0]?.['input_schema']).toEqual({ type: 'object', properties: {} });
  });

  it.each<[string, string]>([
    [
      '{"$ref":"#/$defs/A","$defs":{"A":{"type":"object","properties":{"n":{"const":1.0}}}}}',
      '{"type":"object","properties":{"n":{"const":1.0}},"$defs":{"A":{"type":"object","properties":{"n":{"const":1.0}}}}}',
    ],
    [
      '{"anyOf":[{"type":"object","required":["a"]}],"title":"T"}',
      '{"type":"object","required":["a"],"title":"T"}',
    ],
    ['{"type":["object","null"],"minProperties":1}', '{"type":"object","minProperties":1}'],
    ['{"properties":{}}', '{"type":"object","properties":{}}'],
  ])('edge 27: the root %s becomes an object', (schema, expected) => {
    const sent = toAnthropic(
      `{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":${schema}}}]}`,
    );
    expect(sent.body).toContain(`"input_schema":${expected}`);
    expect(sent.losses).toContain('emulated tools[0].function.parameters');
  });

  it.each([
    { anyOf: [{ type: 'object' }, { type: 'object', title: 'other' }] },
    { $ref: '#' },
    { $ref: '#/$defs/A', $defs: { A: { $ref: '#/$defs/A' } } },
    { type: 'string' },
    { $ref: 'https://e.example/schema' },
  ])('edge 27: the root %j is refused with the name of the tool', (parameters) => {
    const error = refusalOf(() => toAnthropic({ tools: [chatTool('weather', { parameters })] }));
    expect(error).toMatchObject({ path: 'tools[0].function.parameters' });
    expect(error.message).toContain('weather');
  });

  it('edge 28: a schema keeps its order, its numbers and every keyword', () => {
    const schema =
      '{"type":"object","$schema":"s","z":1.0,"properties":{"b":{"pattern":"^a$"},"a":{"exclusiveMinimum":12345678901234567890}},"additionalProperties":false}';
    const sent = toAnthropic(
      `{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":${schema}}}]}`,
    );
    expect(sent.body).toContain(`"input_schema":${schema}`);
  });

  it('edge 30: more strict tools than the limit are all lax, with a warning, or refused in strict', () => {
    const tools = Array.from({ length: 25 }, (_, index) => chatTool(`f${index}`, { strict: true }));
    const sent = toAnthropic({ tools });
    expect(toolsOf(sent)).toHaveLength(25);
    expect(sent.body).not.toContain('"strict"');
    expect(sent.losses).toContain('dropped tools[].strict');
    expect(
      refusalOf(() => toAnthropic({ tools, max_tokens: 5 }, { lossMode: 'strict' })),
    ).toMatchObject({
      path: 'tools[].strict',
    });
  });

  it('edge 30: strict tools with too many optional parameters or unions are lax as well', () => {
    const names = Array.from({ length: 25 }, (_, index) => `p${index}`);
    const optional = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
    const unions = Object.fromEntries(
      names.slice(0, 17).map((name) => [name, { type: ['string', 'null'] }]),
    );
    for (const [properties, required] of [
      [optional, []],
      [unions, Object.keys(unions)],
    ] as const) {
      const parameters = { type: 'object', properties, required, additionalProperties: false };
      const sent = toAnthropic({ tools: [chatTool('f', { parameters, strict: true })] });
      expect(sent.losses).toContain('dropped tools[].strict');
    }
  });

  it('edge 31: a forced call without tools is refused', () => {
    expect(refusalOf(() => toAnthropic({ tool_choice: 'required' }))).toMatchObject({
      code: 'invalid_request',
      path: 'tool_choice',
    });
  });

  it('edge 32: no call is allowed, and the tools stay', () => {
    const { json } = toAnthropic({ tools: [chatTool('f')], tool_choice: 'none' });
    expect(json).toMatchObject({ tool_choice: { type: 'none' }, tools: [{ name: 'f' }] });
  });

  it('edge 33: serial calls without a choice are said with auto', () => {
    const { json } = toAnthropic({ tools: [chatTool('f')], parallel_tool_calls: false });
    expect(json['tool_choice']).toEqual({ type: 'auto', disable_parallel_tool_use: true });
  });

  it('edge 34: where only "required" is known, only the named tool is sent', () => {
    const body = {
      tools: ['f', 'g'].map((name) => ({ name, input_schema: { type: 'object' } })),
      tool_choice: { type: 'tool', name: 'g' },
    };
    const sent = toChat(body, { ...local, forcedTools: 'any' });
    expect(toolsOf(sent)).toMatchObject([{ function: { name: 'g' } }]);
    expect(sent.json['tool_choice']).toBe('required');
    expect(sent.losses).toContain('emulated tool_choice');
    expect(toolsOf(toChat(body, { ...local, forcedTools: 'named' }))).toHaveLength(2);
    expect(refusalOf(() => toChat(body, { ...local, forcedTools: 'none' }))).toMatchObject({
      code: 'unsupported_by_target',
      path: 'tool_choice',
    });
  });

  it('edge 61: no marker is made that the caller did not write', () => {
    const part = { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } };
    const sent = toAnthropic({ messages: [{ role: 'user', content: [part, part] }] });
    expect(sent.body.match(/cache_control/g)).toHaveLength(2);
    expect(sent.body).not.toContain('ttl');
  });

  it('edge 62: ids become nine letters and digits for Mistral, the same in call and result', () => {
    const sent = toChat(
      {
        messages: [
          {
            role: 'assistant',
            content: [
              { type: 'tool_use', id: 'toolu_01ABCDEFGHIJKLMNOPQRSTUV', name: 'f', input: {} },
            ],
          },
          { role: 'user', content: [result('toolu_01ABCDEFGHIJKLMNOPQRSTUV', 'x')] },
        ],
      },
      { toolCallIds: 'mistral' },
    );
    const [assistant, tool] = messagesOf(sent);
    const [call] = (assistant?.['tool_calls'] ?? []) as Json[];
    const id = call?.['id'];
    expect(id).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(tool?.['tool_call_id']).toBe(id);
  });
});

describe('settings', () => {
  it('edge 35: one stop string becomes a list', () => {
    expect(toAnthropic({ stop: '###' }).json['stop_sequences']).toEqual(['###']);
  });

  it('edge 35: stop strings beyond the limit are cut at by the gateway', () => {
    const stops = ['a', 'b', 'c', 'd', 'e'];
    const sent = toChat({ stop_sequences: stops }, { maxStopSequences: 4 });
    expect(sent.json['stop']).toEqual(stops.slice(0, 4));
    expect(sent.restoration.stopSequences).toEqual(['e']);
    expect(sent.losses).toContain('emulated stop_sequences');
  });

  it('edge 37: a temperature above 1 is cut for older models and left out for newer ones', () => {
    const older = toAnthropic({ temperature: 1.6 });
    expect(older.json['temperature']).toBe(1);
    expect(older.losses).toContain('clamped temperature');
    for (const changes of [{ takesSampling: false }, { anthropicVersion: '2026-10-21' }]) {
      const newer = toAnthropic({ temperature: 1.6 }, changes);
      expect(newer.json).not.toHaveProperty('temperature');
      expect(newer.losses).toContain('dropped temperature');
    }
  });

  it.each<[string, object]>([
    ['temperature', { temperature: 1 }],
    ['top_k', { top_k: 5 }],
    [
      'messages[0].content[0]',
      {
        messages: [
          {
            role: 'assistant',
            content: [
              { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } },
            ],
          },
          user,
        ],
      },
    ],
    [
      'messages[0].content[0].citations',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'x', citations: [{}] }] }] },
    ],
  ])('edge 38: version 2026-10-21 refuses %s whatever the target', (path, fields) => {
    const body = { model: 'm', max_tokens: 10, messages: [user], ...fields };
    const run = (version: string): TranslatedRequest =>
      translateRequest('anthropic-messages', 'openai-chat', body, {
        ...local,
        callerVersion: version,
      });
    expect(refusalOf(() => run('2026-10-21'))).toMatchObject({ code: 'invalid_request', path });
    expect(() => run('2023-06-01')).not.toThrow();
  });

  it('edge 39: without a limit the model’s own is named, and thinking stays below it', () => {
    const { json } = toAnthropic(
      { reasoning_effort: 'max' },
      { maxOutputTokens: 32_000, thinkingModes: ['budget'] },
    );
    expect(json).toMatchObject({
      max_tokens: 32_000,
      thinking: { type: 'enabled', budget_tokens: 31_999 },
    });
    const capped = toAnthropic({ max_tokens: 99_000 }, { maxOutputTokens: 32_000 });
    expect(capped.json['max_tokens']).toBe(32_000);
    expect(capped.losses).toContain('clamped max_tokens');
  });

  it('edge 41: several answers are refused', () => {
    expect(refusalOf(() => toAnthropic({ n: 3 }))).toMatchObject({
      code: 'unsupported_by_target',
      path: 'n',
    });
    expect(() => toAnthropic({ n: 1 })).not.toThrow();
  });

  it('edge 42: what Anthropic cannot enforce of a schema moves into its description', () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string', minLength: 2, description: 'who' } },
      required: ['name'],
    };
    const sent = toAnthropic({
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema } },
    });
    expect(sent.json['output_config']).toMatchObject({
      format: {
        schema: {
          additionalProperties: false,
          properties: { name: { type: 'string', description: 'who\n\n{minLength: 2}' } },
        },
      },
    });
    expect(sent.losses).toContain('relaxed response_format.json_schema');
    expect(JSON.parse(sent.restoration.relaxedSchema?.json ?? 'null')).toEqual(schema);
  });

  it('edge 43: a schema that breaks the rules of strict mode is sent without it', () => {
    const format = (schema: object): Json => ({
      output_config: { format: { type: 'json_schema', schema } },
    });
    const closed = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    expect(toChat(format(closed)).json['response_format']).toMatchObject({
      json_schema: { name: 'response', strict: true },
    });
    expect(toChat(format({ ...closed, required: [] })).json['response_format']).toMatchObject({
      json_schema: { strict: false },
    });
  });

  it('edge 45: minimal becomes low, and none is refused where the model always thinks', () => {
    const minimal = toAnthropic({ reasoning_effort: 'minimal' });
    expect(minimal.json['output_config']).toEqual({ effort: 'low' });
    expect(minimal.losses).toContain('clamped reasoning_effort');
    const error = refusalOf(() =>
      toAnthropic(
        { reasoning_effort: 'none' },
        { thinkingModes: ['adaptive'], effortLevels: ['low', 'medium', 'high', 'max'] },
      ),
    );
    expect(error).toMatchObject({ code: 'unsupported_by_target', path: 'reasoning_effort' });
    expect(error.message).toContain('Supported levels: low, medium, high, max.');
    expect(toAnthropic({ reasoning_effort: 'none' }).json['thinking']).toEqual({
      type: 'disabled',
    });
  });

  it('edge 46: a thinking budget is dropped for a model that does not think, or becomes a switch', () => {
    const thinking = { type: 'enabled', budget_tokens: 31_999 };
    expect(toChat({ thinking }, local).losses).toContain('dropped thinking');
    expect(
      toChat({ thinking }, { ...local, extraFields: ['chat_template_kwargs'] }).json,
    ).toMatchObject({ chat_template_kwargs: { enable_thinking: true } });
    expect(
      toChat({ thinking }, { effortLevels: ['low', 'medium', 'high'] }).json['reasoning_effort'],
    ).toBe('high');
  });

  it('edge 60: a time to live is taken off only where the target refuses it', () => {
    const body = {
      messages: [
        {
          role: 'user',
          content: [{ type: 'text', text: 'x', cache_control: { ttl: '1h', type: 'ephemeral' } }],
        },
      ],
    };
    expect(toAnthropic(body).body).toContain('"cache_control":{"ttl":"1h","type":"ephemeral"}');
    const without = toAnthropic(body, { cacheMarks: 'anthropic-without-ttl' });
    expect(without.body).toContain('"cache_control":{"type":"ephemeral"}');
    expect(without.losses).toContain('clamped messages[0].content[0].cache_control.ttl');
  });

  it('section 1.6: markers become OpenAI’s, and those of tools move to the first instruction', () => {
    const mark = { cache_control: { type: 'ephemeral', ttl: '1h' } };
    const sent = toChat(
      {
        system: 'be good',
        tools: [{ name: 'f', input_schema: { type: 'object' }, ...mark }],
        messages: [{ role: 'user', content: [{ type: 'text', text: 'x', ...mark }] }],
      },
      { cacheMarks: 'openai' },
    );
    const breakpoint = { prompt_cache_breakpoint: { mode: 'explicit' } };
    expect(messagesOf(sent)).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'be good', ...breakpoint }] },
      { role: 'user', content: [{ type: 'text', text: 'x', ...breakpoint }] },
    ]);
    expect(sent.json['prompt_cache_options']).toEqual({ ttl: '12h' });
    expect(sent.losses).toContain('renamed tools[0].cache_control');
    const back = toAnthropic({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'x', ...breakpoint }] }],
    });
    expect(back.body).toContain('"cache_control":{"type":"ephemeral"}');
  });
});
