import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instance, LocalModel } from '../support/management-client.js';
import { readEvents, sseEvents, takeEvents, type SseEvent } from '../support/read-sse.js';
import { engineProcesses, LocalEngines, until } from './local-engines.js';
import { TestBed } from './test-bed.js';

/** An instance, as far as it is looked at here. */
interface ShownInstance extends Instance {
  readonly suspicion: { readonly cause: string; readonly message: string } | null;
  readonly figures: Readonly<Record<string, number | null>> | null;
  readonly exit: { readonly reason: string; readonly message: string } | null;
}

interface Line {
  readonly seq: number;
  readonly text: string;
}

interface LogPage {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly lines: readonly Line[];
}

const engines = new LocalEngines();
let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open({ env: { ...engines.env, SPILLWAY_ENGINE_SILENCE_MS: '1000' } });
});
afterAll(async () => {
  await bed.close();
  expect(engineProcesses(bed.gateway.dataDir)).toEqual([]);
});

async function instanceOf({ id }: LocalModel): Promise<ShownInstance> {
  const instances = await bed.admin.list<ShownInstance>('instances');
  const found = instances.find(({ localModelId }) => localModelId === id);
  if (found === undefined) throw new Error('no instance was started');
  return found;
}

/** The live log, for a viewer that has seen the lines up to some number. */
function stream(
  id: string,
  query = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const { origin, token } = bed.admin;
  const authorization = `Bearer ${token}`;
  return fetch(`${origin}/api/instances/${id}/logs/stream${query}`, {
    headers: { ...headers, authorization },
  });
}

const prompt = (content: string) => ({ messages: [{ role: 'user', content }] });
const pageOf = (id: string, query = ''): Promise<LogPage> =>
  bed.admin.get<LogPage>(`/instances/${id}/logs${query}`);
/** Numbers of the lines, and the names of other events. */
const inShort = (events: readonly SseEvent[]): unknown[] =>
  events.map(({ name, data }) => name ?? (JSON.parse(data) as Line).seq);
const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

async function followed(id: string, after: number, header = true): Promise<unknown[]> {
  const response = header
    ? await stream(id, '', { 'last-event-id': String(after) })
    : await stream(id, `?after=${after}`);
  return inShort(await readEvents(sseEvents(response)));
}

describe('the log of an engine', () => {
  it('is resumed where a viewer was cut off, tells what is gone, and ends with the engine', async () => {
    const model = await engines.addModel(bed, 'chatty', { lines: 10 });
    await (await bed.ask('openai-chat', 'chatty')).text();
    const { id } = await instanceOf(model);
    const live = await stream(id);
    expect(live.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = sseEvents(live);
    expect(inShort(await takeEvents(events, 10))).toEqual(upTo(10));
    await (await bed.ask('openai-chat', 'chatty')).text();
    expect(inShort(await takeEvents(events, 10))).toEqual(upTo(20, 11));
    await events.return();
    await bed.admin.call('POST', `/instances/${id}/stop`);
    expect(await followed(id, 13)).toEqual([...upTo(20, 14), 'end']);
    expect(await followed(id, 18, false)).toEqual([19, 20, 'end']);
  });

  it('is paged backwards, and says from which line on it is kept', async () => {
    const model = await engines.addModel(bed, 'flood', { lines: 2500 });
    await (await bed.ask('openai-chat', 'flood')).text();
    const { id } = await instanceOf(model);
    await until('all is read', async () => (await pageOf(id, '?limit=1')).lastSeq === 2500);
    const page = await pageOf(id, '?before=600&limit=50');
    expect(page).toMatchObject({ firstSeq: 501, lastSeq: 2500 });
    expect(page.lines.map(({ text }) => text)).toEqual(upTo(599, 550).map((n) => `line ${n}`));
    expect((await pageOf(id, '?before=510')).lines).toHaveLength(9);
    const events = sseEvents(await stream(id, '?after=100'));
    const [gap, line] = await takeEvents(events, 2);
    expect([gap?.name, JSON.parse(gap?.data ?? '')]).toEqual([
      'gap',
      { missed: 400, from: 101, to: 500 },
    ]);
    expect(JSON.parse(line?.data ?? '')).toMatchObject({ seq: 501 });
    await events.return();
  });

  it.each([
    'logs?before=-1',
    'logs?limit=0',
    'logs?limit=5000',
    'logs?limit=x',
    'logs/stream?after=1.5',
  ])('refuses %s in words', async (path) => {
    const model = await engines.addModel(bed, `refusing-${path.length}-${path.slice(-1)}`);
    await bed.admin.call('POST', `/local-models/${model.id}/start`);
    const { id } = await instanceOf(model);
    const { status, body } = await bed.admin.send('GET', `/instances/${id}/${path}`);
    expect([status, body.error.code]).toEqual([400, 'invalid_request']);
    expect(body.error.message).toMatch(/must be a whole number from/);
  });

  it('is readable with the exit record after the gateway was started again', async () => {
    const words = 'error loading model: tensor is missing';
    const model = await engines.addModel(bed, 'broken', { exitAtOnce: words });
    await (await bed.ask('openai-chat', 'broken')).text();
    await until('it has ended', async () => (await instanceOf(model)).exit !== null);
    const before = await instanceOf(model);
    await bed.resume(await bed.gateway.restart());
    const after = await instanceOf(model);
    expect(after).toEqual(before);
    expect(after.exit).toMatchObject({ code: 1, signal: null, lastLines: [words] });
    expect(after.exit?.message).toMatch(/^[A-Z].*\.$/);
    expect((await pageOf(after.id)).lines.map(({ text }) => text)).toEqual([words]);
    expect(await followed(after.id, 0)).toEqual([1, 'end']);
    const folder = join(bed.gateway.dataDir, 'ended');
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
  });
});

describe('what an engine tells of itself', () => {
  it('is shown by instance, and told to Prometheus while it runs', async () => {
    const model = await engines.addModel(bed, 'telling', { words: 20 });
    await (await bed.ask('openai-chat', 'telling')).text();
    const figures = async () => (await instanceOf(model)).figures;
    await until('it is read', async () => (await figures()) !== null, 20_000);
    await (await bed.ask('openai-chat', 'telling')).text();
    const speed = async () => (await figures())?.['generatedTokensPerSecond'];
    await until('its speed is known', async () => (await speed()) === 50, 20_000);
    expect(await figures()).toMatchObject({
      requestsRunning: 0,
      generatedTokens: 40,
      kvCacheUsage: 0.25,
      promptTokens: null,
    });
    const { id } = await instanceOf(model);
    const metrics = async () => (await fetch(`${bed.gateway.origin}/metrics`)).text();
    const labels = `{instance="${id}",model="telling",engine="llama-server"}`;
    expect(await metrics()).toContain(`spillway_engine_generated_tokens_total${labels} 40`);
    expect(await metrics()).toContain(`spillway_engine_kv_cache_usage_ratio${labels} 0.25`);
    await bed.admin.call('POST', `/instances/${id}/stop`);
    expect(await metrics()).not.toContain(id);
    expect((await instanceOf(model)).figures).toBeNull();
  }, 90_000);
});

describe('an engine that falls silent in an answer', () => {
  it('is doubted, which is shown with the reason, and trusted again when it makes a token', async () => {
    const model = await engines.addModel(bed, 'silent', { firstMs: 1500 });
    const response = await bed.ask('openai-chat', 'silent', {
      isStream: true,
      body: prompt('STALL'),
    });
    const answer = response.text();
    const isSuspect = async () => (await instanceOf(model)).state === 'suspect';
    await until('it is doubted', isSuspect, 20_000);
    expect((await instanceOf(model)).suspicion).toMatchObject({ cause: 'stalled' });
    expect(await bed.admin.get(`/local-models/${model.id}`)).toMatchObject({
      state: 'suspect',
      stateReason: expect.stringMatching(/^An answer fell silent/) as string,
    });
    expect(await (await fetch(`${bed.gateway.origin}/metrics`)).text()).toMatch(
      /^spillway_engine_suspect\{[^}]*model="silent"[^}]*\} 1$/m,
    );
    const text = await answer;
    expect(text).toContain('nothing but heartbeats');
    expect(text).not.toContain('[DONE]');
    await until('it is trusted again', async () => !(await isSuspect()), 20_000);
    const instance = await instanceOf(model);
    // the probe is nobody's request
    expect(instance).toMatchObject({ state: 'ready', suspicion: null, requestsServed: 1 });
    expect(engines.journal('silent', 'prompt')).toHaveLength(2);
    const logs = await bed.admin.list<{ routeName: string }>('request-logs', {
      filter: { routeName: 'silent' },
    });
    expect(logs).toHaveLength(1);
  }, 90_000);
});
