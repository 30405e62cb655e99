import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestWithAttempts, VirtualKey } from '../support/management-client.js';
import { costNanosOf, protocols, TestBed } from './test-bed.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open();
});
afterAll(() => bed.close());

const combinations = protocols.flatMap((client) =>
  protocols.flatMap((upstream) =>
    [false, true].map((isStream) => ({ client, upstream, isStream })),
  ),
);

/** Sends a request, reads its answer to the end and gives its log row. */
const logged = async (
  client: (typeof protocols)[number],
  model: string,
  isStream = false,
): Promise<RequestWithAttempts> => {
  const response = await bed.ask(client, model, { isStream });
  await response.text();
  return bed.logOf(response);
};

describe.each(combinations)(
  'a request in $client to $upstream, streamed: $isStream',
  ({ client, upstream, isStream }) => {
    it('is logged with the tokens of the upstream and exactly their price', async () => {
      const row = await logged(client, await bed.route(upstream, 'say-hello'), isStream);
      const { billed } = bed.upstream.log.last('say-hello');
      expect(row).toMatchObject({
        outcome: 'completed',
        status: 200,
        protocol: client,
        isStream,
        servedKind: 'provider',
        attemptCount: 1,
        inputTokens: billed?.inputTokens,
        outputTokens: billed?.outputTokens,
        costNanos: costNanosOf(billed),
        costStatus: 'exact',
      });
      expect(row.attempts).toMatchObject([
        { position: 1, state: 'settled', outcome: 'completed', costNanos: costNanosOf(billed) },
      ]);
      expect(row.attempts[0]?.reservedNanos).toBeGreaterThanOrEqual(costNanosOf(billed));
    });

    it.each(['no-usage', 'negative-usage'])(
      'is estimated, and says so, when the upstream reports %s',
      async (model) => {
        const row = await logged(client, await bed.route(upstream, model), isStream);
        expect(row).toMatchObject({ outcome: 'completed', costStatus: 'estimated' });
        expect(row.inputTokens).toBeGreaterThan(0);
        expect(row.outputTokens).toBeGreaterThan(0);
        expect(row.costNanos).toBeGreaterThan(0);
      },
    );

    it('counts cached input once', async () => {
      const row = await logged(client, await bed.route(upstream, 'cached-usage'), isStream);
      const { billed } = bed.upstream.log.last('cached-usage');
      expect(row.inputTokens).toBe(billed?.inputTokens);
      expect(row.cacheReadTokens).toBe(Math.floor((billed?.inputTokens ?? 0) / 2));
    });
  },
);

describe('the cost of a request', () => {
  it('is unknown, not nothing, when nobody knows the price', async () => {
    const { providerId } = bed.target('openai-chat', 'say-hello') as { providerId: string };
    const model = await bed.routeTo('no-price', [
      { kind: 'provider', providerId, upstreamModel: 'say-hello' },
    ]);
    const response = await bed.ask('openai-chat', model);
    expect(response.headers.get('x-spillway-cost-usd')).toBe('unknown');
    expect(await bed.logOf(response)).toMatchObject({ costNanos: null, costStatus: 'unknown' });
  });

  it.each(['cut-mid', 'invalid-json'])(
    'is unknown, not nothing, when a whole answer was begun and cannot be read: %s',
    async (fault) => {
      const row = await logged('openai-chat', await bed.route('openai-chat', fault));
      expect(row).toMatchObject({ outcome: 'failed', costNanos: null, costStatus: 'unknown' });
      expect(row.attempts).toMatchObject([{ state: 'settled', costNanos: null }]);
    },
  );

  it('is nothing for a provider that is free', async () => {
    const provider = await bed.admin.createProvider({
      name: 'own-hardware',
      protocol: 'openai-chat',
      baseUrl: bed.upstream.openaiUrl,
      isFree: true,
    });
    const target = {
      kind: 'provider' as const,
      providerId: provider.id,
      upstreamModel: 'say-hello',
    };
    const row = await logged('openai-chat', await bed.routeTo('free', [target]));
    expect(row).toMatchObject({ costNanos: 0, costStatus: 'free' });
  });

  it('is that of the target that served, at its own price', async () => {
    const { providerId } = bed.target('openai-chat', 'say-hello') as { providerId: string };
    const model = await bed.routeTo('two-prices', [
      bed.target('anthropic-messages', 'status-500'),
      {
        kind: 'provider',
        providerId,
        upstreamModel: 'say-hello',
        priceInputNanosPerMTok: 7_000_000_000,
        priceOutputNanosPerMTok: 11_000_000_000,
      },
    ]);
    const row = await logged('anthropic-messages', model);
    const { billed } = bed.upstream.log.last('say-hello');
    const cost = (billed?.inputTokens ?? 0) * 7_000 + (billed?.outputTokens ?? 0) * 11_000;
    expect(row.attempts).toMatchObject([
      {
        state: 'voided',
        outcome: 'failed',
        errorCode: 'upstream_error',
        costNanos: 0,
        httpStatus: 500,
      },
      { state: 'settled', outcome: 'completed', costNanos: cost },
    ]);
    expect(row.costNanos).toBe(cost);
  });

  it('is the same in the header', async () => {
    const response = await bed.ask('anthropic-messages', await bed.route('openai-chat', 'long-20'));
    const { billed } = bed.upstream.log.last('long-20');
    const dollars = Number(response.headers.get('x-spillway-cost-usd'));
    expect(Math.round(dollars * 1e9)).toBe(costNanosOf(billed));
  });
});

describe('the books as a whole', () => {
  it('agree with what the upstream has seen after 60 requests at once', async () => {
    const made = await bed.admin.createKey({ name: 'books' });
    const models = ['say-hello', 'long-20', 'no-usage', 'status-500', 'tool-two', 'error-mid'];
    const before = bed.upstream.log.inference.length;
    const responses = await Promise.all(
      Array.from({ length: 60 }, async (_, turn) => {
        const { client, upstream, isStream } = combinations[turn % combinations.length] ?? {
          client: 'openai-chat',
          upstream: 'openai-chat',
          isStream: false,
        };
        const model = await bed.route(upstream, models[turn % models.length] ?? 'say-hello');
        const response = await bed.ask(client, model, { isStream, key: made.secret });
        await response.text();
        return response;
      }),
    );
    const rows = await Promise.all(responses.map((response) => bed.logOf(response)));
    const attempts = rows.flatMap((row) => row.attempts);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(60);
    expect(attempts).toHaveLength(bed.upstream.log.inference.length - before);
    expect(attempts.filter(({ state }) => state === 'dispatched')).toEqual([]);
    const total = attempts.reduce((sum, { costNanos }) => sum + (costNanos ?? 0), 0);
    const key = await bed.admin.get<VirtualKey>(`/virtual-keys/${made.id}`);
    expect(key).toMatchObject({ spentNanos: total, heldNanos: 0 });
  });

  it('are added up on the dashboard', async () => {
    const figures = await bed.admin.get<{ requests: number; costNanos: number }>(
      '/dashboard?hours=1',
    );
    const rows = await bed.admin.allLogs();
    expect(figures.requests).toBe(rows.length);
    expect(figures.costNanos).toBe(rows.reduce((sum, { costNanos }) => sum + (costNanos ?? 0), 0));
  });
});
