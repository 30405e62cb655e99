import { describe, expect, it } from 'vitest';
import { fakeSpec } from '../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../test/open-supervisor.js';
import { failureOf } from '../test/supervisor-checks.js';

const spec = fakeSpec({ parallelSlots: 2 });

describe('Supervisor with an engine that goes on for callers who have left', () => {
  const traits = { cancelsOnDisconnect: false };

  it('gives it no more requests than it works on, and the next when one ends', async () => {
    const { supervisor } = await openSupervisor({ traits });
    const first = await supervisor.acquire(spec, patient());
    const second = await supervisor.acquire(spec, patient());
    expect(second.instanceId).toBe(first.instanceId);
    expect(supervisor.outlook(spec).isServingNow).toBe(false);
    let isServed = false;
    const waiting = supervisor.acquire(spec, patient()).then((lease) => {
      isServed = true;
      return lease;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isServed).toBe(false);
    first.release();
    const third = await waiting;
    expect(third.instanceId).toBe(second.instanceId);
    for (const lease of [second, third]) lease.release();
    expect(supervisor.outlook(spec).isServingNow).toBe(true);
  });

  it('has a limit of its own where its preset says so, and lets those who wait leave', async () => {
    const { supervisor } = await openSupervisor({
      traits: { ...traits, maxConcurrentRequests: 1 },
    });
    const only = await supervisor.acquire(spec, patient());
    const left = await failureOf(supervisor.acquire(spec, patient(30)));
    expect(left.code).toBe('wait-exceeded');
    only.release();
    (await supervisor.acquire(spec, patient())).release();
  });

  it('says when to come again where too many wait already', async () => {
    const { supervisor } = await openSupervisor({ traits }, { maxQueue: 1 });
    const narrow = { ...spec, parallelSlots: 1 };
    const first = await supervisor.acquire(narrow, patient());
    await new Promise((resolve) => setTimeout(resolve, 1200));
    first.release();
    const held = await supervisor.acquire(narrow, patient());
    const waiting = supervisor.acquire(narrow, patient());
    expect(supervisor.outlook(narrow).unavailable?.code).toBe('queue_full');
    const refused = await failureOf(supervisor.acquire(narrow, patient()));
    expect(refused.code).toBe('queue-full');
    // Two requests are ahead, and the last one took more than a second.
    expect(refused.retryAfterMs).toBeGreaterThan(2000);
    held.release();
    (await waiting).release();
  });

  it('turns away who waits for it when it is stopped', async () => {
    const { supervisor } = await openSupervisor({ traits });
    const narrow = { ...spec, parallelSlots: 1 };
    const held = await supervisor.acquire(narrow, patient());
    const waiting = failureOf(supervisor.acquire(narrow, patient()));
    const stopped = supervisor.stop(narrow.id);
    expect((await waiting).code).toBe('start-failed');
    held.release();
    await stopped;
    expect(supervisor.view(narrow.id).state).toBe('cold');
  });
});
