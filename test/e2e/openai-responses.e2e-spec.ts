import OpenAI from 'openai';
import type {
  ResponseCreateParamsNonStreaming,
  ResponseInputItem,
  Tool,
} from 'openai/resources/responses/responses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helloText, weatherArguments } from '../support/fake-upstream/compose-answer.js';
import { checkStream } from '../support/stream-grammar.js';
import { parseSse } from '../support/read-sse.js';
import { expectError } from './error-shape.js';
import { pixelPng } from './pixel-png.js';
import { protocols, responsesPath, TestBed } from './test-bed.js';

const input: ResponseInputItem[] = [{ role: 'user', content: 'Hello?' }];
const tools: Tool[] = [
  {
    type: 'function',
    name: 'get_weather',
    description: 'Tells the weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    strict: false,
  },
];

let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open();
});
afterAll(() => bed.close());

const create = (fields: Omit<ResponseCreateParamsNonStreaming, 'input'> & { input?: unknown }) =>
  bed.openai().responses.create({ input, ...fields } as ResponseCreateParamsNonStreaming);

describe.each(protocols)(
  'the official OpenAI client, asking for responses of an upstream that speaks %s',
  (upstream) => {
    it('gets a whole response with the tokens the upstream counted', async () => {
      const response = await create({ model: await bed.route(upstream, 'say-hello') });
      expect(response).toMatchObject({
        object: 'response',
        status: 'completed',
        output_text: helloText,
      });
      const { billed } = bed.upstream.log.last('say-hello');
      expect(response.usage).toMatchObject({
        input_tokens: billed?.inputTokens,
        output_tokens: billed?.outputTokens,
      });
    });

    it('gets a stream that keeps to the grammar and says the same', async () => {
      const model = await bed.route(upstream, 'say-hello');
      const answer = await bed.ask('openai-responses', model, { isStream: true });
      const text = await answer.text();
      expect(checkStream('openai-responses', text, { includesUsage: true })).toEqual([]);
      expect(parseSse(text).at(-1)?.name).toBe('response.completed');
      const run = bed.openai().responses.stream({ model, input });
      const response = await run.finalResponse();
      expect(response.output_text).toBe(helloText);
      const { billed } = bed.upstream.log.last('say-hello');
      expect(response.usage?.output_tokens).toBe(billed?.outputTokens);
    });

    it('carries a tool call there and its result back', async () => {
      const model = await bed.route(upstream, 'tool-weather');
      const first = await create({ model, tools, store: false });
      const call = first.output.find((item) => item.type === 'function_call');
      if (call === undefined) throw new Error('no tool was called');
      expect(call.name).toBe('get_weather');
      expect(JSON.parse(call.arguments)).toEqual(JSON.parse(weatherArguments));
      const second = await create({
        model,
        tools,
        input: [
          ...input,
          ...first.output,
          { type: 'function_call_output', call_id: call.call_id, output: '21 degrees' },
        ],
      });
      expect(second.output_text).toBe('The tool said: 21 degrees.');
    });

    it('streams two tool calls one after the other', async () => {
      const model = await bed.route(upstream, 'tool-two');
      const run = bed.openai().responses.stream({ model, input, tools });
      const { output } = await run.finalResponse();
      const calls = output.flatMap((item) =>
        item.type === 'function_call' ? [[item.name, JSON.parse(item.arguments) as unknown]] : [],
      );
      expect(calls).toEqual([
        ['get_weather', JSON.parse(weatherArguments)],
        ['get_time', { zone: 'CET' }],
      ]);
    });

    it('takes back the thinking of an earlier answer, whoever has made it', async () => {
      const model = await bed.route(upstream, 'think-first');
      const first = await create({ model, include: ['reasoning.encrypted_content'] });
      expect(first.output_text).toBe('Forty-two.');
      const second = await create({
        model,
        input: [...input, ...first.output, { role: 'user', content: 'Sure?' }],
      });
      expect(second.status).toBe('completed');
    });

    it('sends instructions and images in the words of the upstream', async () => {
      await create({
        model: await bed.route(upstream, 'say-hello'),
        instructions: 'You are a lighthouse.',
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_text', text: 'What is this?' },
              {
                type: 'input_image',
                image_url: `data:image/png;base64,${pixelPng}`,
                detail: 'auto',
              },
            ],
          },
        ],
      });
      const { body } = bed.upstream.log.last('say-hello');
      expect(body).toContain('You are a lighthouse.');
      expect(body).toContain(pixelPng);
    });

    it('says why the model stopped', async () => {
      const model = await bed.route(upstream, 'long-20');
      const response = await create({ model, max_output_tokens: 16 });
      expect(response.status).toBe('incomplete');
      expect(response.incomplete_details).toEqual({ reason: 'max_output_tokens' });
    });

    it('throws at an error inside of a stream', async () => {
      const model = await bed.route(upstream, 'cut-mid');
      const events = await bed.openai().responses.create({ model, input, stream: true });
      const read = async (): Promise<void> => {
        for await (const event of events) void event;
      };
      await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
    });
  },
);

describe('a request for a response that is passed on in its own protocol', () => {
  it('keeps every byte but the name of the model', async () => {
    const model = await bed.route('openai-responses', 'say-hello');
    const body = `{ "x_new": 1.0, "n": 12345678901234567890, "model": "${model}",\n "input": "Hi" }`;
    const answer = await fetch(bed.gateway.origin + responsesPath, {
      method: 'POST',
      headers: { authorization: `Bearer ${bed.key}`, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(200);
    await answer.text();
    // the shorter name is followed by blanks, so that nothing behind it moves
    const name = '"say-hello"'.padEnd(model.length + 2);
    expect(bed.upstream.log.last('say-hello').body).toBe(body.replace(`"${model}"`, name));
  });

  it('hears why a stream broke off, even where the upstream only sends `error`', async () => {
    const model = await bed.route('openai-responses', 'error-mid');
    const answer = await bed.ask('openai-responses', model, { isStream: true });
    const events = parseSse(await answer.text());
    expect(events.slice(-2).map(({ name }) => name)).toEqual(['error', 'response.failed']);
    expect(events.at(-1)?.data).toContain('The fake upstream broke inside its stream.');
  });
});

describe('what this gateway does not keep', () => {
  it.each([
    ['GET', '/resp_1', 'keeps no responses'],
    ['GET', '/resp_1/input_items', 'keeps no responses'],
    ['DELETE', '/resp_1', 'keeps no responses'],
    ['POST', '/resp_1/cancel', 'keeps no responses'],
    ['POST', '/compact', 'does not compact'],
  ])('is said in words: %s /v1/responses%s', async (method, path, words) => {
    const answer = await fetch(bed.gateway.origin + responsesPath + path, {
      method,
      headers: { authorization: `Bearer ${bed.key}` },
    });
    expect(await expectError('openai-responses', answer, 'not_found')).toContain(words);
  });

  it('is refused before anything is sent: answers that come later', async () => {
    const model = await bed.route('openai-responses', 'say-hello');
    const answer = await bed.ask('openai-responses', model, { body: { background: true } });
    const message = await expectError('openai-responses', answer, 'invalid_request');
    expect(message).toContain('`background` must be false');
  });

  it('is refused where a target would have to know an earlier response', async () => {
    const model = await bed.route('anthropic-messages', 'say-hello');
    const answer = await bed.ask('openai-responses', model, {
      body: { previous_response_id: 'resp_1' },
    });
    const message = await expectError('openai-responses', answer, 'previous_response_not_found');
    expect(message).toContain('previous_response_id');
  });
});

describe('the tokens of a request for a response', () => {
  it('are estimated, and said to be so, where the upstream cannot tell', async () => {
    const model = await bed.route('anthropic-messages', 'say-hello');
    const count = await bed.openai().responses.inputTokens.count({ model, input: 'Hello there' });
    expect(count.object).toBe('response.input_tokens');
    expect(count.input_tokens).toBeGreaterThan(2);
  });
});
