import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScriptedUpstream, type ScriptedUpstream } from '../support/scripted-upstream.js';
import type { UpstreamProtocol } from '../support/fake-upstream/upstream-log.js';
import { TestBed } from './test-bed.js';

/** Numbers that survive as 32-bit floats. */
const vector = [0.5, -1.25, 3];

let bed: TestBed;
let upstream: ScriptedUpstream;
let openai: string;
let openaiProvider: string;
let anthropic: string;

beforeAll(async () => {
  bed = await TestBed.open();
  upstream = await startScriptedUpstream(({ path }) => {
    if (path === '/v1/embeddings') {
      return {
        body: JSON.stringify({
          object: 'list',
          model: 'e',
          data: [{ object: 'embedding', index: 0, embedding: vector }],
          usage: { prompt_tokens: 7, total_tokens: 7 },
        }),
      };
    }
    if (path === '/v1/messages/count_tokens') return { body: '{"input_tokens":42}' };
    if (path === '/v1/completions') {
      return {
        body: JSON.stringify({
          id: 'cmpl-1',
          object: 'text_completion',
          choices: [{ index: 0, text: 'native', finish_reason: 'stop', logprobs: null }],
          usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
        }),
      };
    }
    if (path === '/v1/models')
      return { body: JSON.stringify({ data: [{ id: 'gpt-real', max_model_len: 4_321 }] }) };
    return { status: 404, body: '{"error":{"message":"no such path"}}' };
  });
  const provider = async (
    name: string,
    protocol: UpstreamProtocol,
    baseUrl: string,
  ): Promise<string> =>
    (await bed.admin.createProvider({ name, protocol, baseUrl, allowPrivateNetwork: true })).id;
  const openaiId = await provider('scripted-openai', 'openai-chat', `${upstream.origin}/v1`);
  openaiProvider = openaiId;
  const anthropicId = await provider('scripted-claude', 'anthropic-messages', upstream.origin);
  const route = (name: string, providerId: string, upstreamModel: string): Promise<string> =>
    bed.routeTo(name, [{ kind: 'provider', providerId, upstreamModel }]);
  openai = await route('scripted-openai', openaiId, 'gpt-real');
  anthropic = await route('scripted-claude', anthropicId, 'claude-real');
});
afterAll(async () => {
  await bed.close();
  await upstream.close();
});

const post = (
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(bed.gateway.origin + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${bed.key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('embeddings', () => {
  it('edge 104: reach the official client as numbers, though it asks for base64 and the upstream sends floats', async () => {
    const answer = await bed.openai().embeddings.create({ model: openai, input: 'text' });
    expect(Array.from(answer.data[0]?.embedding ?? [])).toEqual(vector);
    expect(JSON.parse(upstream.requests.at(-1)?.body ?? '')).toMatchObject({ model: 'gpt-real' });
  });

  it('are logged with the tokens that were counted', async () => {
    const answer = await post('/v1/embeddings', { model: openai, input: ['a', 'b'] });
    expect(((await answer.json()) as { data: unknown[] }).data).toHaveLength(1);
    const row = await bed.logOf(answer);
    expect(row).toMatchObject({ protocol: 'openai-embeddings', outcome: 'completed' });
    expect(row.attempts[0]).toMatchObject({ inputTokens: 7, outputTokens: 0 });
  });

  it('are refused, with a reason, by a target that has none', async () => {
    const answer = await post('/v1/embeddings', { model: anthropic, input: 'text' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: {
        code: 'unsupported_by_target',
        message: expect.stringContaining('no embeddings API') as string,
      },
    });
  });
});

describe('legacy completions', () => {
  it('pass through where the target speaks them', async () => {
    const answer = await bed.openai().completions.create({ model: openai, prompt: 'Once' });
    expect(answer.choices[0]?.text).toBe('native');
  });

  it('are asked as chat, whole and streamed, of a target that speaks no completions', async () => {
    const model = await bed.route('anthropic-messages', 'say-hello');
    const asked = { model, prompt: 'Once', max_tokens: 50 };
    const whole = await bed.openai().completions.create(asked);
    let streamed = '';
    for await (const chunk of await bed.openai().completions.create({ ...asked, stream: true })) {
      streamed += chunk.choices[0]?.text ?? '';
    }
    expect(whole.choices[0]?.text).not.toBe('');
    expect(streamed).toBe(whole.choices[0]?.text);
  });

  it('say what chat cannot do', async () => {
    const model = await bed.route('anthropic-messages', 'say-hello');
    const answer = await post('/v1/completions', { model, prompt: 'Once', echo: true });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { param: 'echo' } });
  });
});

describe('counting tokens', () => {
  const request = { messages: [{ role: 'user', content: 'x'.repeat(300) }] };

  it('asks an upstream that speaks the protocol', async () => {
    const count = await bed.anthropic().messages.countTokens({
      model: anthropic,
      messages: [{ role: 'user', content: 'Hello?' }],
    });
    expect(count.input_tokens).toBe(42);
    const asked = upstream.requests.at(-1);
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      model: 'claude-real',
      messages: [{ role: 'user', content: 'Hello?' }],
    });
  });

  it('estimates elsewhere and says so', async () => {
    const answer = await post('/v1/messages/count_tokens', { model: openai, ...request });
    expect(await answer.json()).toEqual({ input_tokens: 104 });
    expect(answer.headers.get('x-spillway-warnings')).toMatch(/^estimated;field=input_tokens/);
  });

  it('answers faults in its own words', async () => {
    const answer = await post('/v1/messages/count_tokens', { model: 'no-such', ...request });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      type: 'error',
      error: { type: 'not_found_error' },
    });
    const malformed = await post('/v1/messages/count_tokens', { model: openai, messages: 'x' });
    expect(malformed.status).toBe(400);
  });
});

describe('loss modes', () => {
  const seeded = { messages: [{ role: 'user', content: 'Hello?' }], seed: 1, max_tokens: 20 };

  it('drop a hint with a warning, or refuse it where the route is strict', async () => {
    const target = bed.target('anthropic-messages', 'say-hello');
    const strict = (
      await bed.admin.createRoute({ name: 'strict', targets: [target], lossMode: 'strict' })
    ).name;
    const warned = await post('/v1/chat/completions', {
      model: await bed.route('anthropic-messages', 'say-hello'),
      ...seeded,
    });
    expect([warned.status, warned.headers.get('x-spillway-warnings')]).toEqual([
      200,
      expect.stringContaining('field=seed'),
    ]);
    const refused = await post('/v1/chat/completions', { model: strict, ...seeded });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { param: 'seed' } });
  });

  it('are logged with what each attempt was not told, the failed ones as well', async () => {
    const model = await bed.routeTo('lossy-then-own', [
      bed.target('anthropic-messages', 'status-500'),
      bed.target('openai-chat', 'say-hello'),
    ]);
    const answer = await post('/v1/chat/completions', { model, ...seeded });
    const { attempts, warnings } = await bed.logOf(answer);
    expect([answer.status, warnings]).toEqual([200, []]);
    expect(attempts.map((attempt) => attempt.warnings)).toEqual([
      [expect.objectContaining({ code: 'dropped', path: 'seed' })],
      [],
    ]);
  });
});

describe('POST /v1/translate', () => {
  const preview = (model: string, query: string, body: object): Promise<Response> =>
    fetch(`${bed.gateway.origin}/v1/translate?${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bed.admin.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, ...body }),
    });
  const body = { messages: [{ role: 'user', content: 'Hi' }], seed: 5, max_tokens: 9 };

  it('shows the exact outgoing request of each target without sending it', async () => {
    const before = upstream.requests.length;
    const answer = await preview(anthropic, 'protocol=openai-chat', body);
    const { targets } = (await answer.json()) as { targets: Record<string, unknown>[] };
    expect(targets).toEqual([
      {
        target: 'provider:scripted-claude/claude-real',
        protocol: 'anthropic-messages',
        path: '/v1/messages',
        isPassthrough: false,
        body: '{"model":"claude-real","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}',
        warnings: [expect.objectContaining({ code: 'dropped', path: 'seed' })],
        refusal: null,
      },
    ]);
    expect(upstream.requests).toHaveLength(before);
  });

  it('shows what passes through and what is refused', async () => {
    const through = await preview(openai, 'protocol=openai-chat', { ...body, x_new: 1 });
    expect(await through.json()).toMatchObject({
      targets: [
        { isPassthrough: true, body: expect.stringContaining('"x_new":1') as string, warnings: [] },
      ],
    });
    const strict = await preview(anthropic, 'protocol=openai-chat&lossMode=strict', body);
    expect(await strict.json()).toMatchObject({
      targets: [{ body: null, refusal: { code: 'unsupported_by_target', path: 'seed' } }],
    });
  });

  it('is for administrators, and says what is wrong with a question', async () => {
    const byKey = await post('/v1/translate', { model: openai, ...body });
    expect(byKey.status).toBe(401);
    expect((await preview(openai, 'protocol=esperanto', body)).status).toBe(400);
    expect((await preview('no-such', 'protocol=openai-chat', body)).status).toBe(404);
  });
});

describe('an answer that should keep to a schema which the target enforces only in part', () => {
  it.each([false, true])(
    'is checked, and what does not fit is told: streamed %s',
    async (stream) => {
      const model = await bed.route('anthropic-messages', 'say-hello');
      const schema = {
        type: 'object',
        properties: { n: { type: 'integer', minimum: 1 } },
        required: ['n'],
        additionalProperties: false,
      };
      const answer = await post('/v1/chat/completions', {
        model,
        stream,
        messages: [{ role: 'user', content: 'A number, please.' }],
        response_format: { type: 'json_schema', json_schema: { name: 'number', schema } },
      });
      expect(answer.status).toBe(200);
      await answer.text();
      const { warnings } = await bed.logOf(answer);
      expect(warnings).toContainEqual({
        code: 'mismatched',
        path: 'response_format.json_schema.schema',
        detail: 'the answer is not JSON, and the target enforces only a part of the schema',
      });
      // the headers of a stream are sent before its end is known
      if (!stream) expect(answer.headers.get('x-spillway-warnings')).toContain('mismatched;');
    },
  );
});

describe('what an upstream tells of its models', () => {
  it('is known as soon as it was asked, and shown to clients in their own words', async () => {
    const list = (headers: Record<string, string>, path = '/v1/models'): Promise<Response> =>
      fetch(`${bed.gateway.origin}${path}/${openai}`, {
        headers: { authorization: `Bearer ${bed.key}`, ...headers },
      });
    const anthropicVersion = { 'anthropic-version': '2023-06-01' };
    expect(await (await list(anthropicVersion)).json()).toMatchObject({ max_input_tokens: null });
    await bed.admin.send('POST', `/providers/${openaiProvider}/test`);
    expect(await (await list(anthropicVersion)).json()).toMatchObject({ max_input_tokens: 4_321 });
    expect(await (await list({}, '/v1beta/models')).json()).toMatchObject({
      inputTokenLimit: 4_321,
    });
  });
});
