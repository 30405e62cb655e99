import { delimiter } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel, ManagementError } from '../support/management-client.js';
import { EnginePrograms, scriptedEngines } from './engine-programs.js';
import { expectError } from './error-shape.js';
import { engineProcesses, LocalEngines, until, type EngineBehaviour } from './local-engines.js';
import { TestBed } from './test-bed.js';

const MIB = 1024 ** 2;
const engines = new LocalEngines();
const programs = new EnginePrograms();
const env = {
  ...programs.env,
  ...engines.env,
  SPILLWAY_MODEL_DIRS: [engines.folder, programs.models].join(delimiter),
};

interface Supervised extends LocalModel {
  readonly isPinned: boolean;
  readonly commands: readonly string[];
}

interface LocalResources {
  readonly memoryBudgetBytes: number | null;
  readonly isPaused: boolean;
  readonly pools: readonly {
    readonly pool: string;
    readonly budgetBytes: number;
    readonly reservedBytes: number;
    readonly freeBytes: number | null;
  }[];
  readonly models: readonly { readonly localModelId: string }[];
}

let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open({ env });
});
afterAll(async () => {
  await bed.close();
  expect(engineProcesses(bed.gateway.dataDir)).toEqual([]);
});

const read = ({ id }: LocalModel): Promise<Supervised> => bed.admin.get(`/local-models/${id}`);
const stateOf = async (model: LocalModel): Promise<string> => (await read(model)).state;
const untilState = (model: LocalModel, state: string): Promise<void> =>
  until(`it is ${state}`, async () => (await stateOf(model)) === state);
const order = ({ id }: LocalModel, command: string): Promise<Supervised> =>
  bed.admin.call('POST', `/local-models/${id}/${command}`);
const set = (model: LocalModel, fields: object): Promise<Supervised> =>
  bed.admin.update('local-models', model.id, fields);
const refusalOf = async ({ id }: LocalModel, command: string): Promise<[number, string]> => {
  const { status, body } = await bed.admin.send<ManagementError>(
    'POST',
    `/local-models/${id}/${command}`,
  );
  return [status, body.error.message];
};
const resources = (fields?: object): Promise<LocalResources> =>
  fields === undefined
    ? bed.admin.get('/local-resources')
    : bed.admin.call('PUT', '/local-resources', fields);
const servedBy = (response: Response): string | null =>
  response.headers.get('x-spillway-served-by');
const fallback = (response: Response): string | null => response.headers.get('x-spillway-fallback');

/** A loaded model, and a route to it that may spill over. */
async function loaded(
  name: string,
  behaviour: EngineBehaviour = {},
  fields: object = {},
): Promise<{ model: LocalModel; route: string }> {
  const model = await engines.addModel(bed, name, behaviour, fields);
  const cloud = bed.target('openai-chat', 'say-hello');
  const targets = [{ kind: 'local' as const, localModelId: model.id }, cloud];
  const { name: route } = await bed.admin.createRoute({ name: `${name}-or-cloud`, targets });
  expect((await bed.ask('openai-chat', name)).status).toBe(200);
  return { model, route };
}

describe('a change of settings', () => {
  it('leaves the engine alone where only its supervision changes', async () => {
    const { model } = await loaded('kept', {}, { idleStopMs: 600 });
    const settings = {
      isPinned: true,
      keepWeight: 4,
      memoryBytes: 32 * MIB,
      exclusiveGroup: 'kept-alone',
      whenAbandoned: 'finish',
      minResidencyMs: 30_000,
      evictBusyAfterMs: 1_000,
      capabilities: { takesTopK: false },
    };
    expect(await set(model, settings)).toMatchObject({ ...settings, state: 'ready' });
    const { models } = await resources();
    expect(models).toContainEqual({ localModelId: model.id, bytes: { ram: 32 * MIB } });
    // pinned, it outlives its idle time
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect((await bed.ask('openai-chat', 'kept')).status).toBe(200);
    expect(engines.journal('kept', 'start')).toHaveLength(1);
    await order(model, 'unpin');
    await untilState(model, 'cold');
  });

  it('replaces the engine where its command line changes, without losing a request', async () => {
    const { model } = await loaded('replaced', { loadMs: 300, wordMs: 50 });
    const running = bed.ask('openai-chat', 'replaced');
    await set(model, { contextTokens: 4_096, parallelSlots: 2 });
    const during = await bed.ask('openai-chat', 'replaced');
    expect([(await running).status, during.status]).toEqual([200, 200]);
    await until('the new one was started', async () => {
      await bed.ask('openai-chat', 'replaced');
      return engines.journal('replaced', 'start').length === 2;
    });
    await until('the old one is gone', () => {
      const [old] = engines.journal('replaced', 'start');
      return !engineProcesses(bed.gateway.dataDir).includes(Number(old));
    });
    expect((await bed.ask('openai-chat', 'replaced')).status).toBe(200);
    expect(engines.journal('replaced', 'start')).toHaveLength(2);
  });

  it('cannot bring in a program, its arguments or its environment', async () => {
    const { model } = await loaded('closed');
    for (const field of ['command', 'executable', 'args', 'env', 'extraArgs']) {
      const { status } = await bed.admin.send('PUT', `/local-models/${model.id}`, { [field]: 'x' });
      expect([field, status]).toEqual([field, 400]);
    }
  });

  it('keeps the members of an exclusive group apart', async () => {
    const one = await engines.addModel(bed, 'group-a', {}, { exclusiveGroup: 'only-one' });
    const other = await engines.addModel(bed, 'group-b', {}, { exclusiveGroup: 'only-one' });
    await order(one, 'warm');
    await untilState(one, 'ready');
    await set(one, { isPinned: true });
    await expectError(
      'openai-chat',
      await bed.ask('openai-chat', 'group-b'),
      'engine_out_of_memory',
    );
    expect(await stateOf(other)).toBe('cold');
    await order(one, 'stop');
    expect((await bed.ask('openai-chat', 'group-b')).status).toBe(200);
  });
});

describe('a command', () => {
  it('loads without a request, restarts, unloads when idle, and may be given twice', async () => {
    const model = await engines.addModel(bed, 'commanded', { wordMs: 400 });
    expect((await read(model)).commands).toEqual(['start', 'warm', 'pin']);
    for (const _ of [1, 2]) {
      expect(['queued', 'starting', 'ready']).toContain((await order(model, 'warm')).state);
    }
    await untilState(model, 'ready');
    expect(engines.journal('commanded', 'prompt')).toEqual([]);
    await order(model, 'restart');
    await untilState(model, 'ready');
    expect(engines.journal('commanded', 'start')).toHaveLength(2);
    const served = bed.ask('openai-chat', 'commanded');
    await until('it is busy', () => engines.journal('commanded', 'prompt').length === 1);
    for (const _ of [1, 2]) expect((await order(model, 'unload')).state).toBe('draining');
    expect((await served).status).toBe(200);
    await untilState(model, 'cold');
    expect((await order(model, 'unload')).state).toBe('cold');
    expect((await order(model, 'stop')).state).toBe('cold');
  });

  it('pins for good: also after a restart of the gateway', async () => {
    const model = await engines.addModel(bed, 'pinned');
    expect(await order(model, 'pin')).toMatchObject({ isPinned: true });
    expect((await order(model, 'pin')).commands).toContain('unpin');
    await bed.resume(await bed.gateway.restart());
    expect(await read(model)).toMatchObject({ isPinned: true });
    expect(await order(model, 'unpin')).toMatchObject({ isPinned: false });
  });

  it('lets an engine sleep that can, and wakes it', async () => {
    const vllm = scriptedEngines.find(({ engine }) => engine === 'vllm');
    const fields = { ...programs.fieldsOf(vllm!), isSleepEnabled: true };
    const model = await bed.admin.createLocalModel(fields);
    const route = await bed.routeTo('drowsy', [{ kind: 'local', localModelId: model.id }]);
    expect(await refusalOf(model, 'wake')).toEqual([409, expect.stringContaining('`warm`')]);
    await order(model, 'warm');
    await untilState(model, 'ready');
    for (const _ of [1, 2]) expect((await order(model, 'sleep')).state).toBe('sleeping');
    await until('it was told to', () =>
      programs.journal().some((line) => line.startsWith('sleep ')),
    );
    await order(model, 'wake');
    await untilState(model, 'ready');
    await order(model, 'sleep');
    expect((await bed.ask('openai-chat', route)).status).toBe(200);
    const words = programs.journal().map((line) => line.split(' ')[0]);
    expect(words.filter((word) => word === 'start')).toHaveLength(1);
    expect(words.filter((word) => word === 'wake_up')).toHaveLength(2);
    await order(model, 'stop');
  });

  it('is refused in words where it cannot be carried out, and by those who may only read', async () => {
    const { model } = await loaded('refusing');
    expect(await refusalOf(model, 'sleep')).toEqual([409, expect.stringContaining('unload')]);
    expect((await refusalOf(model, 'explode'))[0]).toBe(404);
    const attached = await bed.localTarget('say-hello');
    const id = attached.kind === 'local' ? attached.localModelId : '';
    const theirs = await bed.admin.get<LocalModel>(`/local-models/${id}`);
    expect(await refusalOf(theirs, 'restart')).toEqual([409, expect.stringContaining('not start')]);
    const stranger = await fetch(`${bed.gateway.origin}/api/local-models/${model.id}/stop`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bed.key}` },
    });
    expect(stranger.status).toBe(401);
    expect(await stateOf(model)).toBe('ready');
  });
});

describe('a disabled model', () => {
  it('finishes what it serves, and is passed over with its reason', async () => {
    const { model, route } = await loaded('off', { wordMs: 100 });
    const running = bed.ask('openai-chat', 'off');
    await until('it is busy', () => engines.journal('off', 'prompt').length === 2);
    await set(model, { isEnabled: false });
    const spilled = await bed.ask('openai-chat', route);
    expect([servedBy(spilled), fallback(spilled)]).toEqual([
      'provider:fake-openai-chat/say-hello',
      'disabled',
    ]);
    expect(await bed.logOf(spilled)).toMatchObject({
      fallbackReason: 'disabled',
      attempts: [{ reasonCode: 'disabled', outcome: 'skipped' }, { outcome: 'completed' }],
    });
    expect((await running).status).toBe(200);
    await untilState(model, 'cold');
    const refused = await bed.ask('anthropic-messages', 'off');
    expect(await expectError('anthropic-messages', refused, 'engine_disabled')).toMatch(/Enable/);
    expect((await bed.logOf(refused)).attempts[0]?.reasonCode).toBe('disabled');
    expect((await refusalOf(model, 'warm'))[0]).toBe(409);
    await set(model, { isEnabled: true });
    expect(servedBy(await bed.ask('openai-chat', route))).toBe('local:off');
  });
});

describe('paused loading', () => {
  it('leaves loaded models serving, and others are passed over with the reason', async () => {
    const { route: readyRoute } = await loaded('awake');
    const { model, route } = await loaded('resting');
    await order(model, 'stop');
    expect(await resources({ isPaused: true })).toMatchObject({ isPaused: true });
    expect(servedBy(await bed.ask('openai-chat', readyRoute))).toBe('local:awake');
    const spilled = await bed.ask('openai-chat', route);
    expect([servedBy(spilled), fallback(spilled)]).toEqual([
      'provider:fake-openai-chat/say-hello',
      'resource_paused',
    ]);
    expect(await bed.logOf(spilled)).toMatchObject({
      fallbackReason: 'resource_paused',
      attempts: [{ reasonCode: 'resource_paused' }, {}],
    });
    const refused = await bed.ask('openai-chat', 'resting');
    await expectError('openai-chat', refused, 'engine_paused');
    expect(await refusalOf(model, 'warm')).toEqual([409, expect.stringContaining('paused')]);
    await bed.resume(await bed.gateway.restart());
    expect((await bed.ask('openai-chat', 'resting')).status).toBe(503);
    await resources({ isPaused: false });
    expect(servedBy(await bed.ask('openai-chat', route))).toBe('local:resting');
  });
});

describe('the memory budget', () => {
  it('is read, changed while models run, kept, and given back', async () => {
    const { model } = await loaded('sized', {}, { memoryBytes: 200 * MIB });
    const [before] = (await resources()).pools;
    expect(before).toMatchObject({ pool: 'ram' });
    expect(before?.reservedBytes).toBeGreaterThanOrEqual(200 * MIB);
    const changed = await resources({ memoryBudgetBytes: 100 * MIB });
    expect(changed.pools[0]).toMatchObject({ budgetBytes: 100 * MIB });
    await untilState(model, 'cold');
    const refused = await bed.ask('openai-chat', 'sized');
    expect(await expectError('openai-chat', refused, 'engine_out_of_memory')).toMatch(/budget/);
    await bed.resume(await bed.gateway.restart());
    expect(await resources()).toMatchObject({
      memoryBudgetBytes: 100 * MIB,
      pools: [{ budgetBytes: 100 * MIB }],
    });
    const given = await resources({ memoryBudgetBytes: null });
    expect(given.pools[0]?.budgetBytes).toBe(before?.budgetBytes);
    expect((await bed.ask('openai-chat', 'sized')).status).toBe(200);
  });

  it('is refused in words where it makes no sense', async () => {
    for (const memoryBudgetBytes of [0, -1, 1.5, '8 GB', 2 ** 60]) {
      const { status, body } = await bed.admin.send('PUT', '/local-resources', {
        memoryBudgetBytes,
      });
      expect([status, body.error.details?.[0]?.path]).toEqual([400, 'memoryBudgetBytes']);
    }
  });
});
