import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from './raw-request.js';
import { TestBed } from './test-bed.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open();
});
afterAll(() => bed.close());

describe('whoever watches the gateway', () => {
  it.each(['/health/live', '/health/ready'])('gets %s without a key', async (path) => {
    const response = await fetch(bed.gateway.origin + path);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  it.each(['HEAD', 'GET'])(
    'edge 102: gets 200 for %s /, as coding agents probe it',
    async (method) => {
      const response = await fetch(`${bed.gateway.origin}/`, { method });
      expect(response.status).toBe(200);
      await response.text();
    },
  );

  it('gets figures in the text form of Prometheus, without names of callers', async () => {
    await bed.ask('openai-chat', await bed.route('openai-chat', 'say-hello'));
    await bed.ask('anthropic-messages', 'a-model-of-the-callers-invention');
    const response = await fetch(`${bed.gateway.origin}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text).toMatch(/^spillway_requests_total\{.*outcome="completed".*\} 1$/m);
    expect(text).toMatch(/^spillway_request_duration_seconds_count [1-9]/m);
    expect(text).not.toContain('a-model-of-the-callers-invention');
    expect(text).not.toContain('everything');
    for (const line of text.split('\n').filter((each) => each !== '')) {
      expect(line).toMatch(/^# (HELP|TYPE) \w+ .+$|^\w+(\{[^}]*\})? [-+.\deEINaf]+$/);
    }
  });

  it('finds every request by the id in its answer, refused ones too', async () => {
    const good = await bed.ask('openai-chat', await bed.route('openai-chat', 'say-hello'));
    expect(good.headers.get('x-spillway-request-id')).toMatch(/^req_/);
    const bad = await bed.ask('openai-chat', 'no-such-model');
    const id = bad.headers.get('x-spillway-request-id') ?? bad.headers.get('x-request-id') ?? '';
    expect(await bed.admin.requestLog(id)).toMatchObject({
      outcome: 'refused',
      errorCode: 'model_not_found',
      status: 404,
      requestedModel: 'no-such-model',
    });
  });

  it('gets warnings about what a translation could not carry', async () => {
    const route = await bed.route('anthropic-messages', 'say-hello');
    const response = await bed.ask('openai-chat', route, { body: { temperature: 1.5 } });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-spillway-warnings')).toContain('temperature');
    const row = await bed.logOf(response);
    expect(row.warnings.map(({ path }) => path)).toContain('temperature');
  });
});

describe('a slow sender', () => {
  it('does not keep others waiting', async () => {
    const headers = {
      authorization: `Bearer ${bed.key}`,
      'content-type': 'application/json',
      'content-length': '1000',
    };
    const stuck = Array.from({ length: 50 }, () =>
      sendRaw(bed.gateway.origin, { path: '/v1/chat/completions', headers, pieces: ['{"model"'] }),
    );
    const outcome = Promise.allSettled(stuck);
    const started = Date.now();
    const response = await bed.ask('openai-chat', await bed.route('openai-chat', 'say-hello'));
    expect(response.status).toBe(200);
    expect(Date.now() - started).toBeLessThan(2_000);
    await bed.gateway.kill();
    await outcome;
    expect(bed.gateway.hasExited).toBe(true);
  });
});
