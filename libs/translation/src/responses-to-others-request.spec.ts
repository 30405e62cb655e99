import { describe, expect, it } from 'vitest';
import { translationTarget } from '../../../test/support/translation-target.js';
import {
  GatewayError,
  protocols,
  type EncodedRequest,
  type ProtocolId,
  type TranslationTarget,
} from './index.js';

const responses = protocols['openai-responses'];
const chat = translationTarget('openai-chat', { effortLevels: ['low', 'medium', 'high'] });
const local = translationTarget('openai-chat', { isLocal: true });
const claude = translationTarget('anthropic-messages', { model: 'claude-x' });

const idOf = (target: TranslationTarget): ProtocolId =>
  target === claude ? 'anthropic-messages' : 'openai-chat';

function send(request: object, target = chat): EncodedRequest & { json: Record<string, unknown> } {
  const body = JSON.stringify({ model: 'm', input: 'hi', ...request });
  const encoded = protocols[idOf(target)].encodeRequest(responses.decodeRequest(body), target);
  return { ...encoded, json: JSON.parse(encoded.body) as Record<string, unknown> };
}

function refusal(request: object, target = chat): Pick<GatewayError, 'code' | 'path'> {
  try {
    send(request, target);
  } catch (error) {
    if (error instanceof GatewayError) return { code: error.code, path: error.path };
    throw error;
  }
  throw new Error('the request was not refused');
}

const call = (id: string, rest: object = {}) => ({
  type: 'function_call',
  call_id: id,
  name: 'f',
  arguments: '{"n":12345678901234567890}',
  ...rest,
});
const output = (id: string, value: unknown) => ({
  type: 'function_call_output',
  call_id: id,
  output: value,
});

describe('the input of a Responses request', () => {
  it('edge 56: that is a string with null instructions is one user turn', () => {
    expect(send({ input: 'text', instructions: null }, claude).json).toMatchObject({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'text' }] }],
    });
    expect(send({ input: 'text', instructions: null }).json['messages']).toEqual([
      { role: 'user', content: 'text' },
    ]);
  });

  it('edge 57: may have messages without a type', () => {
    const input = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: [{ type: 'input_text', text: 'c' }] },
    ];
    expect(send({ input }).json['messages']).toEqual([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ]);
  });

  it('has leading system and developer messages behind the instructions, in their order', () => {
    const input = [
      { role: 'system', content: 'two' },
      { role: 'developer', content: [{ type: 'input_text', text: 'three' }] },
      { role: 'user', content: 'hi' },
      { role: 'developer', content: 'mid' },
      { role: 'user', content: 'on' },
    ];
    expect(send({ instructions: 'one', input }).json['messages']).toEqual([
      ...['one', 'two', 'three'].map((content) => ({ role: 'system', content })),
      { role: 'user', content: 'hi' },
      { role: 'system', content: 'mid' },
      { role: 'user', content: 'on' },
    ]);
  });

  it('edge 6: has parallel calls in one assistant turn, and their results in one user turn', () => {
    const input = [
      { role: 'user', content: 'go' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'so' }] },
      call('c1'),
      call('c2'),
      output('c1', 'one'),
      output('c2', 'two'),
      { role: 'user', content: 'on' },
    ];
    const { messages } = send({ input }, claude).json as { messages: { content: unknown[] }[] };
    expect(messages.map(({ content }) => content.length)).toEqual([1, 3, 3]);
    expect(send({ input }).json['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: 'so', tool_calls: [{ id: 'c1' }, { id: 'c2' }] },
      { role: 'tool', tool_call_id: 'c1', content: 'one' },
      { role: 'tool', tool_call_id: 'c2', content: 'two' },
      { role: 'user', content: 'on' },
    ]);
  });

  it('edge 99: keeps arguments as they were written', () => {
    expect(send({ input: [call('c1'), output('c1', '')] }, claude).body).toContain(
      '"input":{"n":12345678901234567890}',
    );
  });

  it('edge 8: has images in results, which follow the results for chat completions', () => {
    const image = { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'low' };
    const input = [
      call('c1'),
      call('c2'),
      output('c1', [{ type: 'input_text', text: 'see' }, image]),
      output('c2', 'two'),
    ];
    expect(send({ input }).json['messages']).toMatchObject([
      { role: 'assistant' },
      { role: 'tool', tool_call_id: 'c1' },
      { role: 'tool', tool_call_id: 'c2' },
      { role: 'user', content: [{ type: 'text' }, { image_url: { detail: 'low' } }] },
    ]);
    expect(send({ input }, claude).body).toContain('"media_type":"image/png"');
  });

  it('edge 17: may name a file by its address, which Claude fetches and chat completions refuse', () => {
    const file = { type: 'input_file', file_url: 'https://e.example/a.pdf' };
    const input = [{ role: 'user', content: [file] }];
    expect(send({ input }, claude).json).toMatchObject({
      messages: [{ content: [{ type: 'document', source: { url: 'https://e.example/a.pdf' } }] }],
    });
    expect(refusal({ input })).toEqual({
      code: 'unsupported_by_target',
      path: 'input[0].content[0]',
    });
  });

  it('edge 52: has reasoning with nothing but a token, which foreign targets do not get', () => {
    const input = [
      { type: 'reasoning', id: 'rs_1', summary: [], content: [], encrypted_content: 'gAAA' },
      { role: 'user', content: 'hi' },
    ];
    for (const target of [chat, local, claude]) {
      const { body, warnings } = send({ input }, target);
      expect(body).not.toContain('gAAA');
      expect(warnings).toContainEqual(
        expect.objectContaining({ code: 'dropped', path: 'input[0]' }),
      );
    }
  });

  it('has reasoning with a text, which local templates replay', () => {
    const input = [
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }] },
      { role: 'assistant', content: 'a' },
      { role: 'user', content: 'b' },
    ];
    expect(send({ input }, local).json).toMatchObject({
      messages: [{ role: 'assistant', content: 'a', reasoning_content: 'hm' }, { role: 'user' }],
    });
  });

  it('has items that only their provider has stored', () => {
    const input = [{ type: 'item_reference', id: 'msg_1' }];
    expect(refusal({ input })).toEqual({ code: 'unsupported_by_target', path: 'input[0]' });
  });

  it('has calls of hosted tools: a search may be left out, what holds content may not', () => {
    const search = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    const { body, warnings } = send({ input: [search, { role: 'user', content: 'x' }] }, claude);
    expect(body).not.toContain('web_search');
    expect(warnings).toContainEqual(expect.objectContaining({ path: 'input[0]' }));
    const code = { type: 'code_interpreter_call', id: 'ci_1', outputs: [] };
    expect(refusal({ input: [code] }, claude).path).toBe('input[0]');
  });

  it.each([
    [{ input: undefined }, 'input'],
    [{ input: [{ role: 'critic', content: 'x' }] }, 'input[0].role'],
    [{ input: [{ role: 'user' }] }, 'input[0].content'],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }] },
      'image_url',
    ],
    [{ tool_choice: 'any' }, 'tool_choice'],
    [{ tool_choice: 'required' }, 'tool_choice'],
  ])('that is wrong is refused at its place: %j', (request, path) => {
    const found = refusal(request);
    expect(found.code).toBe('invalid_request');
    expect(found.path).toContain(path);
  });
});

describe('the tools of a Responses request', () => {
  const lark = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' };
  const patch = { type: 'custom', name: 'apply_patch', description: 'Edit.', format: lark };

  it('edge 53: flattens a namespace, and knows the way back', () => {
    const tools = [
      {
        type: 'namespace',
        name: 'multi_agent_v1',
        description: 'Agents.',
        tools: [{ type: 'function', name: 'spawn', parameters: { type: 'object' } }],
      },
    ];
    const input = [call('c1', { name: 'spawn', namespace: 'multi_agent_v1' }), output('c1', 'ok')];
    const { json, restoration, warnings } = send({ tools, input });
    expect(json).toMatchObject({
      tools: [{ function: { name: 'multi_agent_v1__spawn' } }],
      messages: [{ tool_calls: [{ function: { name: 'multi_agent_v1__spawn' } }] }, {}],
    });
    expect(restoration.tools.get('multi_agent_v1__spawn')).toMatchObject({
      name: 'spawn',
      namespace: 'multi_agent_v1',
    });
    expect(warnings.map(({ path }) => path)).toContain('tools[0].description');
  });

  it('edge 54: wraps a freeform tool in a function, with its grammar in words', () => {
    const input = [
      { type: 'custom_tool_call', call_id: 'c1', name: 'apply_patch', input: '*** "Begin"' },
      { type: 'custom_tool_call_output', call_id: 'c1', output: 'Done' },
    ];
    for (const target of [chat, claude]) {
      const { body, restoration } = send({ tools: [patch], input }, target);
      expect(body).toContain('start: ');
      expect(body).toContain('Begin');
      expect(restoration.tools.get('apply_patch')).toMatchObject({ isFreeform: true });
    }
    expect(send({ tools: [patch], input }, claude).json).toMatchObject({
      messages: [
        { content: [{ type: 'tool_use', input: { input: '*** "Begin"' } }] },
        { content: [{ type: 'tool_result', content: 'Done' }] },
      ],
    });
  });

  it('edge 55: does without the web search that Codex always declares, and refuses that in strict mode only', () => {
    const tools = [{ type: 'web_search' }, { type: 'function', name: 'f', strict: false }];
    for (const target of [local, claude]) {
      const { json, warnings } = send({ tools, tool_choice: 'auto' }, target);
      expect(json['tools']).toHaveLength(1);
      expect(warnings).toContainEqual(
        expect.objectContaining({ code: 'dropped', path: 'tools[0]' }),
      );
    }
    expect(refusal({ tools }, { ...chat, lossMode: 'strict' })).toEqual({
      code: 'unsupported_by_target',
      path: 'tools[0]',
    });
    expect(send({ tools: [{ type: 'web_search' }], tool_choice: 'auto' }).json).not.toHaveProperty(
      'tool_choice',
    );
    expect(refusal({ tools: [{ type: 'web_search' }], tool_choice: 'required' }).path).toBe(
      'tool_choice',
    );
  });

  it('refuses other hosted tools, and forcing one', () => {
    expect(refusal({ tools: [{ type: 'file_search', vector_store_ids: ['v'] }] }).path).toBe(
      'tools[0]',
    );
    const tools = [{ type: 'web_search' }, { type: 'function', name: 'f' }];
    expect(refusal({ tools, tool_choice: { type: 'web_search' } }).path).toBe('tool_choice');
  });

  it.each([
    ['none', 'none'],
    ['required', 'required'],
    [
      { type: 'function', name: 'f' },
      { type: 'function', function: { name: 'f' } },
    ],
    [
      { type: 'custom', name: 'apply_patch' },
      { type: 'function', function: { name: 'apply_patch' } },
    ],
  ])('keeps the choice %j', (choice, expected) => {
    const tools = [{ type: 'function', name: 'f' }, patch];
    expect(send({ tools, tool_choice: choice }).json['tool_choice']).toEqual(expected);
  });

  it('edge 33: keeps parallel_tool_calls, which Claude wants inside a choice', () => {
    const tools = [{ type: 'function', name: 'f' }];
    expect(send({ tools, parallel_tool_calls: false }, claude).json['tool_choice']).toEqual({
      type: 'auto',
      disable_parallel_tool_use: true,
    });
  });

  it('edge 26: fills in the schema that a function lacks', () => {
    const tools = [{ type: 'function', name: 'f', parameters: null }];
    expect(send({ tools }, claude).json['tools']).toMatchObject([
      { input_schema: { type: 'object', properties: {} } },
    ]);
  });
});

describe('the settings of a Responses request', () => {
  it('edge 51: an earlier response that others do not know has a code of its own', () => {
    expect(refusal({ previous_response_id: 'resp_1' }, claude)).toEqual({
      code: 'previous_response_not_found',
      path: 'previous_response_id',
    });
    const error = new GatewayError('previous_response_not_found', 'x', {
      path: 'previous_response_id',
    });
    const { status, body } = responses.encodeError(error, 'r');
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({
      error: { code: 'previous_response_not_found', param: 'previous_response_id' },
    });
  });

  it.each([
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ prompt: { id: 'pmpt_1' } }, 'prompt'],
    [{ background: true }, 'background'],
    [{ truncation: 'auto' }, 'truncation'],
    [{ top_logprobs: 3 }, 'top_logprobs'],
    [{ include: ['message.output_text.logprobs'] }, 'include[0]'],
    [{ moderation: { model: 'm' } }, 'moderation'],
  ])('refuses what would change the answer: %j', (request, path) => {
    expect(refusal(request)).toEqual({ code: 'unsupported_by_target', path });
  });

  it('says nothing of what Codex sends every time', () => {
    const { warnings } = send({
      store: false,
      include: ['reasoning.encrypted_content'],
      background: false,
      truncation: 'disabled',
      top_logprobs: 0,
      stream_options: { include_obfuscation: false },
      input: [{ type: 'message', id: 'msg_1', status: 'completed', role: 'user', content: 'hi' }],
    });
    expect(warnings).toEqual([]);
  });

  it.each([
    [{ store: true }, 'store'],
    [{ metadata: { a: 'b' } }, 'metadata'],
    [{ prompt_cache_key: 'k' }, 'prompt_cache_key'],
    [{ max_tool_calls: 3 }, 'max_tool_calls'],
    [{ text: { verbosity: 'low' } }, 'text.verbosity'],
    [{ include: ['web_search_call.action.sources'] }, 'include[0]'],
  ])('warns of a hint without counterpart: %j', (request, path) => {
    expect(send(request).warnings).toEqual([
      expect.objectContaining({ code: 'dropped', path }) as unknown,
    ]);
  });

  it('carries effort, limit, format and end user', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false };
    const { json } = send({
      reasoning: { effort: 'high', summary: 'auto' },
      max_output_tokens: 99,
      temperature: 0.5,
      text: { format: { type: 'json_schema', name: 'n', schema, strict: true } },
      safety_identifier: 'user_1',
    });
    expect(json).toMatchObject({
      reasoning_effort: 'high',
      max_completion_tokens: 99,
      temperature: 0.5,
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema, strict: true } },
      user: 'user_1',
    });
  });
});

describe('a Responses request that is rebuilt for a Responses target', () => {
  const target = translationTarget('openai-responses', { model: 'gpt-5.5' });
  const rebuild = (request: object) => {
    const body = JSON.stringify({ model: 'm', input: 'hi', ...request });
    const encoded = responses.encodeRequest(responses.decodeRequest(body), target);
    return { ...encoded, json: JSON.parse(encoded.body) as Record<string, unknown> };
  };

  it('edge 58: keeps phases, names, namespaces, freeform tools, hosted tools and the order of items', () => {
    const tools = [
      { type: 'web_search', search_context_size: 'low' },
      {
        type: 'namespace',
        name: 'agents',
        description: 'All of them.',
        tools: [
          { type: 'function', name: 'spawn', parameters: { type: 'object' }, strict: false },
          { type: 'function', name: 'a.dotted name', parameters: { type: 'object' } },
        ],
      },
      { type: 'custom', name: 'apply_patch', format: { type: 'grammar', definition: 'x' } },
    ];
    const input = [
      { type: 'message', role: 'user', content: 'go' },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
      { type: 'message', role: 'assistant', content: 'first', phase: 'commentary' },
      { type: 'function_call', call_id: 'c1', name: 'spawn', namespace: 'agents', arguments: '{}' },
      { type: 'custom_tool_call', call_id: 'c2', name: 'apply_patch', input: '*** x' },
      { type: 'web_search_call', id: 'ws_1', status: 'completed' },
      { type: 'function_call_output', call_id: 'c1', output: 'one' },
      { type: 'custom_tool_call_output', call_id: 'c2', output: 'two' },
      { type: 'message', role: 'assistant', content: 'last', phase: 'final_answer' },
      { type: 'message', role: 'user', content: 'on' },
    ];
    const { json, warnings, restoration } = rebuild({
      tools,
      input,
      instructions: 'Be kind.',
      store: true,
      metadata: { a: 'b' },
      include: ['reasoning.encrypted_content', 'web_search_call.action.sources'],
      text: { verbosity: 'low' },
      reasoning: { effort: 'low', context: 'auto' },
      tool_choice: { type: 'custom', name: 'apply_patch' },
    });
    expect(json).toEqual({
      model: 'gpt-5.5',
      instructions: 'Be kind.',
      input,
      tools,
      tool_choice: { type: 'custom', name: 'apply_patch' },
      store: true,
      metadata: { a: 'b' },
      include: ['reasoning.encrypted_content', 'web_search_call.action.sources'],
      text: { verbosity: 'low' },
      reasoning: { effort: 'low', context: 'auto' },
    });
    expect(warnings).toEqual([]);
    expect(restoration.tools.size).toBe(0);
  });

  it('loses the tokens of others alone', () => {
    const context = { requestId: 'r', model: 'm', createdAtSeconds: 0, includeUsage: true };
    const answer = JSON.parse(
      responses.encodeResponse(
        protocols['anthropic-messages'].decodeResponse(
          JSON.stringify({
            id: 'msg_1',
            model: 'claude-x',
            content: [
              { type: 'thinking', thinking: 'hm', signature: 'SIG' },
              { type: 'text', text: 'so' },
            ],
            stop_reason: 'end_turn',
          }),
        ),
        context,
      ),
    ) as { output: object[] };
    const input = [
      { role: 'user', content: 'hi' },
      ...answer.output,
      { role: 'user', content: 'x' },
    ];
    const { body, warnings } = rebuild({ input });
    expect(body).not.toContain('reasoning"');
    expect(body).toContain('"so"');
    expect(warnings).toContainEqual(expect.objectContaining({ path: 'input[1]' }));
    // and back at its own provider, the signature is what it was
    const again = protocols['anthropic-messages'].encodeRequest(
      responses.decodeRequest(JSON.stringify({ model: 'm', input })),
      claude,
    );
    expect(again.body).toContain('{"type":"thinking","thinking":"hm","signature":"SIG"}');
  });
});
