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

  it('says before any start that an engine does not run on this kind of machine', async () => {
    const platforms = [process.platform === 'win32' ? 'linux' : 'win32'] as const;
    const { supervisor } = await openSupervisor({ traits: { platforms } });
    const { unavailable } = supervisor.outlook(fakeSpec());
    expect(unavailable).toMatchObject({ code: 'platform_unsupported', retryAfterMs: null });
    const refused = await failureOf(supervisor.acquire(fakeSpec(), patient()));
    expect(refused).toMatchObject({ code: 'platform-unsupported', message: unavailable?.message });
    expect(supervisor.list()).toEqual([]);
  });

  it('says that the program of a model is missing', async () => {
    const { supervisor } = await openSupervisor({ file: null });
    await failureOf(supervisor.acquire(fakeSpec(), patient()));
    await waitFor('it is known', () => supervisor.outlook(fakeSpec()).unavailable !== null);
    expect(supervisor.outlook(fakeSpec()).unavailable?.code).toBe('not_installed');
  });
});
