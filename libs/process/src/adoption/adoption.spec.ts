import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { fakeGauge } from '../../test/fake-gauge.js';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { compileProcess } from '../../test/compile-process.js';
import { fakeSpec } from '../../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../../test/open-supervisor.js';
import { isAlive, temporaryFolder, waitFor } from '../../test/process-checks.js';
import { startHarness } from '../../test/start-harness.js';
import { journalLines, pidOf } from '../../test/supervisor-checks.js';
import type { InstanceRecord } from '../child/instance-records.js';
import { MAX_LOG_BYTES } from '../child/log-file-tail.js';
import { createProcessTable } from '../process-table/create-process-table.js';
import { probeEngine } from '../readiness/probe-engine.js';
import type { Supervisor } from '../supervisor.js';

const spec = fakeSpec();
const table = createProcessTable();

// On a busy machine this takes longer than a test may.
beforeAll(() => void compileProcess(), 120_000);

type Behaviour = Parameters<typeof startHarness>[1];
type Options = NonNullable<Parameters<typeof openSupervisor>[1]>;

/** An engine that was ready, and idle, when its gateway was killed. */
async function leaveEngine(given: Behaviour = {}) {
  const dataDir = temporaryFolder();
  const journal = join(dataDir, 'journal');
  const behaviour = { journal, ...given };
  const harness = await startHarness(dataDir, behaviour, 'with-guardian', 'keep');
  harness.gateway.kill('SIGKILL');
  await waitFor('the gateway is gone', () => harness.gateway.signalCode !== null);
  const pid = harness.enginePid;
  const recordPath = join(dataDir, 'instances', `${harness.instanceId}.json`);
  return { dataDir, journal, behaviour, pid, instanceId: harness.instanceId, recordPath };
}

type Left = Awaited<ReturnType<typeof leaveEngine>>;

async function openAfter({ dataDir, behaviour }: Left, options: Options = {}): Promise<Supervisor> {
  const fake = { behaviour, hasSocket: true };
  const { supervisor } = await openSupervisor(fake, {
    dataDir,
    onGatewayDeath: 'keep',
    ...options,
  });
  return supervisor;
}

function readRecord({ recordPath }: Left): InstanceRecord {
  return JSON.parse(readFileSync(recordPath, 'utf8')) as InstanceRecord;
}

function changeRecord(left: Left, changes: object): void {
  writeFileSync(left.recordPath, JSON.stringify({ ...readRecord(left), ...changes }));
}

/** The answer to one completion, over whatever the lease leads to. */
function complete(origin: string) {
  const body = JSON.stringify({ messages: [] });
  return probeEngine(origin, { path: '/v1/chat/completions', body, timeoutMs: 10_000 });
}

describe('an engine whose gateway was killed (invariant 23: adopted or dead)', () => {
  it('runs on, and serves again without a load', async () => {
    const left = await leaveEngine({ talkMs: 20 });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(isAlive(left.pid)).toBe(true);
    const supervisor = await openAfter(left);
    const { adopted, stopped, strangers, refused } = await supervisor.recover([spec]);
    expect({ adopted, stopped, strangers, refused }).toEqual({
      adopted: 1,
      stopped: 0,
      strangers: 0,
      refused: [],
    });
    const lease = await supervisor.acquire(spec, patient());
    expect(lease).toMatchObject({ instanceId: left.instanceId, startedCold: false });
    expect((await complete(lease.origin))?.status).toBe(200);
    lease.release();
    expect(pidOf(supervisor)).toBe(left.pid);
    expect(supervisor.view('model-1').instance?.isAdopted).toBe(true);
    expect(journalLines(left.journal, 'start')).toHaveLength(1);
    expect(await supervisor.sweepOrphans()).toEqual({ stopped: 0, strangers: 0 });
    expect(isAlive(left.pid)).toBe(true);
  });

  it('has its log go on, with what it wrote while nobody listened', async () => {
    const left = await leaveEngine({ talkMs: 20 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const supervisor = await openAfter(left);
    await supervisor.recover([spec]);
    const texts = () => (supervisor.log(left.instanceId)?.since() ?? []).map(({ text }) => text);
    await waitFor('the backlog is there', () => texts().includes('line 1'));
    const seen = texts().length;
    await waitFor('the log grows', () => texts().length > seen + 3);
    const numbers = texts().map((text) => Number(text.split(' ')[1]));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('is stopped when idle, and leaves no socket, log or record', async () => {
    const left = await leaveEngine();
    const supervisor = await openAfter(left);
    const brief = { ...spec, idleStopMs: 100 };
    await supervisor.recover([brief]);
    await waitFor('it was idle for long enough', () => !isAlive(left.pid));
    await waitFor('it is cold', () => supervisor.view('model-1').state === 'cold');
    expect(readdirSync(join(left.dataDir, 'instances'))).toEqual([]);
    expect(supervisor.list()[0]?.exit?.reason).toBe('idle');
  });

  it('is seen to end, and is started anew', async () => {
    const left = await leaveEngine();
    const supervisor = await openAfter(left);
    await supervisor.recover([spec]);
    const lease = await supervisor.acquire(spec, patient());
    process.kill(left.pid, 'SIGKILL');
    await waitFor('the lease is lost', () => lease.lost.aborted);
    await waitFor('it rests', () => supervisor.view('model-1').state === 'backoff');
    expect(supervisor.list()[0]?.exit).toMatchObject({ code: null, reason: 'crashed' });
    await waitFor('the pause ends', () => supervisor.view('model-1').state === 'cold');
    (await supervisor.acquire(spec, patient())).release();
    expect(journalLines(left.journal, 'start')).toHaveLength(2);
  });

  it('is ended with all it forked, by force where it must be', async () => {
    const left = await leaveEngine({ ignoreTerm: true, fork: true, forkSession: true });
    const supervisor = await openAfter(left, { stopGraceMs: 200 });
    await supervisor.recover([spec]);
    const texts = () => (supervisor.log(left.instanceId)?.since() ?? []).map(({ text }) => text);
    await waitFor('it said whom it forked', () => texts().length >= 2);
    const family = texts()
      .filter((text) => /^(grandchild|escaped) /.test(text))
      .map((text) => Number(text.split(' ')[1]));
    expect(family).toHaveLength(2);
    expect(family.every(isAlive)).toBe(true);
    await supervisor.stop('model-1');
    expect([left.pid, ...family].some(isAlive)).toBe(false);
  });

  it('has its memory accounted for', async () => {
    const left = await leaveEngine();
    const GIB = 1024 ** 3;
    const memoryGauge = fakeGauge({ ram: 16 * GIB });
    const supervisor = await openAfter(left, { memoryBudget: { ram: 10 * GIB }, memoryGauge });
    const big = { ...spec, memoryBytes: 6 * GIB };
    await supervisor.recover([big]);
    supervisor.pin(big, true);
    const other = { ...spec, id: 'model-2', name: 'other', memoryBytes: 6 * GIB };
    expect(supervisor.outlook(other).unavailable?.code).toBe('out_of_memory');
    supervisor.pin(big, false);
    expect(supervisor.outlook(other).unavailable).toBeNull();
  });

  it('has it accounted for on the card it is on', async () => {
    const GIB = 1024 ** 3;
    const memory = { cards: ['nvidia'], split: 'layers', fixedShare: null } as const;
    const fake = { traits: { memory, hasSocket: true } };
    const options = {
      memoryGauge: fakeGauge({ ram: 16 * GIB, gpu0: 8 * GIB, gpu1: 8 * GIB }),
      onGatewayDeath: 'keep',
    } as const;
    const named = (id: string) => ({ ...spec, id, name: id, memoryBytes: 6 * GIB });
    const { supervisor: first, dataDir } = await openSupervisor(fake, options);
    for (const id of ['on-first', 'on-second']) {
      (await first.acquire(named(id), patient())).release();
    }
    const folder = join(dataDir, 'instances');
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.json'))) {
      const path = join(folder, name);
      const record = JSON.parse(readFileSync(path, 'utf8')) as InstanceRecord;
      // As if that gateway had been killed.
      const supervisor = { pid: 999_999, startTime: '1' };
      writeFileSync(path, JSON.stringify({ ...record, supervisor }));
    }
    const { supervisor } = await openSupervisor(fake, { ...options, dataDir });
    const recovered = await supervisor.recover([named('on-second')]);
    expect(recovered).toMatchObject({ adopted: 1, stopped: 1 });
    const reserved = () => supervisor.memoryUse().models;
    expect(reserved()).toEqual([{ localModelId: 'on-second', bytes: { gpu1: 6 * GIB } }]);
    (await supervisor.acquire(named('third'), patient())).release();
    expect(reserved()).toContainEqual({ localModelId: 'third', bytes: { gpu0: 6 * GIB } });
    expect(supervisor.view('on-second')).toMatchObject({ instance: { isAdopted: true } });
  });

  it('is kept from one gateway to the next, and the next', async () => {
    const left = await leaveEngine();
    const first = await openAfter(left);
    await first.recover([spec]);
    const { supervisor } = readRecord(left);
    expect(supervisor.pid).toBe(process.pid);
    // As if that gateway had been killed, too.
    changeRecord(left, { supervisor: { pid: 999_999, startTime: '1' } });
    const second = await openAfter(left);
    expect((await second.recover([spec])).adopted).toBe(1);
    expect(readRecord(left).supervisor.pid).toBe(process.pid);
    expect(isAlive(left.pid)).toBe(true);
  });

  it('has its log bounded while no gateway runs', async () => {
    const left = await leaveEngine();
    const path = join(left.dataDir, 'instances', `${left.instanceId}.out`);
    writeFileSync(path, Buffer.alloc(MAX_LOG_BYTES + 1, 'x'), { flag: 'a' });
    await waitFor('it was emptied', () => statSync(path).size < MAX_LOG_BYTES);
    expect(isAlive(left.pid)).toBe(true);
  });
});

describe('an engine that is not gone on with is ended', () => {
  const cases: [
    string,
    (left: Left) => Promise<Supervisor>,
    ReturnType<typeof fakeSpec>[],
    string,
  ][] = [
    ['when its model is gone', (left) => openAfter(left), [], 'not-wanted'],
    [
      'when the policy is to stop by now',
      (left) => openAfter(left, { onGatewayDeath: 'stop' }),
      [spec],
      'not-wanted',
    ],
    [
      'when its own model says so',
      (left) => openAfter(left),
      [{ ...spec, onGatewayDeath: 'stop' }],
      'not-wanted',
    ],
    [
      'when it would be started with other arguments',
      (left) => openAfter({ ...left, behaviour: { ...left.behaviour, loadMs: 5 } }),
      [spec],
      'drifted',
    ],
    [
      'when it would be started in another environment',
      (left) =>
        openAfter(left, { environment: { PATH: '/usr/bin:/bin', CUDA_VISIBLE_DEVICES: '1' } }),
      [spec],
      'drifted',
    ],
  ];
  it.each(cases)('%s', async (_, open, specs, reason) => {
    const left = await leaveEngine();
    const supervisor = await open(left);
    expect(isAlive(left.pid)).toBe(true);
    const result = await supervisor.recover(specs);
    expect(result).toEqual({
      adopted: 0,
      stopped: 1,
      strangers: 0,
      refused: [{ instanceId: left.instanceId, reason }],
    });
    expect(isAlive(left.pid)).toBe(false);
    expect(readdirSync(join(left.dataDir, 'instances'))).toEqual([]);
  });

  it('when its model file was replaced', async () => {
    const modelPath = join(temporaryFolder(), 'model.gguf');
    writeFileSync(modelPath, 'weights');
    const { supervisor: first, dataDir } = await openSupervisor(
      { hasSocket: true },
      { onGatewayDeath: 'keep' },
    );
    const placed = { ...spec, modelPath };
    (await first.acquire(placed, patient())).release();
    const pid = pidOf(first);
    const [name = ''] = readdirSync(join(dataDir, 'instances')).filter((each) =>
      each.endsWith('.json'),
    );
    const path = join(dataDir, 'instances', name);
    const record = JSON.parse(readFileSync(path, 'utf8')) as InstanceRecord;
    const orphaned = { ...record, supervisor: { pid: 999_999, startTime: '1' } };
    writeFileSync(path, JSON.stringify(orphaned));
    utimesSync(modelPath, 1, 1);
    const { supervisor } = await openSupervisor(
      { hasSocket: true },
      { dataDir, onGatewayDeath: 'keep' },
    );
    expect((await supervisor.recover([placed])).refused).toEqual([
      { instanceId: record.instanceId, reason: 'drifted' },
    ]);
    expect(isAlive(pid)).toBe(false);
  });

  it('when it may still work for callers of the killed gateway', async () => {
    const hasSocket = true;
    const metrics = [
      {
        form: 'prometheus',
        path: '/metrics',
        figures: { requestsRunning: ['fake:running'] },
      } as const,
    ];
    const deaf = { hasSocket, cancelsOnDisconnect: false };
    const recoverWith = async (traits: object, left: Left) => {
      const fake = { behaviour: left.behaviour, traits: { hasSocket, ...traits } };
      const options = { dataDir: left.dataDir, onGatewayDeath: 'keep' } as const;
      const { supervisor } = await openSupervisor(fake, options);
      return (await supervisor.recover([spec])).refused.map(({ reason }) => reason);
    };
    expect(await recoverWith(deaf, await leaveEngine())).toEqual(['occupied']);
    expect(await recoverWith({ ...deaf, metrics }, await leaveEngine())).toEqual([]);
    const busy = await leaveEngine({ workMs: 60_000, goesOn: true });
    const { kept } = readRecord(busy);
    const body = JSON.stringify({ messages: [] });
    const request = { path: '/v1/chat/completions', body, timeoutMs: 200 };
    expect(await probeEngine(kept?.origin ?? '', request)).toBeNull();
    expect(await recoverWith({ ...deaf, metrics }, busy)).toEqual(['occupied']);
    expect(isAlive(busy.pid)).toBe(false);
  });

  it('when it hangs', async () => {
    const left = await leaveEngine();
    process.kill(left.pid, 'SIGSTOP');
    const supervisor = await openAfter(left);
    const result = await supervisor.recover([spec]);
    expect(result).toMatchObject({ adopted: 0, stopped: 1 });
    expect(result.refused[0]?.reason).toBe('unresponsive');
    expect(isAlive(left.pid)).toBe(false);
  }, 30_000);

  it('when its gateway was killed before it was ready', async () => {
    const left = await leaveEngine();
    changeRecord(left, { kept: null });
    await openAfter(left);
    expect(isAlive(left.pid)).toBe(false);
  });

  it('when nobody asks for it', async () => {
    const left = await leaveEngine();
    const supervisor = await openAfter(left);
    expect(isAlive(left.pid)).toBe(true);
    expect(await supervisor.sweepOrphans()).toEqual({ stopped: 1, strangers: 0 });
    expect(isAlive(left.pid)).toBe(false);
  });
});

describe('a stranger is never adopted, signalled or sent a prompt (invariants 3 and 9)', () => {
  /** The engine ends, and a process that looks like it in every way but its mark answers in its place. */
  async function replaceByLookalike(left: Left): Promise<number> {
    const args = readFileSync(`/proc/${left.pid}/cmdline`, 'utf8').split('\0').slice(1, -1);
    process.kill(-left.pid, 'SIGKILL');
    await waitFor('the engine is gone', () => !isAlive(left.pid));
    const socketPath = readRecord(left).kept?.socketPath ?? '';
    rmSync(socketPath);
    const child = spawn(process.execPath, args, { detached: true, stdio: 'ignore', env: {} });
    onTestFinished(() => void child.kill('SIGKILL'));
    await waitFor('it serves under the name', () => existsSync(socketPath));
    return child.pid ?? 0;
  }

  it('that has the recorded pid by now', async () => {
    const left = await leaveEngine();
    const pid = await replaceByLookalike(left);
    changeRecord(left, { leader: { ...readRecord(left).leader, pid }, pgid: pid });
    const supervisor = await openAfter(left);
    expect((await supervisor.recover([spec])).adopted).toBe(0);
    expect(isAlive(pid)).toBe(true);
    expect(journalLines(left.journal, 'prompt')).toEqual([]);
  });

  it('that has the recorded pid and start time, of another boot', async () => {
    const left = await leaveEngine();
    const pid = await replaceByLookalike(left);
    const leader = { pid, startTime: table.read(pid)?.startTime ?? '' };
    changeRecord(left, { leader, pgid: pid, bootId: 'another-boot' });
    const supervisor = await openAfter(left);
    expect((await supervisor.recover([spec])).adopted).toBe(0);
    expect(isAlive(pid)).toBe(true);
    expect(journalLines(left.journal, 'prompt')).toEqual([]);
  });

  it('that answers at the recorded port, in place of an engine that is still ours', async () => {
    const left = await leaveEngine();
    const seen: string[] = [];
    const stranger = createServer((exchange, response) => {
      seen.push(`${exchange.method} ${exchange.url}`);
      response.end(JSON.stringify({ data: [{ id: 'somebody-else' }] }));
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void stranger.close());
    const address = stranger.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { kept } = readRecord(left);
    changeRecord(left, { kept: { ...kept, origin: `http://127.0.0.1:${port}` } });
    const supervisor = await openAfter(left);
    const result = await supervisor.recover([spec]);
    expect(result.refused).toEqual([{ instanceId: left.instanceId, reason: 'unproven' }]);
    expect(seen).toEqual(['GET /v1/models']);
    expect(isAlive(left.pid)).toBe(false);
  });

  it('whose record came with a copy of another data folder', async () => {
    const left = await leaveEngine();
    const copy = temporaryFolder();
    const path = join(copy, 'instances', `${left.instanceId}.json`);
    mkdirSync(join(copy, 'instances'));
    writeFileSync(path, readFileSync(left.recordPath));
    const { supervisor } = await openSupervisor({}, { dataDir: copy, onGatewayDeath: 'keep' });
    expect(await supervisor.recover([spec])).toMatchObject({ adopted: 0, stopped: 0 });
    expect(isAlive(left.pid)).toBe(true);
    expect(existsSync(path)).toBe(false);
    truncateSync(left.recordPath);
  });
});
