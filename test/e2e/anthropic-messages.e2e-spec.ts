import type Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opaqueEnvelopeMark } from '#translation';
import { helloText } from '../support/fake-upstream/compose-answer.js';
import { parseSse } from '../support/read-sse.js';
import { pixelPng } from './pixel-png.js';
import { protocols, TestBed } from './test-bed.js';

const hello: Anthropic.MessageParam[] = [{ role: 'user', content: 'Hello?' }];
const tools: Anthropic.Tool[] = [
  {
    name: 'get_weather',
    description: 'Tells the weather',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
];

let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open();
});
afterAll(() => bed.close());

const ask = (model: string, rest: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) =>
  bed.anthropic().messages.create({ model, max_tokens: 100, messages: hello, ...rest });
const stream = (model: string, rest: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) =>
  bed
    .anthropic()
    .messages.stream({ model, max_tokens: 100, messages: hello, ...rest })
    .finalMessage();

describe.each(protocols)(
  'the official Anthropic client with an upstream that speaks %s',
  (upstream) => {
    it('gets a whole message with the tokens the upstream counted', async () => {
      const answer = await ask(await bed.route(upstream, 'say-hello'));
      expect(answer).toMatchObject({
        type: 'message',
        role: 'assistant',
        stop_reason: 'end_turn',
        content: [{ type: 'text', text: helloText }],
      });
      const { billed } = bed.upstream.log.last('say-hello');
      expect(answer.usage.input_tokens).toBe(billed?.inputTokens);
      expect(answer.usage.output_tokens).toBe(billed?.outputTokens);
    });

    it('gets a stream whose last usage is what the upstream counted', async () => {
      const message = await stream(await bed.route(upstream, 'say-hello'));
      expect(message.content).toMatchObject([{ type: 'text', text: helloText }]);
      const { billed } = bed.upstream.log.last('say-hello');
      expect(message.usage.output_tokens).toBe(billed?.outputTokens);
      expect(message.usage.input_tokens).toBe(billed?.inputTokens);
    });

    it('gets streams that begin and end as the protocol says', async () => {
      const model = await bed.route(upstream, 'say-hello');
      const response = await bed.ask('anthropic-messages', model, { isStream: true });
      const events = parseSse(await response.text());
      const names = events.map(({ name }) => name).filter((name) => name !== 'ping');
      expect(names[0]).toBe('message_start');
      expect(names.slice(-2)).toEqual(['message_delta', 'message_stop']);
      for (const { name, data } of events) {
        expect((JSON.parse(data) as { type: string }).type).toBe(name);
      }
    });

    it('carries a tool call there and its result back', async () => {
      const model = await bed.route(upstream, 'tool-weather');
      const first = await ask(model, { tools });
      expect(first.stop_reason).toBe('tool_use');
      const call = first.content.find((block) => block.type === 'tool_use');
      if (call === undefined) throw new Error('no tool was called');
      expect(call).toMatchObject({
        name: 'get_weather',
        input: { city: 'Paris', unit: 'celsius' },
      });
      const second = await ask(model, {
        tools,
        messages: [
          ...hello,
          { role: 'assistant', content: first.content },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: call.id, content: '21 degrees' }],
          },
        ],
      });
      expect(second.content).toMatchObject([{ text: 'The tool said: 21 degrees.' }]);
    });

    it('streams two tool calls one after the other', async () => {
      const message = await stream(await bed.route(upstream, 'tool-two'), { tools });
      expect(message.stop_reason).toBe('tool_use');
      expect(message.content.filter(({ type }) => type === 'tool_use')).toMatchObject([
        { type: 'tool_use', name: 'get_weather', input: { city: 'Paris', unit: 'celsius' } },
        { type: 'tool_use', name: 'get_time', input: { zone: 'CET' } },
      ]);
    });

    it('gives a call without arguments an empty object', async () => {
      const message = await stream(await bed.route(upstream, 'tool-no-arguments'), { tools });
      expect(message.content[0]).toMatchObject({ type: 'tool_use', name: 'get_time', input: {} });
    });

    it('sends system prompts and images in the words of the upstream', async () => {
      await ask(await bed.route(upstream, 'say-hello'), {
        system: [{ type: 'text', text: 'You are a lighthouse.' }],
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is this?' },
              {
                type: 'image',
                source: { type: 'base64', media_type: 'image/png', data: pixelPng },
              },
            ],
          },
        ],
      });
      const { body } = bed.upstream.log.last('say-hello');
      expect(body).toContain('You are a lighthouse.');
      expect(body).toContain(pixelPng);
      expect(body.includes('"role":"system"')).toBe(upstream === 'openai-chat');
      expect(body.includes('"image_url":{')).toBe(upstream === 'openai-chat');
    });

    it('says why the model stopped', async () => {
      const model = await bed.route(upstream, 'long-20');
      const stopped = await ask(model, { stop_sequences: [' word4'] });
      expect(stopped.content).toMatchObject([{ text: 'word1 word2 word3' }]);
      // only Anthropic tells a stop sequence from a natural end; where we cut ourselves, we know
      const isTold = upstream === 'anthropic-messages' || upstream === 'openai-responses';
      expect(stopped.stop_reason).toBe(isTold ? 'stop_sequence' : 'end_turn');
      // the smallest limit that every upstream takes
      const cut = await ask(model, { max_tokens: 16 });
      expect(cut.stop_reason).toBe('max_tokens');
      expect(cut.content).toMatchObject([{ text: expect.stringMatching(/word16$/) as string }]);
    });

    it('counts cached input beside the rest of it', async () => {
      const { usage } = await ask(await bed.route(upstream, 'cached-usage'));
      const { billed } = bed.upstream.log.last('cached-usage');
      expect(usage.cache_read_input_tokens).toBeGreaterThan(0);
      expect(usage.input_tokens + (usage.cache_read_input_tokens ?? 0)).toBe(billed?.inputTokens);
    });
  },
);

describe('a message for an upstream that speaks another protocol', () => {
  it('is held to the version its headers name', async () => {
    const model = await bed.route('openai-chat', 'say-hello');
    const send = (version: string) =>
      bed.ask('anthropic-messages', model, {
        headers: { 'anthropic-version': version },
        body: { temperature: 1 },
      });
    const refused = await send('2026-10-21');
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('temperature');
    expect((await send('2023-06-01')).status).toBe(200);
  });
});

describe('a message that is passed on in its own protocol', () => {
  it('edge 103: is the same call with `?beta=true`', async () => {
    const model = await bed.route('anthropic-messages', 'say-hello');
    const answer = await bed
      .anthropic()
      .beta.messages.create({ model, max_tokens: 50, messages: [{ role: 'user', content: 'Hi' }] });
    expect(answer.content).toMatchObject([{ text: helloText }]);
  });

  it('loses the thinking of other models and nothing else', async () => {
    const model = await bed.route('anthropic-messages', 'say-hello');
    const foreign = { type: 'thinking', thinking: 'hm', signature: `${opaqueEnvelopeMark}e30=` };
    const rest = [{ type: 'text', text: 'é', x_new: { deep: 1 } }];
    const messages = [...hello, { role: 'assistant', content: [foreign, ...rest] }, ...hello];
    const response = await bed.ask('anthropic-messages', model, { body: { messages } });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-spillway-warnings')).toContain('messages[1].content[0]');
    expect(JSON.parse(bed.upstream.log.last('say-hello').body)).toMatchObject({
      messages: [...hello, { role: 'assistant', content: rest }, ...hello],
    });
  });

  it('goes on in the version of the caller, with the credential of the provider', async () => {
    const model = await bed.route('anthropic-messages', 'say-hello');
    for (const version of ['2023-06-01', '2026-10-21']) {
      const headers = { 'anthropic-version': version, 'anthropic-beta': 'new-thing-2026-11-01' };
      const response = await bed.ask('anthropic-messages', model, { headers });
      expect(response.status).toBe(200);
      const seen = bed.upstream.log.last('say-hello').headers;
      expect(seen['anthropic-version']).toBe(version);
      expect(seen['anthropic-beta']).toBe('new-thing-2026-11-01');
      expect(JSON.stringify(seen)).not.toContain(bed.key);
    }
  });

  it('keeps thinking with its signature', async () => {
    const message = await stream(await bed.route('anthropic-messages', 'think-first'));
    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'Let me think about it.' },
      { type: 'text', text: 'Forty-two.' },
    ]);
  });

  it('is the same call with a query', async () => {
    const model = await bed.route('anthropic-messages', 'say-hello');
    const answer = await bed
      .anthropic()
      .beta.messages.create({ model, max_tokens: 50, messages: hello });
    expect(answer.content).toMatchObject([{ text: helloText }]);
  });

  it('lists the routes of the key as models', async () => {
    const model = await bed.route('anthropic-messages', 'say-hello');
    const page = await bed.anthropic().models.list();
    expect(page.data.map(({ id }) => id)).toContain(model);
  });
});
