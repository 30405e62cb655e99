import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helloText } from '../support/fake-upstream/compose-answer.js';
import type { UpstreamProtocol } from '../support/fake-upstream/upstream-log.js';
import { parseSse, textOfEvents } from '../support/read-sse.js';
import { expectError } from './error-shape.js';
import { costNanosOf, protocols, TestBed } from './test-bed.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open();
});
afterAll(() => bed.close());

const providerOf = (protocol: UpstreamProtocol): string => `provider:fake-${protocol}`;

/** A route whose first target has the fault and whose second one is fine. */
const spareRoute = (protocol: UpstreamProtocol, fault: string): Promise<string> =>
  bed.routeTo(`spare-${protocol}-${fault}`, [
    bed.target(protocol, fault),
    bed.target('openai-chat', 'say-hello'),
  ]);

const beforeFirstByte = [
  'refuse',
  'cut-before-headers',
  'status-500',
  'status-529',
  'status-429-retry-7',
  'status-401',
  'status-404',
  'context-too-long',
  'redirect-307',
  'html-200',
  'empty-200',
  'invalid-json',
  'wrong-content-type',
  'gzip',
  'error-first-event',
];

describe.each(protocols)('a target that fails before its first byte, speaking %s', (protocol) => {
  it.concurrent.each(beforeFirstByte)('is passed over: %s', async (fault) => {
    const model = await spareRoute(protocol, fault);
    for (const isStream of [false, true]) {
      const response = await bed.ask(protocol, model, { isStream });
      expect(`${response.status} ${await response.clone().text()}`).toMatch(/^200/);
      expect(response.headers.get('x-spillway-served-by')).toBe(
        'provider:fake-openai-chat/say-hello',
      );
      const attempts = response.headers.get('x-spillway-attempts')?.split(';');
      // a connection that was kept alive and broke without a byte is worth one more try at the same target
      const mayRepeat = fault === 'refuse' || fault === 'cut-before-headers';
      expect(attempts?.length).toBeLessThanOrEqual(mayRepeat ? 3 : 2);
      const failed = new RegExp(`^${providerOf(protocol)}/${fault}=[a-z]+_[a-z_]+$`);
      for (const attempt of attempts?.slice(0, -1) ?? ['none']) expect(attempt).toMatch(failed);
      await response.text();
      const row = await bed.logOf(response);
      const outcomes = row.attempts.map(({ outcome }) => outcome);
      expect(outcomes.slice(-2)).toEqual(['failed', 'completed']);
      expect(row.outcome).toBe('completed');
    }
  });

  it('edge 81: is passed over when it compresses although it was asked not to, and never counted as free', async () => {
    const response = await bed.ask(protocol, await spareRoute(protocol, 'gzip'), {
      isStream: true,
    });
    await response.text();
    const row = await bed.logOf(response);
    expect(row).toMatchObject({ outcome: 'completed', costStatus: 'unknown' });
    expect(row.attempts.at(-1)).toMatchObject({ outcome: 'completed', costStatus: 'exact' });
  });

  it('never sends a credential where a redirect points', () => {
    expect(bed.upstream.trapped).toEqual([]);
  });

  it.each(['cut-mid', 'fin-no-terminator', 'error-mid'])(
    'is passed over when its whole answer is broken: %s',
    async (fault) => {
      const response = await bed.ask(protocol, await spareRoute(protocol, fault));
      expect(response.status).toBe(200);
      expect(await response.text()).toContain(helloText.slice(0, 20));
    },
  );
});

/** What the event is called that a broken stream ends in. */
const errorEvents: Readonly<Record<UpstreamProtocol, string | null>> = {
  'openai-chat': null,
  'openai-responses': 'response.failed',
  'anthropic-messages': 'error',
  'gemini-generate': null,
};

describe.each(protocols)('a target that fails after its first byte, called in %s', (client) => {
  describe.each(protocols)('and speaking %s', (upstream) => {
    it.each(['cut-mid', 'fin-no-terminator', 'error-mid'])(
      'edge 107: ends the stream with an error and no other target is asked: %s',
      async (fault) => {
        const model = await spareRoute(upstream, fault);
        const before = bed.upstream.log.ofModel('say-hello').length;
        const response = await bed.ask(client, model, { isStream: true });
        expect(response.status).toBe(200);
        const text = await response.text();
        const events = parseSse(text);
        expect(textOfEvents(events)).toBe('word1 word2 word3');
        expect(events.at(-1)?.data).toContain('"error"');
        expect(events.at(-1)?.name).toBe(errorEvents[client]);
        expect(text).not.toMatch(
          /\[DONE\]|message_stop|"finish_reason":"|"finishReason"|response\.completed/,
        );
        expect(bed.upstream.log.ofModel('say-hello')).toHaveLength(before);
        const row = await bed.logOf(response);
        expect(row.outcome).toBe('failed');
        expect(row.attempts).toMatchObject([{ state: 'settled', costStatus: 'estimated' }]);
        expect(row.attempts[0]?.outputTokens).toBeGreaterThan(0);
      },
    );
  });
});

describe('a request that no target can serve', () => {
  it('tells what happened to each of them', async () => {
    const model = await bed.routeTo('all-fail', [
      bed.target('openai-chat', 'status-500'),
      bed.target('anthropic-messages', 'status-429-retry-7'),
    ]);
    const response = await bed.ask('openai-chat', model);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(response.headers.get('x-should-retry')).toMatch(/^(true|false)$/);
    const message = await expectError('openai-chat', response, 'upstream_rate_limited');
    expect(message).toContain('provider:fake-openai-chat/status-500');
    expect(message).toContain('provider:fake-anthropic-messages/status-429-retry-7');
  });

  it('does not call the credential of a provider the one of the caller', async () => {
    const response = await bed.ask('openai-chat', await bed.route('openai-chat', 'status-401'));
    await expectError('openai-chat', response, 'upstream_authentication_failed');
  });

  it('shows an address where nothing listens as unreachable, at once', async () => {
    const provider = await bed.admin.createProvider({
      name: 'closed',
      protocol: 'openai-chat',
      baseUrl: `${bed.upstream.refusedOrigin}/v1`,
    });
    const target = { kind: 'provider' as const, providerId: provider.id, upstreamModel: 'any' };
    const model = await bed.routeTo('closed', [target]);
    const started = Date.now();
    await expectError('openai-chat', await bed.ask('openai-chat', model), 'upstream_unreachable');
    expect(Date.now() - started).toBeLessThan(2_000);
  });
});

describe("a request that is wrong by the caller's fault", () => {
  it.each(protocols)(
    'is not sent twice, and %s callers get the words of the upstream',
    async (protocol) => {
      const before = bed.upstream.log.ofModel('say-hello').length;
      const response = await bed.ask(protocol, await spareRoute(protocol, 'status-400'));
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('The fake upstream answers 400.');
      expect(bed.upstream.log.ofModel('say-hello')).toHaveLength(before);
    },
  );

  it.each(protocols)('is still told apart as too long for %s callers', async (protocol) => {
    const response = await bed.ask(protocol, await bed.route(protocol, 'context-too-long'));
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(
      /context_length_exceeded|prompt is too long|input token count/,
    );
  });
});

describe('the order of targets', () => {
  it('puts this machine first and the cloud after it', async () => {
    const local = await bed.localTarget('say-hello');
    const model = await bed.routeTo('local-first', [bed.target('openai-chat', 'long-20'), local]);
    const response = await bed.ask('openai-chat', model);
    expect(response.headers.get('x-spillway-served-by')).toBe('local:attached-say-hello');
    expect((await bed.logOf(response)).costStatus).toBe('free');
  });

  it('spills over when this machine cannot answer', async () => {
    const local = await bed.localTarget('status-500');
    const model = await bed.routeTo('spills', [local, bed.target('openai-chat', 'say-hello')]);
    const response = await bed.ask('openai-chat', model);
    expect(response.headers.get('x-spillway-attempts')).toMatch(
      /^local:attached-status-500=upstream_error;provider:fake-openai-chat\/say-hello=completed$/,
    );
    const { billed } = bed.upstream.log.last('say-hello');
    const dollars = Number(response.headers.get('x-spillway-cost-usd'));
    expect(Math.round(dollars * 1e9)).toBe(costNanosOf(billed));
  });

  it('survives an upstream that closes its connections without a word', async () => {
    const model = await bed.route('openai-chat', 'close-after');
    for (let count = 0; count < 5; count += 1) {
      const response = await bed.ask('openai-chat', model);
      expect(response.status).toBe(200);
      await response.text();
    }
  });
});
