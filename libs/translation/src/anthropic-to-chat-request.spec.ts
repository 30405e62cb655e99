import { describe, expect, it } from 'vitest';
import { translationTarget } from '../../../test/support/translation-target.js';
import { GatewayError, protocols, type Restoration, type Warning } from './index.js';

const cloud = translationTarget('openai-chat', { model: 'gpt-x', label: 'openai/gpt-x' });
const local = translationTarget('openai-chat', {
  model: 'qwen',
  label: 'local/qwen',
  isLocal: true,
});

interface Sent {
  readonly text: string;
  readonly body: Record<string, unknown>;
  readonly warnings: readonly Warning[];
  readonly restoration: Restoration;
}

function send(request: object | string, target = cloud): Sent {
  const text =
    typeof request === 'string'
      ? request
      : JSON.stringify({
          model: 'm',
          max_tokens: 100,
          messages: [{ role: 'user', content: 'hi' }],
          ...request,
        });
  const encoded = protocols['openai-chat'].encodeRequest(
    protocols['anthropic-messages'].decodeRequest(text),
    target,
  );
  return {
    text: encoded.body,
    body: JSON.parse(encoded.body) as Record<string, unknown>,
    warnings: encoded.warnings,
    restoration: encoded.restoration,
  };
}

function refusal(request: object | string, target = cloud): GatewayError {
  try {
    send(request, target);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const use = (id: string): object => ({ type: 'tool_use', id, name: 'f', input: {} });
const result = (id: string, content: unknown, extra: object = {}): object => ({
  type: 'tool_result',
  tool_use_id: id,
  content,
  ...extra,
});
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };

describe('the system prompt of an Anthropic request for chat completions', () => {
  it('is one string for a local server and stays several messages in the cloud', () => {
    const system = [
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two' },
    ];
    expect((send({ system }, local).body['messages'] as unknown[])[0]).toEqual({
      role: 'system',
      content: 'one\n\ntwo',
    });
    expect((send({ system }).body['messages'] as unknown[]).slice(0, 2)).toEqual([
      { role: 'system', content: 'one' },
      { role: 'system', content: 'two' },
    ]);
  });

  it('loses the billing header that changes with every request, with a warning', () => {
    const system = [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=1; cch=abcde;' },
      { type: 'text', text: 'be good' },
    ];
    const { text, warnings } = send({ system }, local);
    expect(text).not.toContain('billing');
    expect(text).toContain('be good');
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'removed', path: 'system[0]' }),
    );
  });

  it('between turns stays in its place, as user text where the template takes no other', () => {
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'system', content: 'rule' },
    ];
    expect(send({ messages }).body['messages']).toEqual([
      { role: 'user', content: 'hi' },
      { role: 'system', content: 'rule' },
    ]);
    const { body, warnings } = send({ messages }, local);
    expect(body['messages']).toEqual([{ role: 'user', content: 'hi\n\nrule' }]);
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'renamed', path: 'messages[1]' }),
    );
  });
});

describe('tool results of an Anthropic request for chat completions', () => {
  it('become messages of their own in front of the text beside them', () => {
    const messages = [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: [use('a'), use('b')] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'see' },
          result('a', '1'),
          result('b', [{ type: 'text', text: '2' }]),
        ],
      },
    ];
    expect(send({ messages }).body['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: null, tool_calls: [{ id: 'a' }, { id: 'b' }] },
      { role: 'tool', tool_call_id: 'a', content: '1' },
      { role: 'tool', tool_call_id: 'b', content: '2' },
      { role: 'user', content: 'see' },
    ]);
  });

  it('follow their calls even when they come in two turns', () => {
    const messages = [
      { role: 'assistant', content: [use('a'), use('b')] },
      { role: 'user', content: [result('a', '1'), { type: 'text', text: 'x' }] },
      { role: 'user', content: [result('b', '2')] },
    ];
    const roles = (send({ messages }).body['messages'] as { role: string }[]).map(
      ({ role }) => role,
    );
    expect(roles).toEqual(['assistant', 'tool', 'tool', 'user']);
  });

  it('with images send them in one user message behind the last result', () => {
    const messages = [
      { role: 'assistant', content: [use('a'), use('b')] },
      {
        role: 'user',
        content: [result('a', [image]), result('b', [{ type: 'text', text: 'two' }, image])],
      },
    ];
    const { body, warnings } = send({ messages });
    expect((body['messages'] as { role: string }[]).map(({ role }) => role)).toEqual([
      'assistant',
      'tool',
      'tool',
      'user',
    ]);
    const last = (body['messages'] as { content: { type: string }[] }[])[3];
    expect(last?.content.filter(({ type }) => type === 'image_url')).toEqual([
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    ]);
    expect(warnings.filter(({ code }) => code === 'emulated').map(({ path }) => path)).toEqual([
      'messages[1].content[0].content[0]',
      'messages[1].content[1].content[1]',
    ]);
  });

  it('that failed say so in their text', () => {
    const messages = [
      { role: 'assistant', content: [use('a')] },
      { role: 'user', content: [result('a', 'no such file', { is_error: true })] },
    ];
    const { body, warnings } = send({ messages });
    expect((body['messages'] as unknown[])[1]).toEqual({
      role: 'tool',
      tool_call_id: 'a',
      content: '[tool_error] no such file',
    });
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'emulated' }));
  });

  it('that refer to deferred tools name them', () => {
    const reference = { type: 'tool_reference', tool_name: 'WebFetch' };
    const messages = [
      { role: 'assistant', content: [use('a'), use('b')] },
      { role: 'user', content: [result('a', [reference]), result('b', 'done')] },
    ];
    const { body, warnings } = send({ messages });
    expect((body['messages'] as unknown[]).slice(1)).toEqual([
      { role: 'tool', tool_call_id: 'a', content: 'The tool "WebFetch" can be called now.' },
      { role: 'tool', tool_call_id: 'b', content: 'done' },
    ]);
    expect(warnings).toContainEqual(
      expect.objectContaining({
        code: 'emulated',
        path: 'messages[1].content[0].content[0]',
      }),
    );
  });

  it('without content are an empty string', () => {
    const messages = [
      { role: 'assistant', content: [use('a')] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a' }] },
    ];
    expect((send({ messages }).body['messages'] as unknown[])[1]).toEqual({
      role: 'tool',
      tool_call_id: 'a',
      content: '',
    });
  });
});

describe('tool calls of an Anthropic request for chat completions', () => {
  it('keep the text of their input: big integers, 1.0, key order, white space', () => {
    const input = '{"z": 12345678901234567890, "f":1.0,"a":[ ]}';
    const { body } = send(
      `{"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":${input}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"x"}]}]}`,
    );
    expect(
      (body['messages'] as { tool_calls: { function: { arguments: string } }[] }[])[0]
        ?.tool_calls[0]?.function.arguments,
    ).toBe(input);
  });

  it('carry their schema text for text', () => {
    const schema = '{"type":"object","properties":{"b":{"maximum":1e400},"a":{}},"x":1.0}';
    expect(
      send(
        `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f","input_schema":${schema}}]}`,
      ).text,
    ).toContain(`"parameters":${schema}`);
  });

  it.each<[object, unknown, unknown]>([
    [{ type: 'any' }, 'required', undefined],
    [{ type: 'auto', disable_parallel_tool_use: true }, 'auto', false],
    [{ type: 'none' }, 'none', undefined],
    [{ type: 'tool', name: 'f' }, { type: 'function', function: { name: 'f' } }, undefined],
  ])('are chosen by %j as %j', (choice, expected, parallel) => {
    const { body } = send({
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
      tool_choice: choice,
    });
    expect(body['tool_choice']).toEqual(expected);
    expect(body['parallel_tool_calls']).toBe(parallel);
  });

  it('to Anthropic’s own tools are refused', () => {
    expect(refusal({ tools: [{ type: 'web_search_20250305', name: 'web_search' }] })).toMatchObject(
      { code: 'unsupported_by_target', path: 'tools[0]' },
    );
  });

  it('that only code may make are refused, since that is a limit of safety', () => {
    const tool = {
      name: 'f',
      input_schema: { type: 'object' },
      allowed_callers: ['code_execution_20250825'],
    };
    expect(refusal({ tools: [tool] })).toMatchObject({
      code: 'unsupported_by_target',
      path: 'tools[0].allowed_callers',
    });
  });

  it('under a name the cloud would refuse get one it takes, and the answer gives it back', () => {
    const tools = [{ name: 'x'.repeat(80), input_schema: { type: 'object' } }];
    const { body, restoration } = send({ tools });
    const [sent] = body['tools'] as { function: { name: string } }[];
    expect(sent?.function.name).toMatch(/^x{50,}_[a-z0-9]+$/);
    expect(sent?.function.name.length).toBeLessThanOrEqual(64);
    expect(restoration.tools.get(sent?.function.name ?? '')?.name).toBe('x'.repeat(80));
    expect(send({ tools }, local).body['tools']).toMatchObject([
      { function: { name: 'x'.repeat(80) } },
    ]);
  });
});

describe('thinking in the history of an Anthropic request', () => {
  const messages = [
    { role: 'user', content: 'hi' },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'SIG' },
        { type: 'redacted_thinking', data: 'DATA' },
        { type: 'text', text: 'a' },
      ],
    },
    { role: 'user', content: 'go on' },
  ];

  it('keeps its text for local templates; signatures never leave for another provider', () => {
    const { text, body, warnings } = send({ messages }, local);
    expect((body['messages'] as unknown[])[1]).toEqual({
      role: 'assistant',
      content: 'a',
      reasoning_content: 'hm',
    });
    expect(text).not.toMatch(/SIG|DATA/);
    expect(warnings.map(({ path }) => path)).toEqual([
      'messages[1].content[0]',
      'messages[1].content[1]',
    ]);
  });

  it('is dropped with a warning for clouds that refuse the field', () => {
    const { text, warnings } = send({ messages });
    expect(text).not.toMatch(/SIG|DATA|hm/);
    expect(warnings.map(({ path }) => path)).toEqual([
      'messages[1].content[0]',
      'messages[1].content[1]',
    ]);
  });

  it('of another model, marked by us as unsigned, does not go to Anthropic either', () => {
    const context = { requestId: 'r', model: 'm', createdAtSeconds: 0, includeUsage: true };
    const answer = protocols['openai-chat'].decodeResponse(
      '{"choices":[{"message":{"reasoning_content":"hm","content":"a"},"finish_reason":"stop"}]}',
    );
    const reply = JSON.parse(protocols['anthropic-messages'].encodeResponse(answer, context)) as {
      content: unknown[];
    };
    const request = {
      model: 'm',
      max_tokens: 9,
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: reply.content },
        { role: 'user', content: 'x' },
      ],
    };
    const again = protocols['anthropic-messages'].encodeRequest(
      protocols['anthropic-messages'].decodeRequest(JSON.stringify(request)),
      cloud,
    );
    expect(again.body).not.toContain('thinking');
    expect(again.warnings).toContainEqual(
      expect.objectContaining({ code: 'dropped', path: 'messages[1].content[0]' }),
    );
  });
});

describe('settings of an Anthropic request for chat completions', () => {
  it('limit the output under the name that each kind of server knows', () => {
    expect(send({}).body).toMatchObject({ max_completion_tokens: 100 });
    expect(send({}, local).body).toMatchObject({ max_tokens: 100 });
    expect(send({}, local).body).not.toHaveProperty('max_completion_tokens');
  });

  it('refuse a limit of 0, which only warms a cache', () => {
    expect(refusal({ max_tokens: 0 })).toMatchObject({
      code: 'unsupported_by_target',
      path: 'max_tokens',
    });
  });

  it('drop thinking with a warning where the model has no such switch', () => {
    const request = { thinking: { type: 'enabled', budget_tokens: 31_999 } };
    const { body, warnings } = send(request, local);
    expect(body).not.toHaveProperty('reasoning_effort');
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'dropped', path: 'thinking' }));
    const switchable = send(
      request,
      translationTarget('openai-chat', { isLocal: true, extraFields: ['chat_template_kwargs'] }),
    );
    expect(switchable.body['chat_template_kwargs']).toEqual({ enable_thinking: true });
    expect(switchable.warnings).toContainEqual(
      expect.objectContaining({ code: 'clamped', path: 'thinking' }),
    );
    expect(
      send(
        { output_config: { effort: 'high' } },
        translationTarget('openai-chat', { effortLevels: ['low', 'high'] }),
      ).body['reasoning_effort'],
    ).toBe('high');
  });

  it.each<[object, boolean]>([
    [
      {
        type: 'object',
        properties: { a: { type: 'string' } },
        required: ['a'],
        additionalProperties: false,
      },
      true,
    ],
    [{ type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }, false],
    [{ type: 'object', properties: {} }, false],
  ])('ask for the output schema %j with strict %s', (schema, strict) => {
    expect(
      send({ output_config: { format: { type: 'json_schema', schema } } }).body['response_format'],
    ).toEqual({
      type: 'json_schema',
      json_schema: { name: 'response', schema, strict },
    });
  });

  it('always ask a stream for its usage', () => {
    expect(send({ stream: true }).body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(send({}).body).not.toHaveProperty('stream_options');
  });

  it('send top_k to local servers and drop it for clouds, with a warning', () => {
    expect(send({ top_k: 40 }, local).body['top_k']).toBe(40);
    expect(send({ top_k: 40 }).warnings).toContainEqual(expect.objectContaining({ path: 'top_k' }));
  });

  it('keep a device id from other providers', () => {
    const { text, warnings } = send({ metadata: { user_id: '{"device_id":"abc"}' } });
    expect(text).not.toContain('abc');
    expect(warnings).toContainEqual(expect.objectContaining({ path: 'metadata.user_id' }));
  });

  it.each(['container', 'mcp_servers', 'inference_geo'])('refuse %s', (name) => {
    expect(refusal({ [name]: 'x' })).toMatchObject({ code: 'unsupported_by_target', path: name });
  });

  it('drop context management with a warning: agents always send it', () => {
    const { warnings } = send({
      context_management: { edits: [{ type: 'clear_thinking_20251015' }] },
    });
    expect(warnings).toEqual([
      expect.objectContaining({ code: 'dropped', path: 'context_management' }),
    ]);
  });

  it('refuse to continue the last assistant message', () => {
    const messages = [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: 'The answer is' },
    ];
    expect(refusal({ messages })).toMatchObject({
      code: 'unsupported_by_target',
      path: 'messages[1]',
    });
  });
});

describe('documents of an Anthropic request for chat completions', () => {
  const withBlock = (block: object): object => ({ messages: [{ role: 'user', content: [block] }] });

  it('that are PDF bytes become a file, except for local models', () => {
    const block = {
      type: 'document',
      title: 'a.pdf',
      source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' },
    };
    expect((send(withBlock(block)).body['messages'] as unknown[])[0]).toEqual({
      role: 'user',
      content: [
        {
          type: 'file',
          file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0x' },
        },
      ],
    });
    expect(refusal(withBlock(block), local)).toMatchObject({
      code: 'unsupported_by_target',
      path: 'messages[0].content[0]',
    });
  });

  it('that are text become text with their title and context', () => {
    const block = {
      type: 'document',
      title: 'T',
      context: 'C',
      source: { type: 'text', media_type: 'text/plain', data: 'D' },
    };
    expect((send(withBlock(block)).body['messages'] as unknown[])[0]).toEqual({
      role: 'user',
      content: 'T\n\nC\n\nD',
    });
  });

  it.each([
    { type: 'document', source: { type: 'url', url: 'https://e.example/a.pdf' } },
    { type: 'image', source: { type: 'file', file_id: 'file_1' } },
    { type: 'container_upload', file_id: 'file_1' },
  ])('that cannot be carried are refused: %j', (block) => {
    expect(refusal(withBlock(block))).toMatchObject({
      code: 'unsupported_by_target',
      path: 'messages[0].content[0]',
    });
  });
});
