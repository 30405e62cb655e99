import { createServer } from 'node:http';
import { join } from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFakePreset, fakeSpec } from '../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../test/open-supervisor.js';
import { isAlive, temporaryFolder, waitFor } from '../test/process-checks.js';
import { firstEnded, journalLines, pidOf } from '../test/supervisor-checks.js';
import { systemClock } from './clock.js';
import { shippedEngines } from './engines.js';
import { createAttachedPreset } from './engines/attached.js';

/** A model server that can sleep, played in this process. */
async function serveSleeper() {
  const seen = { isAsleep: false, orders: [] as string[], canWake: true };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { url = '', method } = request;
    if (method === 'POST') seen.orders.push(url);
    if (url === '/sleep') seen.isAsleep = true;
    if (url === '/wake_up' && seen.canWake) seen.isAsleep = false;
    const body = url === '/is_sleeping' ? { is_sleeping: seen.isAsleep } : { data: [{ id: 'm' }] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  return { seen, endpoint: `http://127.0.0.1:${address.port}` };
}

const sleepRule = {
  sleep: () => ({ method: 'POST', path: '/sleep', body: null }) as const,
  wake: () => ({ method: 'POST', path: '/wake_up', body: null }) as const,
  status: {
    path: '/is_sleeping',
    isAsleep: (body: unknown) => (body as { is_sleeping?: unknown }).is_sleeping === true,
  },
};

describe('Supervisor with an engine under suspicion', () => {
  it('gives no new leases until the probe has answered, and then goes on with the same engine', async () => {
    const { supervisor } = await openSupervisor();
    const lease = await supervisor.acquire(fakeSpec({ parallelSlots: 2 }), patient());
    lease.reportStall();
    const doubted = supervisor.view('model-1');
    expect(doubted).toMatchObject({
      state: 'suspect',
      reason: expect.stringMatching(/^An answer fell silent/) as string,
      instance: { state: 'suspect', suspicion: { cause: 'stalled', message: doubted.reason } },
    });
    expect(supervisor.outlook(fakeSpec({ parallelSlots: 2 })).isServingNow).toBe(false);
    const next = await supervisor.acquire(fakeSpec({ parallelSlots: 2 }), patient());
    expect(next.instanceId).toBe(lease.instanceId);
    expect(supervisor.view('model-1').state).toBe('ready');
    expect(supervisor.view('model-1').instance?.suspicion).toBeNull();
    expect(lease.lost.aborted).toBe(false);
    for (const each of [lease, next]) each.release();
  });

  it('trusts it again when a caller gets a good answer from it', async () => {
    const { supervisor } = await openSupervisor();
    const spec = fakeSpec({ parallelSlots: 2 });
    const silent = await supervisor.acquire(spec, patient());
    const good = await supervisor.acquire(spec, patient());
    silent.reportStall();
    expect(supervisor.view('model-1').state).toBe('suspect');
    good.reportAnswer();
    expect(supervisor.view('model-1')).toMatchObject({ state: 'ready', reason: null });
    for (const each of [silent, good]) each.release();
    silent.reportStall();
    expect(supervisor.view('model-1').state).toBe('ready');
  });

  it('stops an engine whose server accepts connections and answers nothing', async () => {
    const { supervisor } = await openSupervisor();
    const lease = await supervisor.acquire(fakeSpec(), patient());
    const pid = pidOf(supervisor);
    process.kill(pid, 'SIGSTOP');
    lease.reportStall();
    await waitFor('the lease is lost', () => lease.lost.aborted, 20_000);
    await waitFor('the engine is gone', () => firstEnded(supervisor) !== undefined, 20_000);
    expect(isAlive(pid)).toBe(false);
    expect(firstEnded(supervisor)?.exit?.reason).toBe('unresponsive');
    lease.release();
  }, 60_000);
});

describe('a probe for a token', () => {
  it('is no use of the engine: the idle time goes on, and nothing is counted', async () => {
    const journal = join(temporaryFolder(), 'journal');
    const preset = createFakePreset({ behaviour: { journal } });
    const [first] = shippedEngines();
    if (first?.traits === undefined) throw new Error('It has no traits.');
    // fresh for 25 s, so the clock is ahead of the engine's start
    let aheadMs = 0;
    const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + aheadMs };
    const engines = [{ ...preset, traits: { ...first.traits, tokenProbeEveryMs: 30_000 } }];
    const { supervisor } = await openSupervisor({}, { engines, clock });
    (await supervisor.acquire(fakeSpec({ idleStopMs: 60_000 }), patient())).release();
    const before = supervisor.view('model-1').instance;
    aheadMs = 31_000;
    await supervisor.sweepHealth();
    expect(journalLines(journal, 'prompt')).toHaveLength(1);
    const after = supervisor.view('model-1').instance;
    expect(after?.provenAt).toBeGreaterThan(before?.provenAt ?? Infinity);
    expect(after).toEqual({
      ...before,
      provenAt: after?.provenAt,
      rssBytes: after?.rssBytes,
      footprintBytes: after?.footprintBytes,
    });
  });
});

describe('Supervisor with an engine that can sleep', () => {
  it('lets it sleep when it is idle, wakes it for a request, and forgets it after a second idle time', async () => {
    const { seen, endpoint } = await serveSleeper();
    const engines = [{ ...createAttachedPreset(), sleep: sleepRule }];
    const { supervisor } = await openSupervisor({}, { engines });
    const spec = fakeSpec({ engine: 'attached', endpoint, idleStopMs: 300 });
    (await supervisor.acquire(spec, patient())).release();
    await waitFor('it sleeps', () => supervisor.view('model-1').state === 'sleeping');
    await waitFor('it was told to', () => seen.isAsleep);
    const woken = await supervisor.acquire(spec, patient());
    expect(seen.isAsleep).toBe(false);
    expect(seen.orders).toEqual(['/sleep', '/wake_up']);
    woken.release();
    await waitFor('it is let go', () => supervisor.view('model-1').state === 'cold');
    expect(firstEnded(supervisor)?.exit?.reason).toBe('idle');
  });

  it('gives up an engine that does not wake', async () => {
    const { seen, endpoint } = await serveSleeper();
    seen.canWake = false;
    const hasty = { ...sleepRule, wake: () => ({ ...sleepRule.wake(), path: '/nowhere' }) };
    const failing = { ...hasty, status: { ...sleepRule.status, isAsleep: () => seen.isAsleep } };
    const engines = [{ ...createAttachedPreset(), sleep: failing }];
    const { supervisor } = await openSupervisor({}, { engines });
    const spec = fakeSpec({ engine: 'attached', endpoint, idleStopMs: 100 });
    (await supervisor.acquire(spec, patient())).release();
    await waitFor('it sleeps', () => supervisor.view('model-1').state === 'sleeping');
    const leaving = new AbortController();
    const waiting = supervisor.acquire(spec, { signal: leaving.signal, maxWaitMs: 60_000 });
    await waitFor('it is woken', () => supervisor.view('model-1').state === 'waking');
    await supervisor.stop('model-1');
    await expect(waiting).rejects.toMatchObject({ code: 'start-failed' });
  });
});

describe('a fake engine that tells its progress', () => {
  it('shows the share of the load, and finishes a load that is more than half done', async () => {
    const preset = {
      ...createFakePreset({ behaviour: { loadMs: 600, print: ['loaded 60 %'] } }),
      loadProgress: (line: string) => (line === 'loaded 60 %' ? 0.6 : null),
    };
    const { supervisor } = await openSupervisor({}, { engines: [preset], lingerMs: 1 });
    const leaving = new AbortController();
    const waiting = supervisor.acquire(fakeSpec(), {
      signal: leaving.signal,
      maxWaitMs: 10_000,
    });
    waiting.catch(() => undefined);
    await waitFor('it tells', () => supervisor.outlook(fakeSpec()).progress === 0.6);
    leaving.abort();
    await waitFor('it is ready', () => supervisor.view('model-1').state === 'ready');
  });
});
