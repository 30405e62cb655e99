import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttemptRow, RequestWithAttempts, VirtualKey } from '../support/management-client.js';
import { startGateway } from '../support/start-gateway.js';
import { engineProcesses, LocalEngines, until } from './local-engines.js';
import { protocols, TestBed } from './test-bed.js';

const engines = new LocalEngines();
let bed: TestBed;
let keyId: string;
/** What every caller got before the gateway died. */
let answered = 0;
let rows: RequestWithAttempts[];
let attempts: AttemptRow[];

/** Slow streams have a model each, so that every one of them can be found again. */
const slowModels = Array.from({ length: 20 }, (_, index) => `slow-50ms-${100 + index}`);

async function loadUntilGone(key: string): Promise<void> {
  const slow = slowModels.map(async (model, index) => {
    const route = await bed.route(protocols[index % 2] ?? 'openai-chat', model);
    const response = await bed.ask('openai-chat', route, { isStream: index % 3 !== 0, key });
    await response.text();
  });
  const quickRoute = await bed.route('openai-chat', 'say-hello');
  const quick = Array.from({ length: 10 }, async () => {
    for (let turn = 0; turn < 2_000; turn += 1) {
      const response = await bed.ask('openai-chat', quickRoute, { key });
      await response.text();
      if (response.status === 200) answered += 1;
    }
  });
  await Promise.allSettled([...slow, ...quick]);
}

beforeAll(async () => {
  bed = await TestBed.open({ env: engines.env });
  await engines.addModel(bed, 'survivor');
  expect((await bed.ask('openai-chat', 'survivor')).status).toBe(200);
  const made = await bed.admin.createKey({ name: 'crash', budgetNanos: 100_000_000_000 });
  keyId = made.id;
  for (const [index, model] of slowModels.entries())
    await bed.route(protocols[index % 2] ?? 'openai-chat', model);
  const load = loadUntilGone(made.secret);
  await until('all slow requests are under way', () =>
    slowModels.every((model) => bed.upstream.log.ofModel(model).length === 1),
  );
  await new Promise((resolve) => setTimeout(resolve, 400));
  await bed.gateway.kill();
  await load;
  const { dataDir } = bed.gateway;
  await until('its engines are gone', () => engineProcesses(dataDir).length === 0, 5_000);
  await bed.resume(await startGateway({ dataDir, env: engines.env }));
  rows = await bed.admin.allLogs();
  attempts = rows.flatMap((row) => row.attempts);
});
afterAll(() => bed.close());

describe('a gateway that was killed while it worked', () => {
  it('had work to lose', () => {
    expect(answered).toBeGreaterThan(10);
    expect(bed.upstream.log.inference.length).toBeGreaterThan(30);
  });

  it('has a row for every request that reached an upstream', () => {
    for (const model of new Set(bed.upstream.log.inference.map((entry) => entry.model))) {
      const seen = bed.upstream.log.ofModel(model ?? '').length;
      const known = attempts.filter(({ upstreamModel }) => upstreamModel === model).length;
      expect(`${model}: ${known >= seen ? 'complete' : `${known} of ${seen}`}`).toBe(
        `${model}: complete`,
      );
    }
  });

  it('has closed what it left open, charged as estimated up to what was set aside', () => {
    expect(attempts.filter(({ state }) => state === 'dispatched')).toEqual([]);
    for (const model of slowModels) {
      const attempt = attempts.find(({ upstreamModel }) => upstreamModel === model);
      expect(attempt).toMatchObject({
        state: 'expired',
        errorCode: 'gateway_crashed',
        costStatus: 'estimated',
        costNanos: attempt?.reservedNanos,
      });
    }
    const open = rows.filter(({ outcome }) => outcome === 'running');
    expect(open).toEqual([]);
  });

  it('still knows every request that it answered', () => {
    const completed = rows.filter(
      ({ outcome, routeName }) => outcome === 'completed' && routeName === 'openai-chat/say-hello',
    );
    const settled = attempts.filter(
      ({ upstreamModel, state }) => upstreamModel === 'say-hello' && state !== 'voided',
    );
    expect(settled.length).toBeGreaterThanOrEqual(answered);
    expect(completed.length).toBeLessThanOrEqual(settled.length);
  });

  it('has the budget of the key agree with the rows, with nothing set aside', async () => {
    const key = await bed.admin.get<VirtualKey>(`/virtual-keys/${keyId}`);
    const own = rows.filter((row) => row.keyId === keyId).flatMap((row) => row.attempts);
    expect(key.spentNanos).toBe(own.reduce((sum, { costNanos }) => sum + (costNanos ?? 0), 0));
    expect(key.heldNanos).toBe(0);
  });

  it('serves again, from providers and from this machine', async () => {
    expect(engineProcesses(bed.gateway.dataDir)).toEqual([]);
    const route = await bed.route('openai-chat', 'say-hello');
    expect((await bed.ask('openai-chat', route)).status).toBe(200);
    expect((await bed.ask('openai-chat', 'survivor')).status).toBe(200);
    expect(engines.journal('survivor', 'start')).toHaveLength(2);
  });
});
