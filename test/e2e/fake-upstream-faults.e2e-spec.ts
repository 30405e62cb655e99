import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { parseSse, readEvents, sseEvents, takeEvents, textOfEvents } from '../support/read-sse.js';

let upstream: FakeUpstream;
beforeAll(async () => {
  upstream = await startFakeUpstream();
});
afterAll(() => upstream.close());

const ask = (model: string, rest: RequestInit & { stream?: boolean } = {}): Promise<Response> => {
  const { stream = false, ...init } = rest;
  return fetch(`${upstream.openaiUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-canary-0001', 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Hello?' }] }),
    ...init,
  });
};

describe('the faults of the fake upstream', () => {
  it.each(['refuse', 'cut-before-headers'])('gives no answer at all for %s', async (model) => {
    await expect(ask(model)).rejects.toThrow();
    expect(upstream.log.last(model).status).toBeNull();
  });

  it('refuses connections at an address of its own', async () => {
    await expect(fetch(upstream.refusedOrigin)).rejects.toMatchObject({
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it('stays silent before and inside an answer', async () => {
    await expect(ask('hang-headers', { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    const leaving = new AbortController();
    const response = await ask('hang-mid', { stream: true, signal: leaving.signal });
    const begun = await takeEvents(sseEvents(response), 4);
    expect(textOfEvents(begun)).toBe('word1 word2 word3');
    leaving.abort();
    const entry = await upstream.log.waitFor(
      (seen) => seen.model === 'hang-mid' && seen.closedByClientAt !== null,
    );
    expect(entry.endedAt).toBeNull();
    expect(entry.tokensSent).toBe(3);
  });

  it('breaks the connection inside an answer', async () => {
    const response = await ask('cut-mid', { stream: true });
    await expect(readEvents(sseEvents(response))).rejects.toThrow();
    const whole = await ask('cut-mid');
    await expect(whole.text()).rejects.toThrow();
  });

  it('ends streams without a terminator', async () => {
    const text = await (await ask('fin-no-terminator', { stream: true })).text();
    expect(text).not.toContain('[DONE]');
    expect(textOfEvents(parseSse(text))).toBe('word1 word2 word3');
  });

  it('puts errors into streams, at once or later', async () => {
    const first = parseSse(await (await ask('error-first-event', { stream: true })).text());
    expect(first).toHaveLength(1);
    const later = parseSse(await (await ask('error-mid', { stream: true })).text());
    expect(later.at(-1)?.data).toContain('"error"');
    expect(later.length).toBeGreaterThan(3);
  });

  it('answers what is no answer', async () => {
    expect((await ask('html-200')).headers.get('content-type')).toContain('text/html');
    expect(await (await ask('empty-200')).text()).toBe('');
    await expect((await ask('invalid-json')).json()).rejects.toThrow();
    expect((await ask('wrong-content-type')).headers.get('content-type')).toContain('octet-stream');
    expect((await ask('gzip')).headers.get('content-encoding')).toBe('gzip');
    expect(await (await ask('echo-secret')).text()).toContain('sk-canary-0001');
  });

  it('catches credentials that follow its redirect', async () => {
    expect((await ask('redirect-307', { redirect: 'manual' })).status).toBe(307);
    expect(upstream.trapped).toHaveLength(0);
    await ask('redirect-307', { headers: { 'x-api-key': 'sk-canary-0001' } });
    expect(upstream.trapped[0]?.headers['x-api-key']).toBe('sk-canary-0001');
  });

  it('sends every byte by itself, and lines without end', async () => {
    const text = await (await ask('split-bytes', { stream: true })).text();
    expect(parseSse(text).at(-1)?.data).toBe('[DONE]');
    const endless = await ask('huge-line', { stream: true });
    const reader = endless.body?.getReader();
    let bytes = 0;
    while (bytes < 1_000_000) bytes += (await reader?.read())?.value?.length ?? Infinity;
    await reader?.cancel();
    expect(Number.isFinite(bytes)).toBe(true);
  });

  it('paces its output and counts what it has sent', async () => {
    const started = Date.now();
    await (await ask('slow-20ms-5', { stream: true })).text();
    expect(Date.now() - started).toBeGreaterThanOrEqual(95);
    expect(upstream.log.last('slow-20ms-5').tokensSent).toBe(5);
  });

  it('answers 404 to a model that it does not have', async () => {
    expect((await ask('no-such-model')).status).toBe(404);
  });
});
