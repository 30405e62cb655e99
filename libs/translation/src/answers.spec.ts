import { describe, expect, it } from 'vitest';
import { GatewayError, protocols, type ReplyContext } from './index.js';

const context: ReplyContext = {
  requestId: 'req_1',
  model: 'alias',
  createdAtSeconds: 1_700_000_000,
  includeUsage: true,
};
const chat = protocols['openai-chat'];
const anthropic = protocols['anthropic-messages'];

type Json = Record<string, unknown>;

const toAnthropic = (message: object, finish_reason = 'stop', extra: object = {}): Json =>
  JSON.parse(
    anthropic.encodeResponse(
      chat.decodeResponse(
        JSON.stringify({
          id: 'chatcmpl-1',
          model: 'm',
          choices: [{ index: 0, message, finish_reason, ...extra }],
          usage: { prompt_tokens: 9, completion_tokens: 2 },
        }),
      ),
      context,
    ),
  ) as Json;
const toChat = (content: unknown[], extra: object = {}): Json =>
  JSON.parse(
    chat.encodeResponse(
      anthropic.decodeResponse(
        JSON.stringify({
          id: 'msg_1',
          model: 'claude',
          content,
          stop_reason: 'end_turn',
          usage: { input_tokens: 1, output_tokens: 2 },
          ...extra,
        }),
      ),
      context,
    ),
  ) as Json;
const choice = (answer: Json): Json => (answer['choices'] as Json[])[0] ?? {};
const call = (args: string): object => ({
  id: 'call_1',
  type: 'function',
  function: { name: 'f', arguments: args },
});

function faultOf(run: () => unknown): GatewayError {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('did not fail');
}

describe('a whole chat answer for an Anthropic client', () => {
  it('has every field the client reads', () => {
    expect(toAnthropic({ role: 'assistant', content: 'hi' })).toEqual({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'hi' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 9,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 2,
      },
    });
  });

  it.each(['', null])('with calls and the content %j has tool_use blocks alone', (content) => {
    const answer = toAnthropic({ content, tool_calls: [call('{"a":1}')] }, 'stop');
    expect(answer).toMatchObject({
      content: [{ type: 'tool_use', id: 'call_1', name: 'f', input: { a: 1 } }],
      stop_reason: 'tool_use',
    });
    expect(answer['content']).toHaveLength(1);
  });

  it('keeps arguments text for text', () => {
    const text = anthropic.encodeResponse(
      chat.decodeResponse(
        JSON.stringify({
          choices: [
            {
              message: { tool_calls: [call('{"n":12345678901234567890,"f":1.0}')] },
              finish_reason: 'tool_calls',
            },
          ],
        }),
      ),
      context,
    );
    expect(text).toContain('"input":{"n":12345678901234567890,"f":1.0}');
  });

  it('keeps max_tokens for a cut call and wraps what is left of its arguments', () => {
    expect(toAnthropic({ tool_calls: [call('{"a":')] }, 'length')).toMatchObject({
      stop_reason: 'max_tokens',
      content: [{ type: 'tool_use', input: { INVALID_JSON: '{"a":' } }],
    });
  });

  it('does not hand out a finished call whose arguments are no object', () => {
    expect(faultOf(() => toAnthropic({ tool_calls: [call('{"a":')] }, 'tool_calls'))).toMatchObject(
      { code: 'upstream_invalid_response' },
    );
  });

  it('tells the stop string, and a refusal', () => {
    expect(toAnthropic({ content: 'a' }, 'stop', { stop_reason: '###' })).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: '###',
    });
    expect(toAnthropic({ content: null, refusal: 'no' })).toMatchObject({
      stop_reason: 'refusal',
      content: [{ type: 'text', text: 'no' }],
    });
  });

  it('is refused when it holds an error, no choice or no JSON', () => {
    expect(
      faultOf(() => chat.decodeResponse('{"error":{"message":"busy","code":429}}')),
    ).toMatchObject({ code: 'upstream_rate_limited', message: 'busy' });
    expect(faultOf(() => chat.decodeResponse('{"choices":[]}'))).toMatchObject({
      code: 'upstream_invalid_response',
    });
    expect(faultOf(() => chat.decodeResponse('<html>'))).toMatchObject({
      code: 'upstream_invalid_response',
    });
    expect(faultOf(() => chat.decodeResponse('[1]'))).toMatchObject({
      code: 'upstream_invalid_response',
    });
  });

  it('may have no message where a content filter struck', () => {
    expect(
      JSON.parse(
        anthropic.encodeResponse(
          chat.decodeResponse('{"choices":[{"finish_reason":"content_filter"}]}'),
          context,
        ),
      ),
    ).toMatchObject({ content: [], stop_reason: 'refusal' });
  });
});

describe('a whole Anthropic answer for a chat client', () => {
  it('has every field the client reads', () => {
    expect(toChat([{ type: 'text', text: 'hi' }])).toMatchObject({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'claude',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'hi', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
  });

  it('that is empty has an empty string for its content, not null', () => {
    expect(choice(toChat([], { stop_reason: 'stop_sequence' }))).toMatchObject({
      message: { content: '' },
      finish_reason: 'stop',
    });
  });

  it('keeps the text of tool input', () => {
    const body =
      '{"content":[{"type":"tool_use","id":"t","name":"f","input":{"b": 12345678901234567890,"a":1.0}}],"stop_reason":"tool_use"}';
    expect(chat.encodeResponse(anthropic.decodeResponse(body), context)).toContain(
      JSON.stringify('{"b": 12345678901234567890,"a":1.0}'),
    );
  });

  it('with calls alone has null for its content', () => {
    expect(
      choice(
        toChat([{ type: 'tool_use', id: 't', name: 'f', input: {} }], { stop_reason: 'tool_use' }),
      ),
    ).toMatchObject({
      message: {
        content: null,
        tool_calls: [{ id: 't', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      finish_reason: 'tool_calls',
    });
  });

  it('that is a refusal says so in both places', () => {
    expect(
      choice(
        toChat([], {
          stop_reason: 'refusal',
          stop_details: { type: 'refusal', explanation: 'not this' },
        }),
      ),
    ).toMatchObject({
      message: { content: null, refusal: 'not this' },
      finish_reason: 'content_filter',
    });
  });

  it('counts cache reads and writes into the prompt', () => {
    const usage = {
      input_tokens: 4,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 10,
      cache_creation: { ephemeral_1h_input_tokens: 6 },
      output_tokens: 5,
    };
    expect(toChat([], { usage })['usage']).toEqual({
      prompt_tokens: 114,
      completion_tokens: 5,
      total_tokens: 119,
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 10 },
    });
    expect(anthropic.readAnswer(JSON.stringify({ content: [], usage })).usage).toMatchObject({
      inputTokens: 114,
      cacheWriteLongTokens: 6,
    });
  });

  it('marks the citations of the web in the joined text', () => {
    const citations = [
      { type: 'web_search_result_location', url: 'https://e.example', title: 'E' },
    ];
    expect(
      choice(
        toChat([
          { type: 'text', text: 'ab' },
          { type: 'text', text: 'cd', citations },
        ]),
      ),
    ).toMatchObject({
      message: {
        content: 'abcd',
        annotations: [
          {
            type: 'url_citation',
            url_citation: { start_index: 2, end_index: 4, url: 'https://e.example', title: 'E' },
          },
        ],
      },
    });
  });

  it('knows its own usage classes back to front', () => {
    expect(toAnthropic({ content: 'x' }, 'stop')['usage']).toMatchObject({ input_tokens: 9 });
    const body = {
      choices: [{ message: { content: 'x' }, finish_reason: 'stop' }],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 3,
        prompt_tokens_details: { cached_tokens: 25 },
        completion_tokens_details: { reasoning_tokens: 8 },
      },
    };
    expect(chat.readAnswer(JSON.stringify(body)).usage).toMatchObject({
      inputTokens: 10,
      cacheReadTokens: 10,
      reasoningTokens: 3,
    });
  });
});

describe('the facts of a whole answer passed through', () => {
  it('are its usage, finish, model and length', () => {
    const body = {
      model: 'm',
      choices: [
        { message: { content: 'abc', tool_calls: [call('{}')] }, finish_reason: 'tool_calls' },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 2 },
    };
    expect(chat.readAnswer(JSON.stringify(body))).toMatchObject({
      model: 'm',
      finishReason: 'tool-calls',
      isComplete: true,
      error: null,
      outputChars: 5,
    });
    const message = {
      model: 'c',
      content: [{ type: 'text', text: 'abc' }],
      stop_reason: 'max_tokens',
      usage: { input_tokens: 1, output_tokens: 2 },
    };
    expect(anthropic.readAnswer(JSON.stringify(message))).toMatchObject({
      model: 'c',
      finishReason: 'length',
      isComplete: true,
      outputChars: 3,
    });
  });

  it('are an error where the body of a 200 holds one', () => {
    expect(chat.readAnswer('{"error":"model is loading"}')).toMatchObject({
      isComplete: false,
      error: { code: 'upstream_error', message: 'model is loading' },
    });
    expect(
      anthropic.readAnswer('{"type":"error","error":{"type":"overloaded_error","message":"x"}}'),
    ).toMatchObject({ isComplete: false, error: { code: 'upstream_overloaded' } });
    expect(chat.readAnswer('{"error":null,"choices":[]}').error).toBeNull();
  });
});
