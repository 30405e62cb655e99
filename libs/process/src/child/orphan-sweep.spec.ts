import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSupervisor } from '../../test/open-supervisor.js';
import { isAlive, temporaryFolder, waitFor } from '../../test/process-checks.js';
import { startHarness } from '../../test/start-harness.js';
import { createProcessTable } from '../process-table/create-process-table.js';
import { MARKER_VARIABLE } from '../process-table/process-table.js';
import { createSupervisorIdentity } from '../supervisor-identity.js';

const table = createProcessTable();

function startBystander(environment: Record<string, string> = {}): number {
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env: environment });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid ?? 0;
}

function writeRecord(dataDir: string, changes: Record<string, unknown>): string {
  const { homePrefix } = createSupervisorIdentity(dataDir);
  const instanceId = `${homePrefix}00000000-1`;
  const path = join(dataDir, 'instances', `${instanceId}.json`);
  mkdirSync(join(dataDir, 'instances'), { recursive: true });
  const record = {
    instanceId,
    modelId: 'model-1',
    engine: 'fake',
    leader: null,
    pgid: null,
    bootId: table.bootId,
    supervisor: { pid: 999_999, startTime: '1' },
    createdAt: 0,
    ...changes,
  };
  writeFileSync(path, JSON.stringify(record));
  return path;
}

describe('the sweep at the start', () => {
  it('ends an engine that outlived its gateway, with everything it forked', async () => {
    const dataDir = temporaryFolder();
    const harness = await startHarness(dataDir, { fork: true, forkSession: true }, 'alone');
    const family = [
      harness.enginePid,
      ...harness.printedPids('grandchild'),
      ...harness.printedPids('escaped'),
    ];
    harness.gateway.kill('SIGKILL');
    await waitFor('the gateway is gone', () => harness.gateway.signalCode !== null);
    expect(family.every(isAlive)).toBe(true);
    await openSupervisor({}, { dataDir });
    expect(family.some(isAlive)).toBe(false);
    expect(readdirSync(join(dataDir, 'instances'))).toEqual([]);
  });

  it('leaves the engines of a gateway alone that is still alive', async () => {
    const dataDir = temporaryFolder();
    const harness = await startHarness(dataDir, {}, 'alone');
    const { supervisor } = await openSupervisor({}, { dataDir });
    expect(await supervisor.sweepOrphans()).toEqual({ stopped: 0, strangers: 0 });
    expect(isAlive(harness.enginePid)).toBe(true);
    harness.gateway.kill('SIGKILL');
    await waitFor('the gateway is gone', () => harness.gateway.signalCode !== null);
    expect(await supervisor.sweepOrphans()).toEqual({ stopped: 1, strangers: 0 });
    expect(isAlive(harness.enginePid)).toBe(false);
  });

  it('never signals a process that got the recorded pid later', async () => {
    const dataDir = temporaryFolder();
    const pid = startBystander();
    const path = writeRecord(dataDir, { leader: { pid, startTime: '1' }, pgid: pid });
    const { supervisor } = await openSupervisor({}, { dataDir });
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(path)).toBe(false);
    writeRecord(dataDir, { leader: { pid, startTime: '1' }, pgid: pid });
    expect(await supervisor.sweepOrphans()).toEqual({ stopped: 0, strangers: 1 });
    expect(isAlive(pid)).toBe(true);
  });

  it('does not trust an equal start time of another boot', async () => {
    const dataDir = temporaryFolder();
    const pid = startBystander();
    const startTime = table.read(pid)?.startTime ?? '';
    writeRecord(dataDir, { leader: { pid, startTime }, pgid: pid, bootId: 'another-boot' });
    await openSupervisor({}, { dataDir });
    expect(isAlive(pid)).toBe(true);
  });

  it('ends a marked process without a record, and no process of another data folder', async () => {
    const dataDir = temporaryFolder();
    const { homePrefix } = createSupervisorIdentity(dataDir);
    const ours = startBystander({ [MARKER_VARIABLE]: `${homePrefix}00000000-7` });
    const foreign = startBystander({ [MARKER_VARIABLE]: 'sw-0000000000-00000000-7' });
    await openSupervisor({}, { dataDir });
    expect(isAlive(ours)).toBe(false);
    expect(isAlive(foreign)).toBe(true);
  });

  it('throws away files that are no records', async () => {
    const dataDir = temporaryFolder();
    mkdirSync(join(dataDir, 'instances'));
    const path = join(dataDir, 'instances', 'broken.json');
    writeFileSync(path, '{"instanceId":"broken","leader":{"pid":1}}');
    await openSupervisor({}, { dataDir });
    expect(() => readFileSync(path)).toThrow('ENOENT');
  });
});
