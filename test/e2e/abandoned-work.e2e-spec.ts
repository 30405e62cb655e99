import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instance, LocalModel } from '../support/management-client.js';
import { sseEvents, takeEvents } from '../support/read-sse.js';
import { temporaryFolder } from '../support/start-gateway.js';
import { engineProcesses, until } from './local-engines.js';
import { TestBed } from './test-bed.js';

const fakeEngine = fileURLToPath(new URL('../support/fake-engine.mjs', import.meta.url));
/** How long an upstream may have to find out that its caller has left. */
const noticeMs = 250;
const boundMs = 3000;

const dataDir = temporaryFolder();
const journalPath = join(temporaryFolder(), 'journal');
const custom = {
  engines: {
    deaf: {
      command: process.execPath,
      args: `${fakeEngine} --profile goes-on --served-model-name {instanceId} --port {port}`
        .split(' ')
        .concat('--behaviour', JSON.stringify({ workMs: 2000, journal: journalPath })),
      modelForm: 'none',
      stopGraceMs: 1000,
      cancelsOnDisconnect: false,
      abandonedWorkMs: boundMs,
    },
  },
};
let bed: TestBed;
let model: LocalModel;
beforeAll(async () => {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, 'custom-engines.json'), JSON.stringify(custom), { mode: 0o600 });
  bed = await TestBed.open({ dataDir });
  model = await bed.admin.createLocalModel({ name: 'deaf', engine: 'custom-deaf' });
  const local = { kind: 'local', localModelId: model.id } as const;
  await bed.routeTo('deaf', [local]);
  await bed.routeTo('deaf-or-cloud', [local, bed.target('openai-chat', 'say-hello')]);
});
afterAll(async () => {
  await bed.close();
  expect(engineProcesses(dataDir)).toEqual([]);
});

const journal = (word: string): string[] => {
  const lines = existsSync(journalPath) ? readFileSync(journalPath, 'utf8').split('\n') : [];
  return lines
    .filter((line) => line.startsWith(`${word} `))
    .map((line) => line.split(' ')[1] ?? '');
};
const working = { messages: [{ role: 'user', content: 'Do WORK now' }] };

async function counts(): Promise<object | undefined> {
  const instances = await bed.admin.get<Instance[]>('/instances');
  const live = instances.find(({ state }) => state === 'ready');
  return live && { leases: live.leases, abandoned: live.abandoned };
}

/** Leaves in the middle of a stream; resolves when the engine saw its caller go. */
async function askAndLeave(): Promise<void> {
  const before = journal('left').length;
  const leaving = new AbortController();
  const signal = leaving.signal;
  const response = await bed.ask('openai-chat', 'deaf', { isStream: true, body: working, signal });
  await takeEvents(sseEvents(response), 3);
  const leftAt = Date.now();
  leaving.abort();
  await until('the engine is left', () => journal('left').length > before);
  expect(Number(journal('left').at(-1)) - leftAt).toBeLessThanOrEqual(noticeMs);
}

describe('an engine that goes on when its caller has left', () => {
  it('is sent no more than it can work on, until its bound has passed', async () => {
    await askAndLeave();
    await until('it counts as abandoned', async () => {
      return JSON.stringify(await counts()) === '{"leases":0,"abandoned":1}';
    });
    const leftAt = Date.now();
    // as when its slot is busy: whoever does not want to wait goes on to the next target, the others queue
    const impatient = { headers: { 'x-spillway-max-wait': '100ms' } };
    const spilled = await bed.ask('openai-chat', 'deaf-or-cloud', impatient);
    expect(spilled.headers.get('x-spillway-served-by')).toMatch(/^provider:/);
    const queued = await bed.ask('openai-chat', 'deaf', { body: working });
    expect(await queued.text()).toContain('engine.');
    expect(Date.now() - leftAt).toBeGreaterThan(boundMs);
    expect(journal('work')).toEqual(['1', '1']);
    expect(await counts()).toEqual({ leases: 0, abandoned: 0 });
  });

  it('need not be waited for to be stopped', async () => {
    await askAndLeave();
    const startedAt = Date.now();
    await bed.admin.call('POST', `/local-models/${model.id}/unload`);
    await until('it is gone', () => engineProcesses(dataDir).length === 0);
    expect(Date.now() - startedAt).toBeLessThan(1900);
  });
});
