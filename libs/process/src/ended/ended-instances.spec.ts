import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakePreset, fakeSpec } from '../../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../../test/open-supervisor.js';
import { temporaryFolder } from '../../test/process-checks.js';
import { LogRing } from '../child/log-ring.js';
import type { InstanceView } from '../instance-view.js';
import { EndedInstances } from './ended-instances.js';

const exit = { code: 1, signal: null, reason: 'crashed', message: 'It crashed.', lastLines: [] };

function ended(id: string, endedAt: number, texts: readonly string[] = ['last words']) {
  const log = new LogRing(() => endedAt);
  for (const text of texts) log.push('stderr', text);
  const view = { id, localModelName: 'm', startedAt: 0, endedAt, exit } as unknown as InstanceView;
  return { id, log, view: () => view };
}

async function reopened(dataDir: string): Promise<EndedInstances> {
  return EndedInstances.open(dataDir);
}

describe('EndedInstances', () => {
  it('gives back after a restart what ended, with its exit and last lines under their numbers', async () => {
    const dataDir = temporaryFolder();
    const store = await EndedInstances.open(dataDir);
    store.add(ended('sw-1', 1000, ['first', 'last']));
    store.add(ended('sw-2', 2000));
    await store.flush();
    const { found } = await reopened(dataDir);
    expect(found.map(({ id }) => id)).toEqual(['sw-2', 'sw-1']);
    expect(found[1]?.view().exit).toEqual({ ...exit, lastLines: ['first', 'last'] });
    expect(found[1]?.log.since(1)).toEqual([{ seq: 2, at: 1000, stream: 'stderr', text: 'last' }]);
    const path = join(dataDir, 'ended', 'sw-1.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('keeps the newest so many, on the disk too', async () => {
    const dataDir = temporaryFolder();
    const store = await EndedInstances.open(dataDir, 2);
    for (const number of [1, 2, 3]) store.add(ended(`sw-${number}`, number));
    await store.flush();
    expect(readdirSync(join(dataDir, 'ended')).sort()).toEqual(['sw-2.json', 'sw-3.json']);
    await EndedInstances.open(dataDir, 1);
    expect(readdirSync(join(dataDir, 'ended'))).toEqual(['sw-3.json']);
  });

  it('keeps as many of the last lines as fit, whatever is in them', async () => {
    const dataDir = temporaryFolder();
    const store = await EndedInstances.open(dataDir);
    store.add(
      ended(
        'sw-1',
        1,
        Array.from({ length: 400 }, (_, n) => `\u{1f30d}"${n} `.repeat(90)),
      ),
    );
    await store.flush();
    expect(statSync(join(dataDir, 'ended', 'sw-1.json')).size).toBeLessThan(64 * 1024);
    const [instance] = (await reopened(dataDir)).found;
    expect(instance?.log.lastSeq).toBe(400);
    expect(instance?.log.since().length).toBeGreaterThan(10);
  });

  it.each([
    ['no JSON', '{'],
    ['no instance', '{"view":{},"lines":[]}'],
    [
      'lines that do not follow each other',
      {
        lines: [
          { seq: 1, text: 'a' },
          { seq: 3, text: 'b' },
        ],
      },
    ],
    ['lines that are none', { lines: [null] }],
    ['another id than its name says', { id: 'sw-9' }],
    ['too many bytes', { filler: 'x'.repeat(70_000) }],
  ])('removes a file with %s', async (_, content) => {
    const dataDir = temporaryFolder();
    mkdirSync(join(dataDir, 'ended'));
    const {
      id = 'sw-1',
      lines = [],
      ...rest
    } = typeof content === 'string' ? {} : (content as { id?: string; lines?: unknown[] });
    const view = { id, localModelName: 'm', startedAt: 0, endedAt: 1, exit };
    const text = typeof content === 'string' ? content : JSON.stringify({ view, lines, ...rest });
    writeFileSync(join(dataDir, 'ended', 'sw-1.json'), text);
    expect((await reopened(dataDir)).found).toEqual([]);
    expect(readdirSync(join(dataDir, 'ended'))).toEqual([]);
  });
});

describe('a supervisor', () => {
  it('still lists, after a restart, what ended before, and says why in words', async () => {
    const dataDir = temporaryFolder();
    const behaviour = { print: ['hello'], exitAtOnce: 3 };
    const first = await openSupervisor({ behaviour }, { dataDir });
    await expect(first.supervisor.acquire(fakeSpec(), patient())).rejects.toThrow();
    await first.supervisor.close();
    const [before] = first.supervisor.list();
    const second = await openSupervisor({}, { dataDir, engines: [createFakePreset()] });
    const [view] = second.supervisor.list();
    expect(view).toMatchObject({ id: before?.id, state: 'failed', pid: before?.pid });
    expect(view?.exit).toMatchObject({ code: 3, signal: null, lastLines: ['hello'] });
    expect(view?.exit?.message).toMatch(/^The engine .*\.$/);
    const texts = second.supervisor
      .log(view?.id ?? '')
      ?.since()
      .map(({ text }) => text);
    expect(texts).toEqual(['hello']);
  });
});
