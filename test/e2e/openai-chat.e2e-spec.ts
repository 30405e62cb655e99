import type {
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helloText, weatherArguments } from '../support/fake-upstream/compose-answer.js';
import { parseSse } from '../support/read-sse.js';
import { pixelPng } from './pixel-png.js';
import { protocols, TestBed } from './test-bed.js';

const hello: ChatCompletionMessageParam[] = [{ role: 'user', content: 'Hello?' }];
const tools: ChatCompletionTool[] = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'Tells the weather',
      parameters: {
        type: 'object',
        properties: { city: { type: 'string' }, unit: { type: 'string' } },
        required: ['city'],
      },
    },
  },
];

let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open();
});
afterAll(() => bed.close());

describe.each(protocols)(
  'the official OpenAI client with an upstream that speaks %s',
  (upstream) => {
    it('gets a whole answer with the tokens the upstream counted', async () => {
      const model = await bed.route(upstream, 'say-hello');
      const answer = await bed.openai().chat.completions.create({ model, messages: hello });
      expect(answer.object).toBe('chat.completion');
      expect(answer.choices[0]).toMatchObject({
        finish_reason: 'stop',
        message: { role: 'assistant', content: helloText },
      });
      const { billed } = bed.upstream.log.last('say-hello');
      expect(answer.usage).toMatchObject({
        prompt_tokens: billed?.inputTokens,
        completion_tokens: billed?.outputTokens,
      });
    });

    it('gets a stream, with usage only when it asked for it', async () => {
      const model = await bed.route(upstream, 'say-hello');
      const plain = await bed.ask('openai-chat', model, { isStream: true });
      const events = parseSse(await plain.text());
      expect(events.at(-1)?.data).toBe('[DONE]');
      expect(events.every(({ name }) => name === null)).toBe(true);
      expect(events.some(({ data }) => data.includes('"choices":[]'))).toBe(false);
      const run = bed.openai().chat.completions.stream({
        model,
        messages: hello,
        stream_options: { include_usage: true },
      });
      const { choices, usage } = await run.finalChatCompletion();
      expect(choices[0]?.message.content).toBe(helloText);
      const { billed } = bed.upstream.log.last('say-hello');
      expect(usage?.completion_tokens).toBe(billed?.outputTokens);
    });

    it('carries a tool call there and its result back', async () => {
      const model = await bed.route(upstream, 'tool-weather');
      const client = bed.openai().chat.completions;
      const first = (await client.create({ model, messages: hello, tools })).choices[0];
      expect(first?.finish_reason).toBe('tool_calls');
      const call = first?.message.tool_calls?.[0];
      expect(call).toMatchObject({ type: 'function', function: { name: 'get_weather' } });
      if (first === undefined || call?.type !== 'function') throw new Error('no tool was called');
      expect(JSON.parse(call.function.arguments)).toEqual(JSON.parse(weatherArguments));
      const result: ChatCompletionMessageParam = {
        role: 'tool',
        tool_call_id: call.id,
        content: '21 degrees',
      };
      const second = await client.create({
        model,
        messages: [...hello, first.message, result],
        tools,
      });
      expect(second.choices[0]?.message.content).toBe('The tool said: 21 degrees.');
    });

    it('streams two tool calls without mixing their arguments', async () => {
      const model = await bed.route(upstream, 'tool-two');
      const run = bed.openai().chat.completions.stream({ model, messages: hello, tools });
      const choice = (await run.finalChatCompletion()).choices[0];
      expect(choice?.finish_reason).toBe('tool_calls');
      const calls = choice?.message.tool_calls?.map((call) =>
        call.type === 'function' ? [call.function.name, call.function.arguments] : [],
      );
      expect(calls).toEqual([
        ['get_weather', weatherArguments],
        ['get_time', '{"zone":"CET"}'],
      ]);
    });

    it('gives a call without arguments an empty object', async () => {
      const model = await bed.route(upstream, 'tool-no-arguments');
      const run = bed.openai().chat.completions.stream({ model, messages: hello, tools });
      const call = (await run.finalChatCompletion()).choices[0]?.message.tool_calls?.[0];
      expect(call).toMatchObject({ function: { name: 'get_time', arguments: '{}' } });
    });

    it('sends system prompts and images in the words of the upstream', async () => {
      const model = await bed.route(upstream, 'say-hello');
      const image = {
        type: 'image_url' as const,
        image_url: { url: `data:image/png;base64,${pixelPng}` },
      };
      await bed.openai().chat.completions.create({
        model,
        messages: [
          { role: 'system', content: 'You are a lighthouse.' },
          { role: 'user', content: [{ type: 'text', text: 'What is this?' }, image] },
        ],
      });
      const { body } = bed.upstream.log.last('say-hello');
      expect(body).toContain('You are a lighthouse.');
      expect(body).toContain(pixelPng);
      expect(body.includes('"system":')).toBe(upstream === 'anthropic-messages');
      expect(body.includes('"image_url":{')).toBe(upstream === 'openai-chat');
    });

    it('says why the model stopped', async () => {
      const model = await bed.route(upstream, 'long-20');
      const client = bed.openai().chat.completions;
      const stopped = await client.create({ model, messages: hello, stop: [' word4'] });
      expect(stopped.choices[0]).toMatchObject({
        finish_reason: 'stop',
        message: { content: 'word1 word2 word3' },
      });
      const cut = await client.create({ model, messages: hello, max_completion_tokens: 16 });
      expect(cut.choices[0]).toMatchObject({
        finish_reason: 'length',
        message: { content: expect.stringMatching(/word16$/) as string },
      });
    });

    it('counts cached input as part of the prompt', async () => {
      const model = await bed.route(upstream, 'cached-usage');
      const { usage } = await bed.openai().chat.completions.create({ model, messages: hello });
      const { billed } = bed.upstream.log.last('cached-usage');
      expect(usage?.prompt_tokens).toBe(billed?.inputTokens);
      expect(usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(0);
    });

    it('reads the same answer when every byte comes by itself', async () => {
      const model = await bed.route(upstream, 'split-bytes');
      const run = bed.openai().chat.completions.stream({ model, messages: hello });
      const { message } = (await run.finalChatCompletion()).choices[0] ?? {};
      expect(message?.content).toMatch(/^word1 .* word12$/);
    });
  },
);

describe('a chat completion for an upstream that speaks another protocol', () => {
  it('in the form before tools is answered in that form, whole and streamed', async () => {
    const model = await bed.route('anthropic-messages', 'tool-weather');
    const functions = tools.flatMap((tool) => (tool.type === 'function' ? [tool.function] : []));
    const first = await bed.ask('openai-chat', model, { body: { functions } });
    const answer = (await first.json()) as {
      choices: { finish_reason: string; message: { function_call: { name: string } } }[];
    };
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'function_call',
      message: { function_call: { name: 'get_weather' } },
    });
    const messages = [
      ...hello,
      answer.choices[0]?.message,
      { role: 'function', name: 'get_weather', content: '21 degrees' },
    ];
    const second = await bed.ask('openai-chat', model, {
      isStream: true,
      body: { functions, messages },
    });
    const text = await second.text();
    const pieces = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, piece]) => piece);
    expect(pieces.join('')).toBe('The tool said: 21 degrees.');
    expect(text).not.toContain('tool_calls');
  });
});

describe('a chat completion that is passed on in its own protocol', () => {
  it('keeps every byte of the request except the name of the model', async () => {
    const model = await bed.route('openai-chat', 'say-hello');
    const odd = `{ "model":"${model}", "seed":12345678901234567890, "x-new":{"a":1.0}, "messages":[{"role":"user","content":"\\u2028 ☕"}] }`;
    const response = await fetch(`${bed.gateway.origin}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bed.key}`, 'content-type': 'application/json' },
      body: odd,
    });
    expect(response.status).toBe(200);
    // a shorter name may leave blanks behind it, which mean nothing in JSON
    const sent = bed.upstream.log.last('say-hello').body.replace(/(?<="say-hello") +/, '');
    expect(sent).toBe(odd.replace(model, 'say-hello'));
  });

  it('does not pass on what identifies the account of the provider', async () => {
    const response = await bed.ask('openai-chat', await bed.route('openai-chat', 'say-hello'));
    expect(response.headers.get('openai-organization')).toBeNull();
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('x-upstream-request-id')).toMatch(/^req_/);
  });

  it('lists the routes of the key as models', async () => {
    const model = await bed.route('openai-chat', 'say-hello');
    const page = await bed.openai().models.list();
    expect(page.data.map(({ id }) => id)).toContain(model);
  });
});
