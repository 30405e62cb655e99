import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeSpec } from '../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../test/open-supervisor.js';
import { isAlive, temporaryFolder, waitFor } from '../test/process-checks.js';
import { failureOf, firstEnded, journalLines, pidOf } from '../test/supervisor-checks.js';

describe('Supervisor.acquire', () => {
  it('starts one engine for fifty concurrent first requests', async () => {
    const journal = join(temporaryFolder(), 'journal');
    const { supervisor } = await openSupervisor({ behaviour: { loadMs: 150, journal } });
    const leases = await Promise.all(
      Array.from({ length: 50 }, () => supervisor.acquire(fakeSpec(), patient())),
    );
    expect(journalLines(journal, 'start')).toHaveLength(1);
    expect(new Set(leases.map(({ instanceId }) => instanceId)).size).toBe(1);
    expect(leases.every(({ startedCold, loadMs }) => startedCold && loadMs > 100)).toBe(true);
    expect(supervisor.view('model-1').instance?.leases).toBe(50);
    for (const lease of leases) lease.release();
    expect(supervisor.view('model-1').instance).toMatchObject({ leases: 0, requestsServed: 50 });
  });

  it('leases a ready engine at once, with the name it serves', async () => {
    const { supervisor } = await openSupervisor();
    (await supervisor.acquire(fakeSpec(), patient())).release();
    const lease = await supervisor.acquire(fakeSpec(), patient());
    expect(lease).toMatchObject({ startedCold: false, queueMs: 0, loadMs: 0, apiKey: null });
    expect(lease.servedModel).toBe(fakeSpec().name);
    const models = await fetch(`${lease.origin}/v1/models`).then((answer) => answer.json());
    expect(models).toMatchObject({ data: [{ id: lease.instanceId }] });
    lease.release();
    lease.release();
    expect(supervisor.view('model-1').instance?.leases).toBe(0);
  });

  it('takes the port from the announcement of an engine that chose it itself', async () => {
    const { supervisor } = await openSupervisor({ portFrom: 'stdout' });
    const lease = await supervisor.acquire(fakeSpec(), patient());
    expect((await fetch(`${lease.origin}/health`)).status).toBe(200);
    lease.release();
  });

  it('waits for an engine that binds only after its load', async () => {
    const { supervisor } = await openSupervisor({ behaviour: { lateBindMs: 300 } });
    const lease = await supervisor.acquire(fakeSpec(), patient());
    expect(lease.loadMs).toBeGreaterThan(250);
    lease.release();
  });

  it('lets a queued caller leave and cancels a start nobody waits for any more', async () => {
    const { supervisor } = await openSupervisor(
      { behaviour: { neverReady: true } },
      { lingerMs: 50 },
    );
    const leaving = new AbortController();
    const waiting = failureOf(
      supervisor.acquire(fakeSpec(), { signal: leaving.signal, maxWaitMs: 10_000 }),
    );
    await waitFor('the engine process exists', () => supervisor.view('model-1').instance !== null);
    const pid = pidOf(supervisor);
    leaving.abort();
    expect((await waiting).code).toBe('cancelled');
    await waitFor('the engine is stopped', () => supervisor.view('model-1').state === 'cold');
    expect(isAlive(pid)).toBe(false);
    expect(firstEnded(supervisor)?.exit?.reason).toBe('cancelled');
  });

  it('keeps a start whose caller left when it becomes ready within the linger', async () => {
    const { supervisor } = await openSupervisor({ behaviour: { loadMs: 200 } });
    const failure = await failureOf(supervisor.acquire(fakeSpec(), patient(50)));
    expect(failure.code).toBe('wait-exceeded');
    await waitFor('the engine is ready', () => supervisor.view('model-1').state === 'ready');
  });

  it('refuses a caller whose signal has aborted, without starting anything', async () => {
    const { supervisor } = await openSupervisor();
    const request = { signal: AbortSignal.abort(), maxWaitMs: 1000 };
    expect((await failureOf(supervisor.acquire(fakeSpec(), request))).code).toBe('cancelled');
    expect(supervisor.view('model-1').state).toBe('cold');
  });

  it('refuses callers beyond the longest queue', async () => {
    const { supervisor } = await openSupervisor({ behaviour: { loadMs: 200 } }, { maxQueue: 2 });
    const served = [1, 2].map(() => supervisor.acquire(fakeSpec(), patient()));
    const refused = await failureOf(supervisor.acquire(fakeSpec(), patient()));
    expect(refused).toMatchObject({ code: 'queue-full', retryAfterMs: 1000 });
    for (const lease of await Promise.all(served)) lease.release();
  });

  it('tells a lease when its engine dies, and starts another for the next request', async () => {
    const { supervisor } = await openSupervisor();
    const lease = await supervisor.acquire(fakeSpec(), patient());
    process.kill(pidOf(supervisor), 'SIGKILL');
    await waitFor('the lease is lost', () => lease.lost.aborted);
    lease.release();
    await waitFor('the pause begins', () => supervisor.view('model-1').state === 'backoff');
    const refused = await failureOf(supervisor.acquire(fakeSpec(), patient()));
    expect(refused.code).toBe('backoff');
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    await waitFor('the pause is over', () => supervisor.view('model-1').state === 'cold');
    const next = await supervisor.acquire(fakeSpec(), patient());
    expect(next.instanceId).not.toBe(lease.instanceId);
    next.release();
  });

  it('starts the engine anew when the settings of the model changed', async () => {
    const { supervisor } = await openSupervisor();
    const before = await supervisor.acquire(fakeSpec(), patient());
    const changed = fakeSpec({ contextTokens: 4096 });
    const meanwhile = await supervisor.acquire(changed, patient());
    expect(meanwhile.instanceId).toBe(before.instanceId);
    await waitFor('the new engine serves', () => {
      const { instance } = supervisor.view('model-1');
      return instance?.state === 'ready' && instance.id !== before.instanceId;
    });
    const after = await supervisor.acquire(changed, patient());
    expect(after.instanceId).not.toBe(before.instanceId);
    expect(before.lost.aborted).toBe(false);
    for (const lease of [before, meanwhile, after]) lease.release();
    await waitFor('the old engine is gone', () => firstEnded(supervisor) !== undefined);
    expect(firstEnded(supervisor)?.id).toBe(before.instanceId);
  });

  it('says which engines exist when the model names another', async () => {
    const { supervisor } = await openSupervisor();
    const failure = await failureOf(supervisor.acquire(fakeSpec({ engine: 'warp' }), patient()));
    expect(failure.code).toBe('not-installed');
    expect(failure.message).toContain('Choose one of: fake');
  });
});
