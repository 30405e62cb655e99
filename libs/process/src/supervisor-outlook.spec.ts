import { describe, expect, it } from 'vitest';
import { fakeSpec } from '../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../test/open-supervisor.js';
import { failureOf, pidOf } from '../test/supervisor-checks.js';
import { waitFor } from '../test/process-checks.js';

describe('Supervisor.outlook', () => {
  it('knows nothing of the wait before the first load, and learns it from that load', async () => {
    const { supervisor } = await openSupervisor({ behaviour: { loadMs: 150 } });
    const cold = { state: 'cold', isServingNow: false, progress: null, unavailable: null };
    expect(supervisor.outlook(fakeSpec())).toEqual({ ...cold, predictedWaitMs: null });
    expect(supervisor.view('model-1').instance).toBeNull();
    (await supervisor.acquire(fakeSpec(), patient())).release();
    expect(supervisor.outlook(fakeSpec())).toMatchObject({
      state: 'ready',
      isServingNow: true,
      predictedWaitMs: 0,
    });
    await supervisor.stop('model-1');
    expect(supervisor.outlook(fakeSpec()).predictedWaitMs).toBeGreaterThan(100);
    // Another context size is another load, of which nothing is known.
    expect(supervisor.outlook(fakeSpec({ contextTokens: 8192 })).predictedWaitMs).toBeNull();
    const again = supervisor.acquire(fakeSpec(), patient());
    await waitFor('it loads', () => (supervisor.outlook(fakeSpec()).progress ?? 0) > 0);
    expect(supervisor.outlook(fakeSpec())).toMatchObject({ state: 'starting' });
    (await again).release();
  });

  it('says why a model that failed is not tried, and when it will be', async () => {
    const { supervisor } = await openSupervisor();
    const lease = await supervisor.acquire(fakeSpec(), patient());
    process.kill(pidOf(supervisor), 'SIGKILL');
    await waitFor('the pause begins', () => supervisor.view('model-1').state === 'backoff');
    const { unavailable } = supervisor.outlook(fakeSpec());
    expect(unavailable?.code).toBe('backoff');
    expect(unavailable?.retryAfterMs).toBeGreaterThan(0);
    lease.release();
  });

  const platforms = [process.platform === 'win32' ? 'linux' : 'win32'] as const;

  it('says that an engine which is not there does not run on this kind of machine either', async () => {
    const { supervisor } = await openSupervisor({ traits: { platforms }, file: null });
    const refused = await failureOf(supervisor.acquire(fakeSpec(), patient()));
    expect(refused).toMatchObject({ code: 'platform-unsupported' });
    await waitFor('it is known', () => supervisor.outlook(fakeSpec()).unavailable !== null);
    const { unavailable } = supervisor.outlook(fakeSpec());
    expect(unavailable).toMatchObject({ code: 'platform_unsupported' });
    expect(unavailable?.message).toContain('Choose another engine');
    expect(supervisor.list()).toEqual([]);
  });

  it('tries an engine that is there, wherever it is known to run', async () => {
    const { supervisor } = await openSupervisor({ traits: { platforms } });
    (await supervisor.acquire(fakeSpec(), patient())).release();
    expect(supervisor.outlook(fakeSpec()).isServingNow).toBe(true);
  });

  it('says that the program of a model is missing', async () => {
    const { supervisor } = await openSupervisor({ file: null });
    await failureOf(supervisor.acquire(fakeSpec(), patient()));
    await waitFor('it is known', () => supervisor.outlook(fakeSpec()).unavailable !== null);
    expect(supervisor.outlook(fakeSpec()).unavailable?.code).toBe('not_installed');
  });
});
