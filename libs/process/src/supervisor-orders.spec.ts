import { describe, expect, it } from 'vitest';
import { fakeGauge } from '../test/fake-gauge.js';
import { fakeSpec } from '../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../test/open-supervisor.js';
import { waitFor } from '../test/process-checks.js';
import { failureOf, pidOf } from '../test/supervisor-checks.js';
import type { LocalModelSpec } from './local-model-spec.js';
import type { Supervisor } from './supervisor.js';

const GIB = 1024 ** 3;
const roomyGauge = fakeGauge({ ram: 16 * GIB });
const memory = { memoryBudget: { ram: 10 * GIB }, memoryGauge: roomyGauge };
const spec = fakeSpec({ memoryBytes: GIB, revision: 1 });

async function use(supervisor: Supervisor, used: LocalModelSpec): Promise<string> {
  const lease = await supervisor.acquire(used, patient());
  lease.release();
  return lease.instanceId;
}

const stateOf = (supervisor: Supervisor, id = 'model-1'): string => supervisor.view(id).state;

describe('Supervisor.configure', () => {
  it('takes over what concerns the supervision without touching the engine', async () => {
    const { supervisor } = await openSupervisor({}, memory);
    await use(supervisor, spec);
    const pid = pidOf(supervisor);
    const changed: LocalModelSpec = {
      ...spec,
      name: 'renamed',
      isPinned: true,
      keepWeight: 9,
      memoryBytes: 2 * GIB,
      exclusiveGroup: 'one',
      abandoned: 'finish',
      minResidencyMs: 60_000,
      evictBusyAfterMs: 5000,
      idleStopMs: 50,
      revision: 2,
    };
    supervisor.configure(changed);
    expect(supervisor.memoryUse().pools[0]?.reservedBytes).toBe(2 * GIB);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([stateOf(supervisor), pidOf(supervisor)]).toEqual(['ready', pid]);
    supervisor.configure({ ...changed, isPinned: false, revision: 3 });
    await waitFor('it is stopped for being idle', () => stateOf(supervisor) === 'cold');
  });

  it('lets a model stay for as long as it is set to, from the moment it is set', async () => {
    const { supervisor } = await openSupervisor({}, { ...memory, turns: { minResidencyMs: 0 } });
    const large = { ...spec, memoryBytes: 6 * GIB, minResidencyMs: 60_000 };
    const other = { ...large, id: 'other', name: 'other', minResidencyMs: null };
    await use(supervisor, large);
    const pid = pidOf(supervisor);
    const tooEarly = await failureOf(supervisor.acquire(other, patient(200)));
    expect([tooEarly.code, pidOf(supervisor)]).toEqual(['wait-exceeded', pid]);
    const waiting = use(supervisor, other);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([stateOf(supervisor, 'other'), pidOf(supervisor)]).toEqual(['queued', pid]);
    supervisor.configure({ ...large, minResidencyMs: 0, revision: 2 });
    await waiting;
    expect([stateOf(supervisor, 'other'), stateOf(supervisor)]).toEqual(['ready', 'cold']);
  });

  it('replaces the engine for another command line, and nothing old undoes that', async () => {
    const { supervisor } = await openSupervisor({}, memory);
    const before = await use(supervisor, spec);
    const changed = { ...spec, contextTokens: 4096, revision: 2 };
    supervisor.configure(changed);
    await waitFor('the new one serves', async () => (await use(supervisor, changed)) !== before);
    const after = await use(supervisor, changed);
    expect(await use(supervisor, spec)).toBe(after);
    expect(await use(supervisor, spec)).toBe(after);
  });

  it('heeds an exclusive group that was set while its models ran', async () => {
    const { supervisor } = await openSupervisor({}, { ...memory, turns: { minResidencyMs: 0 } });
    const other = { ...spec, id: 'other', name: 'other', exclusiveGroup: 'one' };
    await use(supervisor, spec);
    supervisor.configure({ ...spec, exclusiveGroup: 'one', revision: 2 });
    await use(supervisor, other);
    expect([stateOf(supervisor, 'other'), stateOf(supervisor)]).toEqual(['ready', 'cold']);
  });
});

describe('a disabled model', () => {
  it('is refused, also to a request that holds older settings', async () => {
    const { supervisor } = await openSupervisor({}, memory);
    await use(supervisor, spec);
    const disabled = { ...spec, isEnabled: false, revision: 2 };
    supervisor.configure(disabled);
    supervisor.unload(spec.id);
    for (const each of [disabled, spec]) {
      expect(await failureOf(supervisor.acquire(each, patient()))).toMatchObject({
        code: 'disabled',
        message: expect.stringContaining('Enable it') as string,
      });
    }
    expect(supervisor.outlook(disabled)).toMatchObject({
      isServingNow: false,
      unavailable: { code: 'disabled' },
    });
    await waitFor('it is gone', () => stateOf(supervisor) === 'cold');
    await use(supervisor, { ...spec, revision: 3 });
  });
});

describe('Supervisor.pauseLoading', () => {
  it('loads nothing, and lets what is loaded serve', async () => {
    const { supervisor } = await openSupervisor({}, memory);
    const other = { ...spec, id: 'other', name: 'other' };
    const first = await use(supervisor, spec);
    supervisor.pauseLoading(true);
    expect(await use(supervisor, spec)).toBe(first);
    expect(supervisor.outlook(spec).isServingNow).toBe(true);
    expect(supervisor.outlook(other).unavailable?.code).toBe('resource_paused');
    expect((await failureOf(supervisor.acquire(other, patient()))).code).toBe('paused');
    expect((await failureOf(supervisor.start(other))).code).toBe('paused');
    const changed = { ...spec, contextTokens: 4096, revision: 2 };
    supervisor.configure(changed);
    expect(await use(supervisor, changed)).toBe(first);
    supervisor.pauseLoading(false);
    await use(supervisor, other);
    await waitFor('the new one serves', async () => (await use(supervisor, changed)) !== first);
  });
});

describe('Supervisor.unload', () => {
  it('waits for those being served, and says so by the state', async () => {
    const { supervisor } = await openSupervisor({}, { ...memory, drainMs: 50 });
    supervisor.unload(spec.id);
    const lease = await supervisor.acquire(spec, patient());
    supervisor.unload(spec.id);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([stateOf(supervisor), lease.lost.aborted]).toEqual(['draining', false]);
    lease.release();
    await waitFor('it is gone', () => stateOf(supervisor) === 'cold');
  });
});

describe('Supervisor.memoryUse', () => {
  it('tells the budget, what is reserved of it, and for whom', async () => {
    const { supervisor } = await openSupervisor({}, memory);
    await use(supervisor, spec);
    supervisor.changeMemoryBudget({ ram: 4 * GIB });
    expect(supervisor.memoryUse()).toEqual({
      pools: [{ pool: 'ram', budgetBytes: 4 * GIB, reservedBytes: GIB, freeBytes: 16 * GIB }],
      models: [{ localModelId: 'model-1', bytes: { ram: GIB } }],
    });
  });
});
