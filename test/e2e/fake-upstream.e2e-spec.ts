import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helloText, weatherArguments } from '../support/fake-upstream/compose-answer.js';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';

const weatherTool = {
  name: 'get_weather',
  parameters: { type: 'object' as const, properties: { city: { type: 'string' } } },
};
const hello = [{ role: 'user' as const, content: 'Hello?' }];

let upstream: FakeUpstream;
beforeAll(async () => {
  upstream = await startFakeUpstream();
});
afterAll(() => upstream.close());

describe('the fake upstream, asked by the official OpenAI client', () => {
  const client = (): OpenAI =>
    new OpenAI({ apiKey: 'sk-upstream', baseURL: upstream.openaiUrl, maxRetries: 0 });

  it('answers a chat completion that the client reads whole', async () => {
    const answer = await client().chat.completions.create({ model: 'say-hello', messages: hello });
    expect(answer.choices[0]?.message.content).toBe(helloText);
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    const { billed } = upstream.log.last('say-hello');
    expect(answer.usage?.prompt_tokens).toBe(billed?.inputTokens);
    expect(answer.usage?.completion_tokens).toBe(billed?.outputTokens);
  });

  it('streams text, and usage only when it is asked for', async () => {
    const request = { model: 'say-hello', messages: hello, stream: true as const };
    const chunks = [];
    for await (const chunk of await client().chat.completions.create(request)) chunks.push(chunk);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(helloText);
    expect(chunks.every((chunk) => chunk.choices.length === 1)).toBe(true);
    const counted = client().chat.completions.stream({
      ...request,
      stream_options: { include_usage: true },
    });
    const total = await counted.totalUsage();
    expect(total.completion_tokens).toBe(upstream.log.last('say-hello').billed?.outputTokens);
  });

  it('streams tool calls in fragments that join to the arguments', async () => {
    const run = client().chat.completions.stream({
      model: 'tool-two',
      messages: hello,
      tools: [{ type: 'function', function: weatherTool }],
    });
    const { message, finish_reason } = (await run.finalChatCompletion()).choices[0] ?? {};
    expect(finish_reason).toBe('tool_calls');
    expect(message?.tool_calls?.map((call) => 'function' in call && call.function.name)).toEqual([
      'get_weather',
      'get_time',
    ]);
    expect(message?.tool_calls?.[0]).toMatchObject({ function: { arguments: weatherArguments } });
  });

  it('refuses with the status that the model names', async () => {
    const failing = client().chat.completions.create({
      model: 'status-429-retry-7',
      messages: hello,
    });
    const error = await failing.catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect((error as InstanceType<typeof OpenAI.APIError>).headers?.get('retry-after')).toBe('7');
  });

  it('lists its models', async () => {
    const page = await client().models.list();
    expect(page.data.map(({ id }) => id)).toContain('say-hello');
  });
});

describe('the fake upstream, asked by the official Anthropic client', () => {
  const client = (version?: string): Anthropic =>
    new Anthropic({
      apiKey: 'sk-upstream',
      baseURL: upstream.anthropicUrl,
      maxRetries: 0,
      ...(version === undefined ? {} : { defaultHeaders: { 'anthropic-version': version } }),
    });

  it.each(['2023-06-01', '2026-10-21'])('answers a message in version %s', async (version) => {
    const answer = await client(version).messages.create({
      model: 'say-hello',
      max_tokens: 100,
      messages: hello,
    });
    expect(answer.content).toEqual([{ type: 'text', text: helloText }]);
    expect(answer.stop_reason).toBe('end_turn');
    expect(upstream.log.last('say-hello').headers['anthropic-version']).toBe(version);
  });

  it('streams text and cumulative usage', async () => {
    const run = client().messages.stream({ model: 'say-hello', max_tokens: 100, messages: hello });
    const message = await run.finalMessage();
    expect(message.content[0]).toMatchObject({ type: 'text', text: helloText });
    const { billed } = upstream.log.last('say-hello');
    expect(message.usage.output_tokens).toBe(billed?.outputTokens);
    expect(message.usage.input_tokens).toBe(billed?.inputTokens);
  });

  it('streams thinking, and tool calls with and without arguments', async () => {
    const thought = await client()
      .messages.stream({ model: 'think-first', max_tokens: 100, messages: hello })
      .finalMessage();
    expect(thought.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    const tools = [{ name: 'get_weather', input_schema: weatherTool.parameters }];
    const called = await client()
      .messages.stream({ model: 'tool-weather', max_tokens: 100, messages: hello, tools })
      .finalMessage();
    expect(called.stop_reason).toBe('tool_use');
    expect(called.content[1]).toMatchObject({ name: 'get_weather', input: { city: 'Paris' } });
    const bare = await client()
      .messages.stream({ model: 'tool-no-arguments', max_tokens: 100, messages: hello, tools })
      .finalMessage();
    expect(bare.content[0]).toMatchObject({ name: 'get_time', input: {} });
  });

  it('answers 400 to what the version does not take, and 529 when overloaded', async () => {
    const request = { max_tokens: 100, messages: hello };
    const sampled = client().messages.create({
      ...request,
      model: 'say-hello',
      temperature: 1,
    } as never);
    await expect(sampled).rejects.toMatchObject({ status: 400 });
    const overloaded = client().messages.create({ ...request, model: 'status-529' });
    await expect(overloaded).rejects.toMatchObject({ status: 529, type: 'overloaded_error' });
  });

  it('honours stop sequences and token limits', async () => {
    const ask = (rest: object) =>
      client().messages.create({ model: 'long-20', max_tokens: 100, messages: hello, ...rest });
    expect(await ask({ stop_sequences: [' word4'] })).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: ' word4',
      content: [{ type: 'text', text: 'word1 word2 word3' }],
    });
    expect(await ask({ max_tokens: 2 })).toMatchObject({
      stop_reason: 'max_tokens',
      content: [{ text: 'word1 word2' }],
    });
  });

  it('lists its models', async () => {
    const page = await client().models.list();
    expect(page.data.map(({ id }) => id)).toContain('say-hello');
  });
});
