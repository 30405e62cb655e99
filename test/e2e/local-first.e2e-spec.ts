import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel, RequestRow } from '../support/management-client.js';
import type { RouteFields, TargetFields } from '../support/management-client/row-fields.js';
import { expectError } from './error-shape.js';
import { LocalEngines, until, type EngineBehaviour } from './local-engines.js';
import { protocols, TestBed } from './test-bed.js';

const engines = new LocalEngines();
let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open({ env: engines.env });
});
afterAll(() => bed.close());

const cloud = (model = 'say-hello'): TargetFields => bed.target('openai-chat', model);
const servedBy = (response: Response): string | null =>
  response.headers.get('x-spillway-served-by');
const fallback = (response: Response): string | null => response.headers.get('x-spillway-fallback');
const stateOf = async ({ id }: LocalModel): Promise<string> =>
  (await bed.admin.get<LocalModel>(`/local-models/${id}`)).state;
const untilReady = (model: LocalModel): Promise<void> =>
  until('it is ready', async () => (await stateOf(model)) === 'ready');
const stop = async (model: LocalModel): Promise<void> => {
  await bed.admin.call('POST', `/local-models/${model.id}/stop`);
  await until('it is cold', async () => (await stateOf(model)) === 'cold');
};

/** A local model, with a route of the same name to itself alone and one, `<name>-or-cloud`, that may spill over. */
async function spilling(
  name: string,
  behaviour: EngineBehaviour,
  fields: Partial<RouteFields> = {},
): Promise<{ model: LocalModel; route: string }> {
  const model = await engines.addModel(bed, name, behaviour);
  const route = await bed.admin.createRoute({
    name: `${name}-or-cloud`,
    targets: [{ kind: 'local', localModelId: model.id }, cloud()],
    ...fields,
  });
  return { model, route: route.name };
}

describe('a model that is not loaded', () => {
  it('is loaded for the next request while the cloud serves this one, where the route says so', async () => {
    const { model, route } = await spilling('warmed', {}, { whenCold: 'cloud-then-warm' });
    const first = await bed.ask('openai-chat', route);
    expect([servedBy(first), fallback(first)]).toEqual([
      'provider:fake-openai-chat/say-hello',
      'cold',
    ]);
    expect(first.headers.get('x-spillway-local-state')).toBe('cold');
    expect(first.headers.get('x-spillway-attempts')).toMatch(/^local:warmed=cold;provider:/);
    expect(await bed.logOf(first)).toMatchObject({
      fallbackReason: 'cold',
      localState: 'cold',
      attempts: [
        { outcome: 'skipped', reasonCode: 'cold', state: 'voided', costNanos: 0 },
        { outcome: 'completed', reasonCode: null },
      ],
    });
    await untilReady(model);
    const second = await bed.ask('openai-chat', route);
    expect([servedBy(second), fallback(second)]).toEqual(['local:warmed', null]);
    expect(second.headers.get('x-spillway-local-state')).toBe('ready');
  });

  it('is waited for when the cloud cannot serve either', async () => {
    const model = await engines.addModel(bed, 'last-resort');
    const { name } = await bed.admin.createRoute({
      name: 'resort',
      whenCold: 'cloud-then-warm',
      targets: [{ kind: 'local', localModelId: model.id }, cloud('status-500')],
    });
    const response = await bed.ask('openai-chat', name);
    expect(servedBy(response)).toBe('local:last-resort');
    expect(response.headers.get('x-spillway-attempts')).toMatch(
      /^local:last-resort=cold;provider:.*=upstream_error;local:last-resort=completed$/,
    );
  });

  it('is waited for when nothing may be spent in the cloud', async () => {
    const { route } = await spilling(
      'thrifty',
      {},
      { whenCold: 'cloud-then-warm', fallbackBudgetNanos: 0 },
    );
    const response = await bed.ask('anthropic-messages', route);
    expect([response.status, servedBy(response), fallback(response)]).toEqual([
      200,
      'local:thrifty',
      null,
    ]);
    expect(response.headers.get('x-spillway-attempts')).toMatch(
      /^local:thrifty=cold;provider:.*=fallback_budget_exhausted;local:thrifty=completed$/,
    );
  });

  it('is not started where the route refuses to wait', async () => {
    const { route } = await spilling('by-hand', {}, { whenCold: 'fail' });
    const response = await bed.ask('anthropic-messages', route);
    await expectError('anthropic-messages', response, 'engine_not_ready');
    expect(engines.journal('by-hand', 'start')).toEqual([]);
  });

  it('is not waited for when its load is known to take longer than the caller waits', async () => {
    const { model, route } = await spilling('slow', { loadMs: 1_500 });
    expect((await bed.ask('openai-chat', 'slow')).status).toBe(200);
    await stop(model);
    const impatient = { headers: { 'x-spillway-max-wait': '300ms' } };
    const spilled = await bed.ask('openai-chat', route, impatient);
    expect([servedBy(spilled), fallback(spilled)]).toEqual([
      'provider:fake-openai-chat/say-hello',
      'predicted_wait',
    ]);
    await untilReady(model);
    expect(servedBy(await bed.ask('openai-chat', route, impatient))).toBe('local:slow');
    await stop(model);
    const refused = await bed.ask('openai-chat', 'slow', impatient);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    await expectError('openai-chat', refused, 'engine_not_ready');
  });

  it('is left when it was not ready in time, as long as nothing was sent', async () => {
    const { route } = await spilling('late', { loadMs: 3_000 });
    for (const headers of [{ 'x-stainless-timeout': '0.4' }, { 'x-server-timeout': '0.4' }]) {
      const response = await bed.ask('openai-chat', route, { isStream: true, headers });
      expect([servedBy(response), fallback(response)]).toEqual([
        'provider:fake-openai-chat/say-hello',
        'start_timeout',
      ]);
      await response.text();
    }
  });

  it('never holds up another one that is ready', async () => {
    await engines.addModel(bed, 'loading', { loadMs: 4_000 });
    await engines.addModel(bed, 'at-hand', { firstMs: 200 }, { parallelSlots: 4 });
    await bed.ask('openai-chat', 'at-hand');
    /** Milliseconds of each of many answers, asked for by four callers until it is over. */
    const answerTimes = async (isOver: () => boolean): Promise<number[]> => {
      const timesMs: number[] = [];
      const caller = async (): Promise<void> => {
        do {
          const startedAt = performance.now();
          expect((await bed.ask('openai-chat', 'at-hand')).status).toBe(200);
          timesMs.push(performance.now() - startedAt);
        } while (!isOver());
      };
      await Promise.all([caller(), caller(), caller(), caller()]);
      return timesMs.sort((one, other) => one - other);
    };
    const p99 = (sortedMs: readonly number[]): number =>
      sortedMs[Math.ceil(sortedMs.length * 0.99) - 1] ?? Infinity;

    const aloneUntil = performance.now() + 3_000;
    const alone = await answerTimes(() => performance.now() > aloneUntil);
    let isLoaded = false;
    const slow = bed.ask('openai-chat', 'loading').finally(() => (isLoaded = true));
    await until('it loads', () => engines.journal('loading', 'start').length === 1);
    const meanwhile = await answerTimes(() => isLoaded);
    expect((await slow).status).toBe(200);
    expect(meanwhile.length).toBeGreaterThan(20);
    expect(p99(meanwhile)).toBeLessThan(p99(alone) * 1.5);
  });

  it('is given up at once by a caller that leaves', async () => {
    await engines.addModel(bed, 'left', { loadMs: 5_000 });
    const leaving = new AbortController();
    const asking = expect(
      bed.ask('openai-chat', 'left', { isStream: true, signal: leaving.signal }),
    ).rejects.toThrow();
    await until('it loads', () => engines.journal('left', 'start').length === 1);
    leaving.abort();
    await asking;
    await until(
      'the request is over',
      async () => {
        const [row] = await bed.admin.list<RequestRow>('request-logs', {
          filter: { routeName: 'left' },
        });
        return row?.outcome === 'cancelled';
      },
      3_000,
    );
  });

  it.each(['soon', '-5', '1h'])('is not waited for a time that is none: %s', async (wait) => {
    const response = await bed.ask('openai-chat', 'slow', {
      headers: { 'x-spillway-max-wait': wait },
    });
    expect(await expectError('openai-chat', response, 'invalid_request')).toContain('20s');
  });
});

describe('a stream that waits', () => {
  it.each(protocols)(
    'is begun in time and kept alive for %s callers, and then answered',
    async (protocol) => {
      const { route } = await spilling(
        `kept-${protocol}`,
        { loadMs: 1_500 },
        { commitAfterMs: 100 },
      );
      const response = await bed.ask(protocol, route, { isStream: true });
      expect(response.status).toBe(200);
      expect(servedBy(response)).toBe(`local:kept-${protocol}`);
      expect(engines.journal(`kept-${protocol}`, 'prompt')).toEqual([]);
      const text = await response.text();
      expect(text).toMatch(
        {
          'openai-chat': /^: loading\n\n/,
          'openai-responses': /^: loading\n\n/,
          'anthropic-messages': /^: loading\nevent: ping\ndata: \{"type": "ping"\}\n\n/,
          'gemini-generate': /^\r\n\r\n/,
        }[protocol],
      );
      expect(text).toContain('word5');
      const row = await bed.logOf(response);
      expect(row).toMatchObject({ outcome: 'completed', servedBy: `local:kept-${protocol}` });
    },
  );

  it('is told in a comment what its translation has lost, since its headers have gone', async () => {
    const { route } = await spilling('told', { loadMs: 1_000 }, { commitAfterMs: 50 });
    const response = await bed.ask('anthropic-messages', route, {
      isStream: true,
      body: { metadata: { user_id: 'u1' }, service_tier: 'auto' },
    });
    expect(response.headers.get('x-spillway-warnings')).toBeNull();
    const text = await response.text();
    const { warnings } = await bed.logOf(response);
    expect(warnings.length).toBeGreaterThan(0);
    expect(text).toMatch(/^: x-spillway-warnings: \w+;field=/m);
    expect(text).toContain('message_stop');
  });

  it.each(protocols)(
    'ends in an error event for %s callers, whatever else is allowed',
    async (protocol) => {
      const { route } = await spilling(
        `lost-${protocol}`,
        { loadMs: 5_000 },
        { commitAfterMs: 100 },
      );
      const before = bed.upstream.log.ofModel('say-hello').length;
      const response = await bed.ask(protocol, route, {
        isStream: true,
        headers: { 'x-spillway-max-wait': '600' },
      });
      expect(response.status).toBe(200);
      const text = await response.text();
      expect(text).toContain('"error"');
      expect(text).not.toMatch(/\[DONE\]|message_stop|response\.completed|finishReason/);
      expect(bed.upstream.log.ofModel('say-hello')).toHaveLength(before);
      expect(await bed.logOf(response)).toMatchObject({
        outcome: 'failed',
        errorCode: 'engine_start_timeout',
        servedBy: null,
      });
    },
  );
});

describe('a hedge', () => {
  it.each([true, false])(
    'is heard when it is faster, and the other is stopped (streamed: %s)',
    async (isStream) => {
      const name = `hedged-${isStream}`;
      const { route } = await spilling(name, { firstMs: 4_000 }, { hedgeAfterMs: 200 });
      await bed.ask('openai-chat', name);
      const response = await bed.ask('openai-chat', route, { isStream });
      expect([servedBy(response), fallback(response)]).toEqual([
        'provider:fake-openai-chat/say-hello',
        'slo_ttft',
      ]);
      await response.text();
      const row = await bed.logOf(response);
      expect(row.attempts).toMatchObject([
        { outcome: 'cancelled', reasonCode: 'slo_ttft', costStatus: 'free' },
        { outcome: 'completed', reasonCode: null, costStatus: 'exact' },
      ]);
      if (!isStream) expect(Number(response.headers.get('x-spillway-cost-usd'))).toBeGreaterThan(0);
      await until('the engine has noticed', () => engines.journal(name, 'left').length === 1);
    },
  );

  it('is stopped when the local model is faster after all, and what it may have cost counts', async () => {
    const { model } = await spilling('winner', { firstMs: 800 });
    await bed.ask('openai-chat', 'winner');
    const { name } = await bed.admin.createRoute({
      name: 'winner-hedged',
      hedgeAfterMs: 100,
      targets: [{ kind: 'local', localModelId: model.id }, cloud('late-9000ms')],
    });
    const response = await bed.ask('openai-chat', name, { isStream: true });
    expect([servedBy(response), fallback(response)]).toEqual(['local:winner', null]);
    expect(await response.text()).toContain('word5');
    const row = await bed.logOf(response);
    expect(row.attempts).toMatchObject([
      { outcome: 'completed', reasonCode: null },
      { outcome: 'cancelled', reasonCode: 'hedge_lost', state: 'settled', costStatus: 'estimated' },
    ]);
    expect(row.costNanos).toBeGreaterThan(0);
    const hedge = bed.upstream.log.last('late-9000ms');
    await bed.upstream.log.waitFor(
      (seen) => seen === hedge && seen.closedByClientAt !== null,
      3_000,
    );
  });

  it('that fails leaves the local model to answer', async () => {
    const { model } = await spilling('alone', { firstMs: 600 });
    await bed.ask('openai-chat', 'alone');
    const { name } = await bed.admin.createRoute({
      name: 'alone-hedged',
      hedgeAfterMs: 100,
      targets: [{ kind: 'local', localModelId: model.id }, cloud('status-500')],
    });
    const response = await bed.ask('openai-chat', name);
    expect(servedBy(response)).toBe('local:alone');
    expect((await bed.logOf(response)).attempts.map(({ reasonCode }) => reasonCode)).toEqual([
      null,
      'http_5xx',
    ]);
  });
});

describe('the bytes of a hedged request', () => {
  it('are the right ones for both targets', async () => {
    const attached = await bed.localTarget('late-3000ms');
    const { name } = await bed.admin.createRoute({
      // longer than both names, so that each would be written over it
      name: 'a-name-that-is-longer-than-those-of-its-targets',
      hedgeAfterMs: 100,
      targets: [attached, cloud('late-100ms')],
    });
    const response = await bed.ask('openai-chat', name);
    expect(servedBy(response)).toBe('provider:fake-openai-chat/late-100ms');
    expect(bed.upstream.log.ofModel('late-3000ms')).toHaveLength(1);
    expect(bed.upstream.log.ofModel('late-100ms')).toHaveLength(1);
  });
});

describe('the reason a target was left', () => {
  it('is what the model cannot do, and nothing is loaded for that', async () => {
    const { route } = await spilling('plain', {});
    const web_search = { type: 'web_search_20250305', name: 'web_search' };
    const body = { tools: [web_search] };
    const response = await bed.ask('anthropic-messages', route, { body });
    expect(response.headers.get('x-spillway-attempts')).toMatch(
      /^local:plain=unsupported_by_target/,
    );
    expect(engines.journal('plain', 'start')).toEqual([]);
  });

  it.each([
    ['status-500', 'http_5xx'],
    ['status-529', 'overloaded'],
    ['status-429-retry-7', 'rate_limited'],
    ['status-401', 'auth_failed'],
    ['cut-before-headers', 'connection_reset'],
    ['invalid-json', 'malformed_response'],
    ['context-too-long', 'context_too_long'],
    ['hang-headers', 'stall'],
  ])('%s is %s', async (fault, reason) => {
    const { name } = await bed.admin.createRoute({
      name: `left-${fault}`,
      firstByteTimeoutMs: 500,
      targets: [await bed.localTarget(fault), cloud()],
    });
    const response = await bed.ask('openai-chat', name);
    expect([response.status, fallback(response)]).toEqual([200, reason]);
    const row = await bed.logOf(response);
    expect([row.fallbackReason, row.attempts[0]?.reasonCode]).toEqual([reason, reason]);
  });

  it('tells a start that failed from an engine that died over the request', async () => {
    const failing = await spilling('failing', { exitAtOnce: 'error loading model' });
    expect(fallback(await bed.ask('openai-chat', failing.route))).toBe('start_failed');
    const dying = await spilling('dying', { exitOnPrompt: 9 });
    expect(fallback(await bed.ask('openai-chat', dying.route))).toMatch(
      /^(crashed|connection_reset)$/,
    );
  });

  it('is a loop where the provider is this gateway', async () => {
    const self = await bed.admin.createProvider({
      name: 'myself',
      protocol: 'openai-chat',
      baseUrl: `${bed.gateway.origin}/v1`,
      credential: bed.key,
      allowPrivateNetwork: true,
      isFree: true,
    });
    const circle: TargetFields = { kind: 'provider', providerId: self.id, upstreamModel: 'circle' };
    await bed.admin.createRoute({ name: 'circle', targets: [circle] });
    const response = await bed.ask('openai-chat', 'circle');
    expect(await expectError('openai-chat', response, 'upstream_error')).toContain(
      'leads back here',
    );
    await bed.admin.createRoute({ name: 'spiral', targets: [circle, cloud()] });
    const spilled = await bed.ask('openai-chat', 'spiral');
    // the route behind the loop fails with the loop's own error
    expect([spilled.status, servedBy(spilled)]).toEqual([
      200,
      'provider:fake-openai-chat/say-hello',
    ]);
    expect(fallback(spilled)).toMatch(/^(loop|http_5xx)$/);
  });

  it('is that of the provider where the route prefers the cloud, and this machine answers', async () => {
    const { route } = await spilling('second', {}, { cloud: 'prefer' });
    const first = await bed.ask('openai-chat', route);
    expect([servedBy(first), fallback(first)]).toEqual([
      'provider:fake-openai-chat/say-hello',
      null,
    ]);
    expect(engines.journal('second', 'start')).toEqual([]);
    const working = await engines.addModel(bed, 'spare');
    const failing = await bed.admin.createRoute({
      name: 'spare-or-cloud',
      cloud: 'prefer',
      targets: [{ kind: 'local', localModelId: working.id }, cloud('status-500')],
    });
    const second = await bed.ask('openai-chat', failing.name);
    expect([servedBy(second), fallback(second)]).toEqual(['local:spare', 'http_5xx']);
  });

  it('is not needed for a free peer, which comes before what costs', async () => {
    const peer = await bed.admin.createProvider({
      name: 'peer',
      protocol: 'openai-chat',
      baseUrl: bed.upstream.openaiUrl,
      allowPrivateNetwork: true,
      isFree: true,
    });
    const { name } = await bed.admin.createRoute({
      name: 'lan',
      targets: [cloud(), { kind: 'provider', providerId: peer.id, upstreamModel: 'say-hello' }],
    });
    const response = await bed.ask('openai-chat', name);
    expect([servedBy(response), fallback(response)]).toEqual(['provider:peer/say-hello', null]);
    expect((await bed.logOf(response)).costStatus).toBe('free');
  });
});
