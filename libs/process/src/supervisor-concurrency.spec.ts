import { describe, expect, it } from 'vitest';
import { fakeSpec } from '../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../test/open-supervisor.js';
import { failureOf } from '../test/supervisor-checks.js';
import type { Lease } from './lease.js';
import type { Supervisor } from './supervisor.js';

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

describe('Supervisor with callers that leave in the middle of an answer', () => {
  const traits = { cancelsOnDisconnect: false, abandonedWorkMs: 60_000 };
  const telling = {
    ...traits,
    metrics: [
      {
        form: 'prometheus',
        path: '/metrics',
        figures: { requestsRunning: ['fake:running'] },
      } as const,
    ],
  };
  const narrow = { ...spec, parallelSlots: 1 };

  /** Sends a request that takes 600 ms, and leaves after 100. */
  async function askAndLeave(supervisor: Supervisor): Promise<Lease> {
    const lease = await supervisor.acquire(narrow, patient());
    const asking = fetch(`${lease.origin}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ messages: [] }),
      signal: AbortSignal.timeout(100),
    });
    await expect(asking).rejects.toThrow();
    lease.reportAbandoned();
    lease.release();
    return lease;
  }
  const standing = (supervisor: Supervisor) => {
    const { leases, abandoned } = supervisor.view(narrow.id).instance ?? {};
    return { leases, abandoned, isServingNow: supervisor.outlook(narrow).isServingNow };
  };
  const behaviour = { workMs: 600, goesOn: true };

  it('gives the slot to the next when the engine tells that it has done the work', async () => {
    const { supervisor } = await openSupervisor({ traits: telling, behaviour });
    await askAndLeave(supervisor);
    expect(standing(supervisor)).toEqual({ leases: 0, abandoned: 1, isServingNow: false });
    const impatient = await failureOf(supervisor.acquire(narrow, patient(20)));
    expect(impatient.code).toBe('wait-exceeded');
    const next = await supervisor.acquire(narrow, patient());
    const figures = await (await fetch(`${next.origin}/metrics`)).text();
    expect(figures).toBe('fake:running 0\n');
    next.release();
    expect(standing(supervisor)).toEqual({ leases: 0, abandoned: 0, isServingNow: true });
  });

  it('waits for its bound where the engine does not tell, and ends that work by a stop', async () => {
    const bound = { ...traits, abandonedWorkMs: 900 };
    const { supervisor } = await openSupervisor({ traits: bound, behaviour });
    await askAndLeave(supervisor);
    const startedAt = performance.now();
    (await supervisor.acquire(narrow, patient())).release();
    expect(performance.now() - startedAt).toBeGreaterThan(800);
    await askAndLeave(supervisor);
    await supervisor.stop(narrow.id);
    expect(supervisor.view(narrow.id)).toMatchObject({ state: 'cold', instance: null });
  });

  it('frees the slot at once where the engine stops with its caller', async () => {
    const { supervisor } = await openSupervisor({
      traits: { cancelsOnDisconnect: true },
      behaviour: { workMs: 600 },
    });
    await askAndLeave(supervisor);
    expect(standing(supervisor)).toEqual({ leases: 0, abandoned: 0, isServingNow: true });
  });
});
