import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttemptRow, ModelRoute, VirtualKey } from '../support/management-client.js';
import type {
  KeyFields,
  RouteFields,
  TargetFields,
} from '../support/management-client/row-fields.js';
import { startGateway } from '../support/start-gateway.js';
import type { UpstreamProtocol } from '../support/fake-upstream/upstream-log.js';
import { expectError } from './error-shape.js';
import { until } from './local-engines.js';
import { protocols, TestBed, type Ask } from './test-bed.js';

let bed: TestBed;
/** A local model that answers, one that fails, and one that never begins. */
let local: TargetFields;
let broken: TargetFields;
let stuck: TargetFields;
beforeAll(async () => {
  bed = await TestBed.open();
  local = await bed.localTarget('say-hello');
  broken = await bed.localTarget('status-500');
  stuck = await bed.localTarget('hang-headers');
});
afterAll(() => bed.close());

const paid = (model = 'say-hello', protocol: UpstreamProtocol = 'openai-chat'): TargetFields =>
  bed.target(protocol, model);
let count = 0;
const route = (fields: Partial<RouteFields> = {}): Promise<ModelRoute> =>
  bed.admin.createRoute({ name: `route-${(count += 1)}`, targets: [paid()], ...fields });
const read = ({ id }: { id: string }) => bed.admin.get<ModelRoute>(`/model-routes/${id}`);
const readKey = ({ id }: { id: string }) => bed.admin.get<VirtualKey>(`/virtual-keys/${id}`);
const limit = ({ id }: { id: string }, fallbackBudgetNanos: number) =>
  bed.admin.update('model-routes', id, { fallbackBudgetNanos });
const makeKey = (fields: Partial<KeyFields> = {}) =>
  bed.admin.createKey({ name: `key-${(count += 1)}`, ...fields });
const servedBy = (response: Response) => response.headers.get('x-spillway-served-by');
const fallback = (response: Response) => response.headers.get('x-spillway-fallback');
const ceiling = (usd: string): Ask => ({ headers: { 'x-spillway-max-cost-usd': usd } });
const dollars = (nanos: number): string => (nanos / 1e9).toFixed(9);

/** Asks, reads the answer to its end, and gives the attempts of the log. */
async function attemptsOf(
  model: string,
  options: Ask = {},
  protocol: UpstreamProtocol = 'openai-chat',
): Promise<{ response: Response; attempts: readonly AttemptRow[] }> {
  const response = await bed.ask(protocol, model, options);
  await response.text();
  return { response, attempts: (await bed.logOf(response)).attempts };
}

/** What one request to the route sets aside, and what it costs. */
async function figuresOf(
  { name }: ModelRoute,
  protocol: UpstreamProtocol = 'openai-chat',
  isStream = false,
): Promise<{ reserved: number; cost: number }> {
  const { attempts } = await attemptsOf(name, { isStream }, protocol);
  const { reservedNanos, costNanos } = attempts.at(-1) as AttemptRow;
  expect(costNanos).toBeGreaterThan(0);
  return { reserved: reservedNanos ?? 0, cost: costNanos ?? 0 };
}

describe.each([
  { client: 'openai-chat', isStream: false },
  { client: 'openai-chat', isStream: true },
  { client: 'anthropic-messages', isStream: false },
  { client: 'anthropic-messages', isStream: true },
] as const)('the fallback budget of a route for $client, streamed: $isStream', (each) => {
  const { client, isStream } = each;

  it('pays until it is used up, and then this machine answers', async () => {
    const made = await route({ cloud: 'prefer', targets: [local, paid()] });
    const { reserved, cost } = await figuresOf(made, client, isStream);
    // set after the first, which counts all the same: one more fits, to the nano-dollar
    await limit(made, cost + reserved);
    const second = await attemptsOf(made.name, { isStream }, client);
    expect(servedBy(second.response)).toBe('provider:fake-openai-chat/say-hello');

    const third = await attemptsOf(made.name, { isStream }, client);
    expect([third.response.status, servedBy(third.response), fallback(third.response)]).toEqual([
      200,
      'local:attached-say-hello',
      'fallback_budget_exhausted',
    ]);
    expect(third.attempts).toMatchObject([
      {
        outcome: 'skipped',
        reasonCode: 'fallback_budget_exhausted',
        state: 'voided',
        costNanos: 0,
      },
      { outcome: 'completed', reasonCode: null, costStatus: 'free' },
    ]);
    expect(await read(made)).toMatchObject({
      fallbackSpentNanos: 2 * cost,
      fallbackHeldNanos: 0,
    });
  });
});

describe('a caller for whom no target is left', () => {
  it.each(protocols.flatMap((client) => [false, true].map((isStream) => ({ client, isStream }))))(
    'is told which budget is used up and when it renews: $client, streamed: $isStream',
    async ({ client, isStream }) => {
      const made = await route();
      const { reserved, cost } = await figuresOf(made, client, isStream);
      await limit(made, cost + reserved - 1);
      const response = await bed.ask(client, made.name, { isStream });
      const message = await expectError(client, response, 'fallback_budget_exhausted');
      expect(message).toContain(`The fallback budget of the route \`${made.name}\``);
      const [, renewal = ''] = /renews at (\S+);/.exec(message) ?? [];
      const seconds = (Date.parse(renewal) - Date.now()) / 1000;
      expect(seconds).toBeGreaterThan(0);
      const retryAfter = Number(response.headers.get('retry-after'));
      expect(Math.abs(retryAfter - seconds)).toBeLessThan(30);
      expect(response.headers.get('x-should-retry')).toBe('false');
      expect(response.headers.get('x-spillway-attempts')).toContain('=fallback_budget_exhausted');
    },
  );

  it('hears of every target', async () => {
    const { name } = await route({ targets: [broken, paid()], fallbackBudgetNanos: 0 });
    const message = await expectError(
      'anthropic-messages',
      await bed.ask('anthropic-messages', name),
      'fallback_budget_exhausted',
    );
    expect(message).toMatch(
      /^All 2 attempts failed\. 1\. local:.* 2\. .*more than the whole budget/,
    );
  });

  it('is not told that an unknown price is covered', async () => {
    const { providerId } = paid() as { providerId: string };
    const unpriced = { kind: 'provider', providerId, upstreamModel: 'say-hello' } as const;
    const { name, id } = await route({ targets: [unpriced] });
    expect((await bed.ask('openai-chat', name)).status).toBe(200);
    await limit({ id }, 1_000_000_000_000);
    const response = await bed.ask('openai-chat', name);
    expect(response.headers.get('retry-after')).toBeNull();
    expect(await expectError('openai-chat', response, 'fallback_budget_exhausted')).toContain(
      'is not known',
    );
  });
});

describe('what a fallback budget does not touch', () => {
  it('is what costs nothing', async () => {
    const peer = await bed.admin.createProvider({
      name: 'peer',
      protocol: 'openai-chat',
      baseUrl: bed.upstream.openaiUrl,
      isFree: true,
    });
    const free = { kind: 'provider', providerId: peer.id, upstreamModel: 'say-hello' } as const;
    const nothing = { priceInputNanosPerMTok: 0, priceOutputNanosPerMTok: 0 };
    for (const target of [local, free, { ...paid(), ...nothing }]) {
      const { name } = await route({ targets: [target], fallbackBudgetNanos: 0 });
      expect((await bed.ask('openai-chat', name)).status).toBe(200);
    }
  });

  it('is the main budget of the key, which holds as well', async () => {
    const { secret } = await makeKey({ budgetNanos: 10 });
    const { name } = await route({ fallbackBudgetNanos: 1_000_000_000 });
    const response = await bed.ask('openai-chat', name, { key: secret });
    await expectError('openai-chat', response, 'budget_exceeded');
  });
});

describe('the fallback budget of a key', () => {
  it('holds where a local model was to answer, and not on the way to the cloud alone', async () => {
    const made = await makeKey({ fallbackBudgetNanos: 0 });
    const key = made.secret;
    const spilling = await route({ cloud: 'prefer', targets: [local, paid()] });
    const spilled = await bed.ask('openai-chat', spilling.name, { key });
    expect([servedBy(spilled), fallback(spilled)]).toEqual([
      'local:attached-say-hello',
      'fallback_budget_exhausted',
    ]);
    const direct = await attemptsOf((await route()).name, { key });
    expect(direct.response.status).toBe(200);
    expect(await readKey(made)).toMatchObject({
      spentNanos: direct.attempts[0]?.costNanos,
      fallbackSpentNanos: 0,
    });
    await bed.admin.update('virtual-keys', made.id, { fallbackBudgetNanos: null });
    const allowed = await attemptsOf(spilling.name, { key });
    expect(servedBy(allowed.response)).toBe('provider:fake-openai-chat/say-hello');
    expect(await readKey(made)).toMatchObject({
      fallbackSpentNanos: allowed.attempts[0]?.costNanos,
    });
  });
});

describe('requests at once', () => {
  it('cannot overrun it, and give back what they held', async () => {
    const made = await route();
    const { reserved, cost } = await figuresOf(made);
    await bed.admin.update('model-routes', made.id, { targets: [paid('hang-headers')] });
    await limit(made, cost + 3 * reserved);
    const leaving = new AbortController();
    const answers: Response[] = [];
    const asking = Array.from({ length: 20 }, async () => {
      answers.push(await bed.ask('openai-chat', made.name, { signal: leaving.signal }));
    });
    const settled = Promise.allSettled(asking);
    await until('all but three are refused', () => answers.length === 17);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([402]));
    // what is held may come back at any moment
    expect(answers[0]?.headers.get('retry-after')).toBe('1');
    expect(await read(made)).toMatchObject({
      fallbackSpentNanos: cost,
      fallbackHeldNanos: 3 * reserved,
    });
    expect(bed.upstream.log.ofModel('hang-headers').length).toBeLessThanOrEqual(3);
    leaving.abort();
    await settled;
    await until('nothing is held', async () => (await read(made)).fallbackHeldNanos === 0);
    const { fallbackSpentNanos } = await read(made);
    expect(fallbackSpentNanos).toBeGreaterThan(cost);
    expect(fallbackSpentNanos).toBeLessThanOrEqual(cost + 3 * reserved);
  });
});

describe('a hedge', () => {
  it('is reserved on every budget that pays while both run, and given back once', async () => {
    const made = await route({ hedgeAfterMs: 100, targets: [stuck, paid('hang-headers')] });
    const key = await makeKey({ fallbackBudgetNanos: 1_000_000_000 });
    const leaving = new AbortController();
    const asking = bed
      .ask('openai-chat', made.name, { key: key.secret, signal: leaving.signal })
      .catch(() => null);
    await until('it is held', async () => (await read(made)).fallbackHeldNanos > 0);
    const { fallbackHeldNanos } = await read(made);
    expect(await readKey(key)).toMatchObject({ heldNanos: fallbackHeldNanos, fallbackHeldNanos });
    leaving.abort();
    await asking;
    await until('it is given back', async () => (await read(made)).fallbackHeldNanos === 0);
    const { attempts } = await bed.admin.newestLog(made.name);
    const spent = attempts[1]?.costNanos;
    expect((await read(made)).fallbackSpentNanos).toBe(spent);
    expect(await readKey(key)).toMatchObject({
      heldNanos: 0,
      spentNanos: spent,
      fallbackHeldNanos: 0,
      fallbackSpentNanos: spent,
    });
  });

  it('that the budget does not cover leaves the local model to answer', async () => {
    const late = await bed.localTarget('late-600ms');
    const targets = [late, paid()];
    const made = await route({ hedgeAfterMs: 100, targets, fallbackBudgetNanos: 0 });
    const { response, attempts } = await attemptsOf(made.name);
    expect(servedBy(response)).toBe('local:attached-late-600ms');
    expect(attempts).toMatchObject([
      { outcome: 'completed', reasonCode: null },
      { outcome: 'skipped', reasonCode: 'fallback_budget_exhausted' },
    ]);
  });
});

describe('the ceiling of a request', () => {
  it.each(['openai-chat', 'anthropic-messages'] as const)(
    'keeps a dear target from %s callers, to the nano-dollar',
    async (client) => {
      for (const isStream of [false, true]) {
        const made = await route({ cloud: 'prefer', targets: [local, paid()] });
        const { reserved } = await figuresOf(made, client, isStream);
        const enough = await attemptsOf(
          made.name,
          { isStream, ...ceiling(dollars(reserved)) },
          client,
        );
        expect(servedBy(enough.response)).toBe('provider:fake-openai-chat/say-hello');
        const seen = bed.upstream.log.last('say-hello').headers;
        expect(Object.keys(seen).filter((name) => name.includes('cost'))).toEqual([]);
        const short = await attemptsOf(
          made.name,
          { isStream, ...ceiling(dollars(reserved - 1)) },
          client,
        );
        expect([servedBy(short.response), fallback(short.response)]).toEqual([
          'local:attached-say-hello',
          'max_cost_exceeded',
        ]);
        const alone = await route();
        const refused = await bed.ask(client, alone.name, { isStream, ...ceiling('0') });
        expect(refused.headers.get('retry-after')).toBeNull();
        expect(await expectError(client, refused, 'max_cost_exceeded')).toContain(
          'more than the $0 that `x-spillway-max-cost-usd` allows',
        );
      }
    },
  );

  it('is not forwarded to an upstream of the same protocol', async () => {
    for (const client of protocols) {
      const { name } = await route({ targets: [paid('long-20', client)] });
      expect((await bed.ask(client, name, ceiling('5'))).status).toBe(200);
      const seen = Object.keys(bed.upstream.log.last('long-20').headers);
      expect(seen.filter((header) => header.includes('cost'))).toEqual([]);
    }
  });

  it.each(protocols.flatMap((client) => ['', 'cheap', '-1', '1e-3'].map((usd) => [client, usd])))(
    'is refused where it is no amount: %s, "%s"',
    async (client, usd) => {
      const protocol = client as UpstreamProtocol;
      const response = await bed.ask(protocol, 'route-1', ceiling(usd ?? ''));
      const message = await expectError(protocol, response, 'invalid_request');
      expect(message).toContain('`x-spillway-max-cost-usd` must be one amount in US dollars');
    },
  );

  it('counts what an earlier attempt may have cost', async () => {
    const made = await route({
      firstByteTimeoutMs: 500,
      targets: [paid('hang-headers'), paid()],
    });
    const { reserved } = await figuresOf(made);
    const short = await attemptsOf(made.name, ceiling(dollars(2 * reserved - 1)));
    expect(short.response.status).toBe(402);
    expect(short.attempts).toMatchObject([
      { reasonCode: 'stall', costNanos: null, reservedNanos: reserved },
      { outcome: 'skipped', reasonCode: 'max_cost_exceeded' },
    ]);
    const enough = await attemptsOf(made.name, ceiling(dollars(2 * reserved)));
    expect(enough.response.status).toBe(200);
  });

  it('does not take an unknown price for nothing', async () => {
    const { providerId } = paid() as { providerId: string };
    const unpriced = { kind: 'provider', providerId, upstreamModel: 'say-hello' } as const;
    const { name } = await route({ targets: [unpriced] });
    const response = await bed.ask('openai-chat', name, ceiling('999999'));
    expect(await expectError('openai-chat', response, 'max_cost_exceeded')).toContain(
      'is not known',
    );
  });
});

describe('a gateway that is killed', () => {
  it('knows after its restart what every budget had spent and held', async () => {
    const made = await route({ targets: [broken, paid('slow-50ms-200')], cloud: 'prefer' });
    const direct = await route();
    const key = await makeKey({ budgetWindow: 'month' });
    await limit(made, 1_000_000_000);
    await attemptsOf(direct.name, { key: key.secret });
    const open = (['openai-chat', 'anthropic-messages'] as const).map((client) =>
      bed
        .ask(client, made.name, { key: key.secret, isStream: client === 'openai-chat' })
        .then((response) => response.text())
        .catch(() => null),
    );
    await until('both are under way', () => bed.upstream.log.ofModel('slow-50ms-200').length === 2);
    const before = { route: await read(made), direct: await read(direct), key: await readKey(key) };
    expect(before.route).toMatchObject({ fallbackSpentNanos: 0 });
    expect(before.key.fallbackHeldNanos).toBe(before.route.fallbackHeldNanos);
    expect(before.key.spentNanos).toBeGreaterThan(0);

    await bed.gateway.kill();
    await Promise.all(open);
    await bed.resume(await startGateway({ dataDir: bed.gateway.dataDir }));

    const restored = before.route.fallbackHeldNanos;
    expect(await read(made)).toMatchObject({ fallbackSpentNanos: restored, fallbackHeldNanos: 0 });
    expect((await read(direct)).fallbackSpentNanos).toBe(before.direct.fallbackSpentNanos);
    expect(await readKey(key)).toMatchObject({
      spentNanos: before.key.spentNanos + restored,
      heldNanos: 0,
      fallbackSpentNanos: restored,
      fallbackHeldNanos: 0,
    });
    await limit(made, restored);
    const response = await bed.ask('openai-chat', made.name);
    const message = await expectError('openai-chat', response, 'upstream_error');
    expect(message).toContain(`The fallback budget of the route \`${made.name}\``);
  });
});
