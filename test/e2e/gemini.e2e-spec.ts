import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helloText } from '../support/fake-upstream/compose-answer.js';
import { startScriptedUpstream, type ScriptedUpstream } from '../support/scripted-upstream.js';
import { protocols, TestBed } from './test-bed.js';

interface Candidate {
  content?: { parts?: { text?: string; functionCall?: { name: string; args: object } }[] };
  finishReason?: string;
}
interface Answer {
  candidates: Candidate[];
  usageMetadata?: { promptTokenCount: number; candidatesTokenCount: number };
}

const native = JSON.stringify({
  candidates: [{ content: { role: 'model', parts: [{ text: 'é native' }] }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 },
  modelVersion: 'gemini-real',
});
const hello = { contents: [{ role: 'user', parts: [{ text: 'Hello?' }] }] };

let bed: TestBed;
let upstream: ScriptedUpstream;
let google: string;

beforeAll(async () => {
  bed = await TestBed.open();
  upstream = await startScriptedUpstream(({ path }) => {
    if (path.includes(':streamGenerateContent'))
      return { type: 'text/event-stream', body: `data: ${native}\r\n\r\n` };
    if (path.includes(':countTokens')) return { body: '{"totalTokens":31}' };
    return { body: native };
  });
  const { id } = await bed.admin.createProvider({
    name: 'scripted-google',
    protocol: 'gemini-generate',
    baseUrl: `${upstream.origin}/v1beta`,
    credential: 'goog-secret',
  });
  google = await bed.routeTo('scripted-google', [
    { kind: 'provider', providerId: id, upstreamModel: 'gemini-real' },
  ]);
});
afterAll(async () => {
  await bed.close();
  await upstream.close();
});

const ask = (model: string, method: string, body: object, query = ''): Promise<Response> =>
  fetch(`${bed.gateway.origin}/v1beta/models/${encodeURIComponent(model)}:${method}${query}`, {
    method: 'POST',
    headers: { 'x-goog-api-key': bed.key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const textOf = (answers: readonly Answer[]): string =>
  answers
    .flatMap(({ candidates }) => candidates[0]?.content?.parts ?? [])
    .map(({ text }) => text ?? '')
    .join('');
const framesOf = async (response: Response): Promise<Answer[]> =>
  (await response.text())
    .split(/\r?\n\r?\n/)
    .filter((frame) => frame.startsWith('data:'))
    .map((frame) => JSON.parse(frame.slice(5)) as Answer);

describe('a Gemini client with a Gemini upstream', () => {
  it('sends and gets its bytes unchanged, under the upstream’s model and key', async () => {
    const answer = await ask(google, 'generateContent', { ...hello, x_new: 1.0 });
    expect(await answer.text()).toBe(native);
    const asked = upstream.requests.at(-1);
    expect(asked?.path).toBe('/v1beta/models/gemini-real:generateContent');
    expect(asked?.headers['x-goog-api-key']).toBe('goog-secret');
    expect(asked?.body).toBe(JSON.stringify({ ...hello, x_new: 1.0 }));
    expect((await bed.logOf(answer)).attempts[0]).toMatchObject({
      inputTokens: 5,
      outputTokens: 2,
    });
  });

  it('streams events, or one array without `alt=sse`', async () => {
    const events = await ask(google, 'streamGenerateContent', hello, '?alt=sse');
    expect(await events.text()).toBe(`data: ${native}\r\n\r\n`);
    const array = await ask(google, 'streamGenerateContent', hello);
    expect(array.headers.get('content-type')).toMatch(/^application\/json/);
    expect(textOf((await array.json()) as Answer[])).toBe('é native');
  });

  it('is told the upstream’s count of tokens', async () => {
    const answer = await ask(google, 'countTokens', hello);
    expect(await answer.json()).toEqual({ totalTokens: 31 });
  });
});

describe.each(protocols)('a Gemini client with an upstream that speaks %s', (protocol) => {
  it('gets a whole answer, a stream and an array that say the same', async () => {
    const model = await bed.route(protocol, 'say-hello');
    const whole = (await (await ask(model, 'generateContent', hello)).json()) as Answer;
    expect(textOf([whole])).toBe(helloText);
    expect(whole.candidates[0]?.finishReason).toBe('STOP');
    const { billed } = bed.upstream.log.last('say-hello');
    expect(whole.usageMetadata?.promptTokenCount).toBe(billed?.inputTokens);
    const frames = await framesOf(await ask(model, 'streamGenerateContent', hello, '?alt=sse'));
    expect(textOf(frames)).toBe(helloText);
    expect(frames.map(({ candidates }) => candidates[0]?.finishReason).filter(Boolean)).toEqual([
      'STOP',
    ]);
    const array = (await (await ask(model, 'streamGenerateContent', hello)).json()) as Answer[];
    expect(textOf(array)).toBe(helloText);
  });

  it('carries a tool call there and its result back', async () => {
    const model = await bed.route(protocol, 'tool-weather');
    const tools = [
      {
        functionDeclarations: [
          {
            name: 'get_weather',
            description: 'Tells the weather',
            parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } } },
          },
        ],
      },
    ];
    const first = (await (
      await ask(model, 'generateContent', { ...hello, tools })
    ).json()) as Answer;
    const content = first.candidates[0]?.content;
    const call = content?.parts?.find(
      ({ functionCall }) => functionCall !== undefined,
    )?.functionCall;
    expect(call).toMatchObject({ name: 'get_weather', args: { city: 'Paris' } });
    const second = (await (
      await ask(model, 'generateContent', {
        tools,
        contents: [
          ...hello.contents,
          content,
          {
            role: 'user',
            parts: [{ functionResponse: { name: 'get_weather', response: { output: 'sunny' } } }],
          },
        ],
      })
    ).json()) as Answer;
    expect(textOf([second])).toContain('sunny');
  });

  it('is told of a stream that broke in its own words', async () => {
    const model = await bed.route(protocol, 'cut-mid');
    const text = await (await ask(model, 'streamGenerateContent', hello, '?alt=sse')).text();
    expect(text).toMatch(/data: \{"error":\{"code":\d+.*"status":"[A-Z_]+"/);
    const array = (await (await ask(model, 'streamGenerateContent', hello)).json()) as object[];
    expect(array.at(-1)).toMatchObject({ error: { code: expect.any(Number) as number } });
  });
});

describe('Gemini faults', () => {
  it.each([
    ['an unknown model', 'no-such', 'generateContent', hello, 404, 'NOT_FOUND'],
    ['an unknown method', 'x', 'embedContent', hello, 404, 'NOT_FOUND'],
    ['no contents', 'x', 'generateContent', {}, 400, 'INVALID_ARGUMENT'],
    ['broken counting', 'x', 'countTokens', { contents: 1 }, 400, 'INVALID_ARGUMENT'],
  ])('of %s are answered in Google’s shape', async (...fault) => {
    const [, model, method, body, status, word] = fault;
    const answer = await ask(model, method, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({
      error: { code: status, status: word, message: expect.any(String) as string },
    });
  });

  it('of a missing key too', async () => {
    const answer = await fetch(`${bed.gateway.origin}/v1beta/models/x:generateContent`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { status: 'UNAUTHENTICATED' } });
  });

  it('lists models as Google does', async () => {
    const answer = await fetch(`${bed.gateway.origin}/v1beta/models`, {
      headers: { 'x-goog-api-key': bed.key },
    });
    expect(await answer.json()).toMatchObject({
      models: expect.arrayContaining([
        expect.objectContaining({ name: `models/${google}` }),
      ]) as unknown,
    });
  });
});
