import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeGauge } from '../test/fake-gauge.js';
import { fakeSpec } from '../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../test/open-supervisor.js';
import { temporaryFolder, waitFor } from '../test/process-checks.js';
import { failureOf, journalLines } from '../test/supervisor-checks.js';
import type { Supervisor } from './supervisor.js';

const GIB = 1024 ** 3;
const roomyGauge = fakeGauge({ ram: 16 * GIB });
const memory = { memoryBudget: { ram: 10 * GIB }, memoryGauge: roomyGauge };

const modelNamed = (name: string, changes: Parameters<typeof fakeSpec>[0] = {}) =>
  fakeSpec({ id: name, name, memoryBytes: 6 * GIB, ...changes });
const big = modelNamed('big');
const other = modelNamed('other');

async function ask(supervisor: Supervisor, spec: typeof big): Promise<string> {
  const lease = await supervisor.acquire(spec, patient(30_000));
  const answer = await fetch(`${lease.origin}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [], stream: true }),
  });
  const text = await answer.text();
  lease.release();
  return text;
}

describe('Supervisor on a machine with graphics cards', () => {
  const traits = { memory: { cards: ['nvidia'], split: 'layers', fixedShare: null } } as const;
  const cards = fakeGauge({ ram: 16 * GIB, gpu0: 8 * GIB, gpu1: 8 * GIB });
  const fake = { traits, behaviour: { printEnvironment: true } };

  const cardOf = (supervisor: Supervisor, instanceId: string): string | undefined => {
    const lines = (supervisor.log(instanceId)?.since() ?? []).map(({ text }) => text);
    return /"?CUDA_VISIBLE_DEVICES"?[=:]\s?"?([\d,-]+)/.exec(lines.join('\n'))?.[1];
  };

  it('gives each model the card it was promised, and no other', async () => {
    const { supervisor } = await openSupervisor(fake, { memoryGauge: cards });
    const first = await supervisor.acquire(big, patient());
    const second = await supervisor.acquire(other, patient());
    expect(cardOf(supervisor, first.instanceId)).toBe('0');
    expect(cardOf(supervisor, second.instanceId)).toBe('1');
    expect(supervisor.memoryUse().pools.map(({ reservedBytes }) => reservedBytes / GIB)).toEqual([
      0, 6, 6,
    ]);
    for (const lease of [first, second]) lease.release();
  });

  it('spreads a model over both where neither holds it', async () => {
    const { supervisor } = await openSupervisor(fake, { memoryGauge: cards });
    const wide = modelNamed('wide', { memoryBytes: 12 * GIB });
    const lease = await supervisor.acquire(wide, patient());
    expect(cardOf(supervisor, lease.instanceId)).toBe('0,1');
    lease.release();
  });

  it('knows a budget for each pool', async () => {
    const options = { memoryGauge: cards, memoryBudget: { gpu0: GIB, gpu1: 7 * GIB } };
    const { supervisor } = await openSupervisor(fake, options);
    const lease = await supervisor.acquire(big, patient());
    expect(cardOf(supervisor, lease.instanceId)).toBe('1');
    lease.release();
  });
});

describe('Supervisor with models that do not fit together', () => {
  it('serves alternating load without cutting an answer, in few swaps', async () => {
    const journal = join(temporaryFolder(), 'journal');
    const turns = { minResidencyMs: 400, maxOvertakeMs: 1500 };
    const { supervisor } = await openSupervisor(
      { behaviour: { journal, loadMs: 30 } },
      { ...memory, turns },
    );
    const answers: Promise<string>[] = [];
    for (let round = 0; round < 40; round += 1) {
      answers.push(ask(supervisor, round % 2 === 0 ? big : other));
      await new Promise((resolve) => setTimeout(resolve, 25));
      const live = supervisor.list().filter(({ endedAt }) => endedAt === null);
      expect(live.length).toBeLessThanOrEqual(2);
      expect(live.filter(({ state }) => state === 'ready').length).toBeLessThanOrEqual(1);
    }
    for (const text of await Promise.all(answers)) expect(text).toContain('[DONE]');
    const ends = supervisor.list().flatMap(({ exit }) => (exit === null ? [] : [exit.reason]));
    expect(ends.filter((reason) => reason !== 'evicted')).toEqual([]);
    expect(journalLines(journal, 'prompt')).toHaveLength(40);
    // One second of load and the time of the last turns, in turns of 400 ms at least: not one swap per request.
    expect(journalLines(journal, 'start').length).toBeLessThan(14);
  }, 60_000);

  it('goes on serving a ready model while another one loads', async () => {
    const fake = { behaviour: {} as Record<string, unknown> };
    const { supervisor } = await openSupervisor(fake, memory);
    const small = modelNamed('small', { memoryBytes: 3 * GIB });
    await ask(supervisor, small);
    fake.behaviour = { loadMs: 20_000 };
    const loading = new AbortController();
    const waiting = failureOf(
      supervisor.acquire(big, { signal: loading.signal, maxWaitMs: 30_000 }),
    );
    await waitFor('it loads', () => supervisor.view('big').state === 'starting');
    for (let round = 0; round < 20; round += 1) {
      expect(await ask(supervisor, small)).toContain('[DONE]');
    }
    // None of them waited for the load.
    expect(supervisor.view('big').state).toBe('starting');
    loading.abort();
    expect((await waiting).code).toBe('cancelled');
  });

  it('waits for a busy model to finish, and takes its wish back when nobody waits any more', async () => {
    const turns = { minResidencyMs: 0, maxOvertakeMs: 100 };
    const { supervisor } = await openSupervisor({}, { ...memory, turns });
    const busy = await supervisor.acquire(big, patient());
    const leaving = new AbortController();
    const waiting = failureOf(
      supervisor.acquire(other, { signal: leaving.signal, maxWaitMs: 10_000 }),
    );
    expect(supervisor.view('other').state).toBe('queued');
    await waitFor('it drains', () => supervisor.view('big').state === 'draining');
    const late = supervisor.acquire(big, patient());
    leaving.abort();
    expect((await waiting).code).toBe('cancelled');
    expect((await late).instanceId).toBe(busy.instanceId);
    expect(supervisor.view('big').state).toBe('ready');
    (await late).release();
    busy.release();
    expect(busy.lost.aborted).toBe(false);
  });

  it('keeps two models that fit, and a pinned one against all others', async () => {
    const { supervisor } = await openSupervisor({}, { ...memory, turns: { minResidencyMs: 0 } });
    const small = modelNamed('small', { memoryBytes: 3 * GIB });
    await ask(supervisor, small);
    await ask(supervisor, big);
    expect(supervisor.view('small').state).toBe('ready');
    supervisor.pin(big, true);
    expect(supervisor.outlook(other).unavailable?.code).toBe('out_of_memory');
    const refused = await failureOf(supervisor.acquire(other, patient()));
    expect(refused.code).toBe('out-of-memory');
    expect(refused.message).toContain('pinned');
    supervisor.pin(big, false);
    await ask(supervisor, other);
    expect(supervisor.view('big').state).toBe('cold');
    expect(supervisor.view('small').state).toBe('ready');
  });

  it('refuses a model that can never fit, and says how much it needs', async () => {
    const { supervisor } = await openSupervisor({}, memory);
    const huge = modelNamed('huge', { memoryBytes: 11 * GIB });
    expect(supervisor.outlook(huge).unavailable?.code).toBe('out_of_memory');
    const refused = await failureOf(supervisor.acquire(huge, patient()));
    expect(refused.message).toContain('11.0 GiB');
    expect(supervisor.list()).toEqual([]);
  });

  it('refuses when other programs hold the memory for too long, and rests then', async () => {
    const memoryGauge = { ...roomyGauge, free: () => ({ ram: GIB }) };
    const options = { ...memory, memoryGauge, turns: { starvedMs: 50 } };
    const { supervisor } = await openSupervisor({}, options);
    const refused = await failureOf(supervisor.acquire(big, patient()));
    expect(refused).toMatchObject({ code: 'out-of-memory', retryAfterMs: 10_000 });
    expect(supervisor.outlook(big).unavailable?.code).toBe('out_of_memory');
  });

  it('tries once more, alone, when the memory runs out, and remembers that it needs more', async () => {
    const journal = join(temporaryFolder(), 'journal');
    const fake = { behaviour: { journal } as Record<string, unknown> };
    const { supervisor } = await openSupervisor(fake, { ...memory, turns: { minResidencyMs: 0 } });
    const small = modelNamed('small', { memoryBytes: GIB });
    await ask(supervisor, small);
    fake.behaviour = { journal, exitAtOnce: 1, print: ['failed to allocate buffer'] };
    const waiting = ask(supervisor, fakeSpec({ id: 'hungry', name: 'hungry' }));
    await waitFor('the first try is over', () =>
      supervisor.list().some(({ exit }) => exit !== null),
    );
    fake.behaviour = { journal };
    expect(await waiting).toContain('[DONE]');
    expect(supervisor.list().map(({ exit }) => exit?.reason)).toContain('out-of-memory');
    expect(supervisor.view('small').state).toBe('cold');
  });

  it('changes settings one after the other where both do not fit, and keeps the process where nothing changed', async () => {
    const { supervisor } = await openSupervisor({}, memory);
    const before = await supervisor.acquire(big, patient());
    const same = await supervisor.acquire({ ...big, idleStopMs: 60_000 }, patient());
    expect(same.instanceId).toBe(before.instanceId);
    same.release();
    const changed = { ...big, contextTokens: 4096 };
    (await supervisor.acquire(changed, patient())).release();
    await waitFor('it drains', () => supervisor.view('big').state === 'draining');
    const waiting = supervisor.acquire(changed, patient());
    before.release();
    expect((await waiting).instanceId).not.toBe(before.instanceId);
    (await waiting).release();
  });

  it('shows what is wrong with new settings instead of serving with the old ones', async () => {
    const fake = { behaviour: {} as Record<string, unknown> };
    const { supervisor } = await openSupervisor(fake, memory);
    const small = modelNamed('small', { memoryBytes: GIB });
    await ask(supervisor, small);
    fake.behaviour = { exitAtOnce: 1, print: ['error: invalid argument: --nope'] };
    const changed = { ...small, contextTokens: 4096 };
    await ask(supervisor, changed);
    await waitFor('the old engine has left', () => supervisor.view('small').state === 'cold');
    expect((await failureOf(supervisor.acquire(changed, patient()))).code).toBe('start-failed');
  });

  it('remembers over a restart how long a load takes and how much memory', async () => {
    const dataDir = temporaryFolder();
    const first = await openSupervisor({ behaviour: { loadMs: 100 } }, { ...memory, dataDir });
    const spec = fakeSpec();
    (await first.supervisor.acquire(spec, patient())).release();
    await waitFor(
      'it is measured',
      () => (first.supervisor.list()[0]?.footprintBytes ?? null) !== null,
    );
    await first.supervisor.close();
    const { footprintBytes, loadMs } = Object.values(
      JSON.parse(readFileSync(join(dataDir, 'learned.json'), 'utf8')) as Record<
        string,
        { footprintBytes: number; loadMs: number }
      >,
    )[0] ?? { footprintBytes: 0, loadMs: 0 };
    expect(footprintBytes).toBeGreaterThan(1_000_000);
    expect(loadMs).toBeGreaterThan(90);
    const tight = { ...memory, memoryBudget: { ram: footprintBytes / 2 }, dataDir };
    const { supervisor } = await openSupervisor({}, tight);
    expect(supervisor.outlook(spec).unavailable?.code).toBe('out_of_memory');
    supervisor.changeMemoryBudget({ ram: footprintBytes * 2 });
    expect(supervisor.outlook(spec)).toMatchObject({ unavailable: null });
    expect(supervisor.outlook(spec).predictedWaitMs).toBeGreaterThan(90);
  });
});
