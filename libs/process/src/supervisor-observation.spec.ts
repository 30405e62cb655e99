import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeSpec } from '../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../test/open-supervisor.js';
import { pidOf } from '../test/supervisor-checks.js';

describe('Supervisor as an observer', () => {
  it('shows the figures of a live engine and keeps its log after its end', async () => {
    const { supervisor } = await openSupervisor({ behaviour: { print: ['first', 'second'] } });
    const states: string[] = [];
    const stopWatching = supervisor.onChange(({ state }) => states.push(state));
    (await supervisor.acquire(fakeSpec(), patient())).release();
    const [view] = supervisor.list();
    if (view === undefined) throw new Error('No instance is listed.');
    expect(view.rssBytes).toBeGreaterThan(1_000_000);
    expect(view.readyAt).toBeGreaterThanOrEqual(view.startedAt);
    await supervisor.stop('model-1');
    expect(
      supervisor
        .log(view.id)
        ?.since()
        .map(({ text }) => text),
    ).toEqual(['first', 'second']);
    expect(
      supervisor
        .log(view.id)
        ?.since(1)
        .map(({ seq }) => seq),
    ).toEqual([2]);
    expect(states).toEqual(['starting', 'ready', 'stopping', 'stopped']);
    stopWatching();
  });

  it('does not stop reading an engine that floods its output', async () => {
    const { supervisor } = await openSupervisor({ behaviour: { floodBytes: 20_000_000 } });
    const lease = await supervisor.acquire(fakeSpec(), patient(30_000));
    const lines = supervisor.log(lease.instanceId)?.since() ?? [];
    expect(lines.length).toBeLessThanOrEqual(2000);
    expect(lines.at(-1)?.text).toBe('flood done');
    lease.release();
  }, 30_000);

  it('keeps the head of a line that never ends', async () => {
    const { supervisor } = await openSupervisor({ behaviour: { endlessLineBytes: 3_000_000 } });
    const lease = await supervisor.acquire(fakeSpec(), patient());
    const lines = (supervisor.log(lease.instanceId)?.since() ?? []).map(({ text }) => text);
    expect(lines).toEqual([`${'x'.repeat(8192)} … [line cut]`, 'line done']);
    lease.release();
  });

  it('gives engines an allow-listed environment with their marker', async () => {
    const environment = {
      PATH: '/usr/bin:/bin',
      CUDA_VISIBLE_DEVICES: '0',
      OPENAI_API_KEY: 'sk-secret',
      LLAMA_API_KEY: 'secret',
      DATABASE_URL: 'postgres://secret',
    };
    const { supervisor } = await openSupervisor(
      { behaviour: { printEnvironment: true } },
      { environment },
    );
    const lease = await supervisor.acquire(fakeSpec(), patient());
    const [line] = supervisor.log(lease.instanceId)?.since() ?? [];
    expect(JSON.parse(line?.text.replace('environment ', '') ?? '')).toEqual({
      PATH: '/usr/bin:/bin',
      CUDA_VISIBLE_DEVICES: '0',
      SPILLWAY_INSTANCE: lease.instanceId,
    });
    lease.release();
  });

  it('records each engine in a file only its user may read, until the engine is gone', async () => {
    const { supervisor, dataDir } = await openSupervisor();
    const lease = await supervisor.acquire(fakeSpec(), patient());
    const path = join(dataDir, 'instances', `${lease.instanceId}.json`);
    const pid = pidOf(supervisor);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pgid: pid, leader: { pid } });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    lease.release();
    await supervisor.stop('model-1');
    expect(readdirSync(join(dataDir, 'instances'))).toEqual([]);
  });
});
