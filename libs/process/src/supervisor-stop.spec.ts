import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeSpec } from '../test/fake-engine-preset.js';
import type { FakeBehaviour } from '../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../test/open-supervisor.js';
import { isAlive, temporaryFolder, waitFor } from '../test/process-checks.js';
import { failureOf, firstEnded, pidOf } from '../test/supervisor-checks.js';

describe('Supervisor.stop', () => {
  it('stops an idle engine after its idle time, and never while it is leased', async () => {
    const { supervisor } = await openSupervisor();
    const spec = fakeSpec({ idleStopMs: 200 });
    const first = await supervisor.acquire(spec, patient());
    const second = await supervisor.acquire(spec, patient());
    const pid = pidOf(supervisor);
    first.release();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(supervisor.view('model-1').state).toBe('ready');
    const releasedAt = performance.now();
    second.release();
    await waitFor('the engine is stopped', () => supervisor.view('model-1').state === 'cold');
    expect(performance.now() - releasedAt).toBeGreaterThan(195);
    expect(isAlive(pid)).toBe(false);
    expect(firstEnded(supervisor)?.exit?.reason).toBe('idle');
  });

  it('rejects those who wait for a start that is stopped', async () => {
    const { supervisor } = await openSupervisor({ behaviour: { neverReady: true } });
    const waiting = failureOf(supervisor.acquire(fakeSpec(), patient()));
    await waitFor('the engine process exists', () => supervisor.view('model-1').instance !== null);
    const pid = pidOf(supervisor);
    await supervisor.stop('model-1');
    expect((await waiting).code).toBe('start-failed');
    expect(isAlive(pid)).toBe(false);
    expect(supervisor.view('model-1').state).toBe('cold');
  });

  it('never spawns for a start that is stopped in the same moment', async () => {
    const journal = join(temporaryFolder(), 'journal');
    const { supervisor, dataDir } = await openSupervisor({ behaviour: { journal } });
    const waiting = failureOf(supervisor.acquire(fakeSpec(), patient()));
    await supervisor.stop('model-1');
    expect((await waiting).code).toBe('start-failed');
    expect(() => readFileSync(journal)).toThrow('ENOENT');
    expect(readdirSync(join(dataDir, 'instances'))).toEqual([]);
  });

  it('lets leases finish, and serves who comes meanwhile with the next engine', async () => {
    const { supervisor } = await openSupervisor();
    const lease = await supervisor.acquire(fakeSpec(), patient());
    const stopped = supervisor.stop('model-1');
    const next = supervisor.acquire(fakeSpec(), patient());
    expect(supervisor.view('model-1').state).toBe('draining');
    expect(lease.lost.aborted).toBe(false);
    lease.release();
    await stopped;
    const served = await next;
    expect(served.instanceId).not.toBe(lease.instanceId);
    served.release();
  });

  it('takes the leases away when it is forced', async () => {
    const { supervisor } = await openSupervisor({ behaviour: { ignoreTerm: true } });
    const lease = await supervisor.acquire(fakeSpec(), patient());
    const pid = pidOf(supervisor);
    await supervisor.stop('model-1', { force: true });
    expect(lease.lost.aborted).toBe(true);
    expect(isAlive(pid)).toBe(false);
    lease.release();
    expect(firstEnded(supervisor)).toMatchObject({ leases: 0, exit: { signal: 'SIGKILL' } });
  });

  it('stops everything within the grace and refuses requests meanwhile', async () => {
    const { supervisor } = await openSupervisor();
    const lease = await supervisor.acquire(fakeSpec(), patient());
    const pid = pidOf(supervisor);
    const stopping = supervisor.stopAll({ graceMs: 200 });
    const refused = await failureOf(supervisor.acquire(fakeSpec(), patient()));
    expect(refused.code).toBe('shutting-down');
    await stopping;
    expect(lease.lost.aborted).toBe(true);
    expect(isAlive(pid)).toBe(false);
    (await supervisor.acquire(fakeSpec(), patient())).release();
  });

  it('refuses everything once it is closed', async () => {
    const { supervisor } = await openSupervisor();
    (await supervisor.acquire(fakeSpec(), patient())).release();
    await supervisor.close();
    const refused = await failureOf(supervisor.acquire(fakeSpec(), patient()));
    expect(refused.code).toBe('shutting-down');
    expect((await failureOf(supervisor.start(fakeSpec()))).code).toBe('shutting-down');
  });
});

describe('Supervisor.start', () => {
  it('resolves when the process exists, before it is ready', async () => {
    const { supervisor } = await openSupervisor({ behaviour: { loadMs: 200 } });
    const view = await supervisor.start(fakeSpec());
    expect(view).toMatchObject({ state: 'starting', localModelName: 'fake-model', readyAt: null });
    await waitFor('it is ready', () => supervisor.view('model-1').state === 'ready');
    expect(await supervisor.start(fakeSpec())).toMatchObject({ id: view.id, state: 'ready' });
  });

  it('rejects with the reason when there is nothing to start', async () => {
    const { supervisor } = await openSupervisor({ file: null });
    expect((await failureOf(supervisor.start(fakeSpec()))).code).toBe('not-installed');
  });

  it('ends a pause after a failure', async () => {
    const behaviour: FakeBehaviour = { exitAtOnce: 1 };
    const { supervisor } = await openSupervisor({ behaviour });
    await failureOf(supervisor.acquire(fakeSpec(), patient()));
    await waitFor('it rests', () => supervisor.view('model-1').state === 'backoff');
    delete behaviour.exitAtOnce;
    await supervisor.start(fakeSpec());
    await waitFor('it is ready', () => supervisor.view('model-1').state === 'ready');
  });
});

describe('Supervisor.sweepHealth', () => {
  it('doubts an idle engine that hangs although its port accepts connections, tries it, and stops it', async () => {
    const { supervisor } = await openSupervisor();
    (await supervisor.acquire(fakeSpec(), patient())).release();
    const pid = pidOf(supervisor);
    process.kill(pid, 'SIGSTOP');
    await supervisor.sweepHealth();
    const doubted = supervisor.view('model-1').instance;
    expect(doubted).toMatchObject({ state: 'suspect', suspicion: { cause: 'unresponsive' } });
    await waitFor('the engine is gone', () => !isAlive(pid), 40_000);
    await waitFor('the record is written', () => firstEnded(supervisor) !== undefined);
    expect(firstEnded(supervisor)?.exit?.reason).toBe('unresponsive');
  }, 60_000);

  it('leaves a healthy engine alone', async () => {
    const { supervisor } = await openSupervisor();
    (await supervisor.acquire(fakeSpec(), patient())).release();
    await supervisor.sweepHealth();
    expect(supervisor.view('model-1').state).toBe('ready');
  });
});
