import { describe, expect, it } from 'vitest';
import { protocols, type Protocol } from '#translation';
import { checkAnswer } from './answers/check-answer.js';
import { checkPassthrough } from './check-passthrough.js';
import type { Exchange } from './recordings.js';
import { checkRequest } from './requests/check-request.js';

const chat = protocols['openai-chat'];
const anthropic = protocols['anthropic-messages'];

const call = (id: string, name: string, text: string): object => ({
  id,
  type: 'function',
  function: { name, arguments: text },
});
const parameters = { type: 'object', properties: { city: { type: 'string', minLength: 2 } } };
const answered = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: 'Both, please.',
        reasoning_content: 'Two cities.',
        tool_calls: [
          call('a', 'weather', '{"city":"Bern"}'),
          call('b', 'clock', '{"n":12345678901234567890}'),
        ],
        annotations: [{ type: 'url_citation', url_citation: { url: 'https://a.example/' } }],
      },
      finish_reason: 'tool_calls',
    },
  ],
  usage: {
    prompt_tokens: 30,
    completion_tokens: 12,
    total_tokens: 42,
    prompt_tokens_details: { cached_tokens: 20 },
  },
};
const exchange: Exchange = {
  id: 'made/openai-chat/1',
  source: 'made',
  protocol: 'openai-chat',
  streamed: false,
  provider: 'made',
  request: {
    method: 'POST',
    path: '/v1/chat/completions',
    body: {
      model: 'm',
      max_tokens: 100,
      temperature: 0.5,
      stop: ['###'],
      tool_choice: 'required',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Weather and time in Bern?' },
        {
          role: 'assistant',
          content: 'I look.',
          tool_calls: [call('a', 'weather', '{"city":"Bern"}'), call('b', 'clock', '{}')],
        },
        { role: 'tool', tool_call_id: 'b', content: 'noon' },
        { role: 'tool', tool_call_id: 'a', content: 'rain' },
        { role: 'user', content: 'And tomorrow?' },
      ],
      tools: [
        { type: 'function', function: { name: 'weather', description: 'Looks out.', parameters } },
        { type: 'function', function: { name: 'clock', parameters: { type: 'object' } } },
      ],
    },
  },
  response: { status: 200, headers: {}, body: JSON.stringify(answered) },
};

/** The protocol with one fault: its texts come out changed. */
function faulty(protocol: Protocol, spoil: (text: string) => string): Protocol {
  return {
    ...protocol,
    encodeResponse: (...args) => spoil(protocol.encodeResponse(...args)),
    createStreamEncoder: (context) => {
      const encoder = protocol.createStreamEncoder(context);
      return { push: (event) => spoil(encoder.push(event)) };
    },
    encodeRequest: (...args) => {
      const encoded = protocol.encodeRequest(...args);
      return { ...encoded, body: spoil(encoded.body) };
    },
  };
}

const instead =
  (before: string | RegExp, after: string) =>
  (text: string): string =>
    text.replaceAll(typeof before === 'string' ? new RegExp(escaped(before), 'g') : before, after);

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

describe('the judge of answers', () => {
  it('finds nothing where there is nothing', () => {
    expect(checkAnswer(exchange, chat, anthropic)).toEqual([]);
  });

  it.each<readonly [rule: string, fault: (text: string) => string]>([
    ['text', instead('Both, please.', 'Both.')],
    ['reasoning', instead('Two cities.', 'Two.')],
    ['calls', instead('"clock"', '"watch"')],
    ['arguments', instead('Bern', 'Basel')],
    ['arguments', instead('12345678901234567890', '12345678901234567000')],
    ['finish', instead('"stop_reason":"tool_use"', '"stop_reason":"max_tokens"')],
    ['usage', instead('"input_tokens":10', '"input_tokens":30')],
    ['usage', instead('"cache_read_input_tokens":20', '"cache_read_input_tokens":0')],
    ['citations', instead('https://a.example/', 'https://b.example/')],
    ['shape', instead('"type":"message"', '"type":"massage"')],
  ])('finds a fault of %s, whole and streamed', (rule, fault) => {
    const problems = checkAnswer(exchange, chat, faulty(anthropic, fault));
    expect(problems.some((problem) => problem.startsWith(`${rule}:`))).toBe(true);
    const streamed = problems.filter((problem) => problem.startsWith('streamed '));
    expect(streamed.length).toBeGreaterThan(0);
  });
});

describe('the judge of requests', () => {
  const check = (upstream: Protocol): readonly string[] =>
    checkRequest(exchange, chat, upstream, false).problems;

  it('finds nothing where there is nothing', () => {
    expect(check(anthropic)).toEqual([]);
  });

  it.each<readonly [rule: string, fault: (text: string) => string]>([
    ['prompt', instead('And tomorrow?', '')],
    ['prompt', instead('Be brief.', 'Be brief. Be kind.')],
    ['spoken', instead('I look.', 'I see.')],
    ['calls', instead('"name":"clock","input"', '"name":"weather","input"')],
    ['arguments', instead('{"city":"Bern"}', '{"city":"Basel"}')],
    ['results', instead('noon', 'rain')],
    ['tools', instead('"minLength":2', '"minLength":3')],
    ['tools', instead('Looks out.', '')],
    ['settings', instead('"max_tokens":100', '"max_tokens":99')],
    ['settings', instead('"type":"any"', '"type":"auto"')],
    ['settings', instead('"temperature":0.5', '"temperature":0.6')],
    ['settings', instead(',"stop_sequences":["###"]', '')],
    ['lost', instead(',"stop_sequences":["###"]', '')],
    ['shape', instead('"tool_use_id":"a"', '"tool_use_id":"c"')],
    ['shape', instead('"role":"assistant"', '"role":"model"')],
  ])('finds a fault of %s', (rule, fault) => {
    const problems = check(faulty(anthropic, fault));
    expect(problems.map((problem) => problem.split(':')[0])).toContain(rule);
  });

  it('takes no field for carried that no one knows', () => {
    const body = { ...(exchange.request.body as object), x_unheard_of: 'of-this' };
    const strange = { ...exchange, request: { ...exchange.request, body } };
    const silent: Protocol = {
      ...anthropic,
      encodeRequest: (...args) => ({ ...anthropic.encodeRequest(...args), warnings: [] }),
    };
    expect(checkRequest(strange, chat, anthropic, false).problems).toEqual([]);
    expect(checkRequest(strange, chat, silent, false).problems).toContain(
      'lost: x_unheard_of "of-this"',
    );
  });

  it('wants a refusal to name a place of the caller’s', () => {
    const body = { ...(exchange.request.body as object), n: 2 };
    const several = { ...exchange, request: { ...exchange.request, body } };
    expect(checkRequest(several, chat, anthropic, false)).toEqual({
      problems: [],
      isRefused: true,
    });
    const lost: Protocol = {
      ...chat,
      decodeRequest: (...args) => {
        const request = chat.decodeRequest(...args);
        const leftovers = request.leftovers.map((left) => ({ ...left, path: 'a.b' }));
        return { ...request, leftovers };
      },
    };
    expect(checkRequest(several, lost, anthropic, false).problems).toEqual([
      'path: a.b is nowhere in the request',
    ]);
  });
});

describe('the judge of passing bytes', () => {
  it('finds nothing where there is nothing, and edits that change too much', () => {
    expect(checkPassthrough(exchange, chat)).toEqual([]);
    const spoilt: Protocol = {
      ...chat,
      passthroughEdits: (envelope, model) => [
        ...chat.passthroughEdits(envelope, model),
        { span: { start: 40, end: 41 }, text: '9' },
      ],
    };
    expect(checkPassthrough(exchange, spoilt).length).toBeGreaterThan(0);
  });

  it('finds a tap that counts wrongly', () => {
    const spoilt: Protocol = {
      ...chat,
      readAnswer: (text) =>
        chat.readAnswer(text.replace('"completion_tokens":12', '"completion_tokens":13')),
    };
    expect(checkPassthrough(exchange, spoilt)).toEqual(['tap usage: output of 12 became 13']);
  });
});
