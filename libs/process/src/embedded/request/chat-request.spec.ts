import { describe, expect, it } from 'vitest';
import { readChatRequest } from './chat-request.js';
import { RequestFault } from './request-fault.js';

const messages = [{ role: 'user', content: 'Hello' }];
const tool = { type: 'function', function: { name: 'f', parameters: {} } };

function faultOf(body: unknown): RequestFault {
  try {
    readChatRequest(body);
  } catch (error) {
    if (error instanceof RequestFault) return error;
    throw error;
  }
  throw new Error('The request was taken.');
}

describe('readChatRequest', () => {
  it('fills in what was not said', () => {
    expect(readChatRequest({ messages })).toMatchObject({
      messages: [{ role: 'user', content: 'Hello' }],
      tools: [],
      stream: false,
      includeUsage: false,
      maxTokens: null,
      stop: [],
      seed: null,
      format: null,
    });
  });

  it('takes the newer name of the token limit before the older', () => {
    expect(readChatRequest({ messages, max_tokens: 9 }).maxTokens).toBe(9);
    const both = { messages, max_tokens: 9, max_completion_tokens: 5 };
    expect(readChatRequest(both).maxTokens).toBe(5);
  });

  it('takes hints that change nothing here, and null for anything', () => {
    const hints = { user: 'u', metadata: {}, store: true, service_tier: 'auto', verbosity: 'low' };
    const more = { reasoning_effort: 'low', prompt_cache_key: 'k', safety_identifier: 's' };
    const nulls = { logit_bias: null, max_tokens: null, stop: null, tools: null };
    const one = { parallel_tool_calls: false, logprobs: false, n: 1, seed: 7 };
    const request = readChatRequest({ messages, ...hints, ...more, ...nulls, ...one });
    expect(request.seed).toBe(7);
  });

  it('joins the text parts of a message and calls the developer system', () => {
    const parts = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    const developer = { role: 'developer', content: parts };
    expect(readChatRequest({ messages: [developer] }).messages).toEqual([
      { role: 'system', content: 'ab' },
    ]);
  });

  it('hands the arguments of earlier calls to the template as objects, or else as they are', () => {
    const calls = ['{"a":1}', 'broken'].map((text, index) => ({
      id: `c${index}`,
      type: 'function',
      function: { name: 'f', arguments: text },
    }));
    const request = readChatRequest({
      messages: [{ role: 'assistant', content: null, tool_calls: calls }],
    });
    const given = request.messages[0]?.tool_calls?.map((each) => each.function.arguments);
    expect(given).toEqual([{ a: 1 }, 'broken']);
  });

  it('drops the tools where none may be called', () => {
    expect(readChatRequest({ messages, tools: [tool] }).tools).toEqual([tool]);
    expect(readChatRequest({ messages, tools: [tool], tool_choice: 'none' }).tools).toEqual([]);
  });

  it('reads the wish for JSON, with and without a schema', () => {
    const schema = { type: 'object' };
    const wrapped = { type: 'json_schema', json_schema: { name: 'x', schema } };
    expect(readChatRequest({ messages, response_format: wrapped }).format).toEqual(schema);
    expect(readChatRequest({ messages, response_format: { type: 'json_object' } }).format).toBe(
      'json',
    );
    expect(readChatRequest({ messages, response_format: { type: 'text' } }).format).toBeNull();
  });

  it.each([
    [{ n: 2 }, 'n'],
    [{ logprobs: true }, 'logprobs'],
    [{ tool_choice: 'required', tools: [tool] }, 'tool_choice'],
    [{ tool_choice: { type: 'function', function: { name: 'f' } } }, 'tool_choice'],
    [{ audio: {} }, 'audio'],
    [{ logit_bias: {} }, 'logit_bias'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ max_tokens: 1.5 }, 'max_tokens'],
    [{ temperature: '1' }, 'temperature'],
    [{ top_p: 3 }, 'top_p'],
    [{ top_k: 1.5 }, 'top_k'],
    [{ presence_penalty: 9 }, 'presence_penalty'],
    [{ stop: [1] }, 'stop'],
    [{ stream: 'yes' }, 'stream'],
    [{ tools: {} }, 'tools'],
    [{ tools: [null] }, 'tools[0]'],
    [{ response_format: 'json' }, 'response_format'],
    [{ response_format: { type: 'json_schema' } }, 'response_format'],
    [{ messages: [] }, 'messages'],
    [{ messages: [{ role: 'wizard' }] }, 'messages[0].role'],
    [{ messages: [{ role: 'user', content: 5 }] }, 'messages[0].content'],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 'messages[0].content[0]'],
  ])('refuses %j and names %s', (fields, param) => {
    const fault = faultOf({ messages, ...fields });
    expect(fault.status).toBe(400);
    expect(fault.param).toBe(param);
    expect(fault.message.length).toBeGreaterThan(10);
  });

  it('refuses what is no object', () => {
    expect(faultOf([]).param).toBeNull();
    expect(faultOf('text').param).toBeNull();
  });
});
