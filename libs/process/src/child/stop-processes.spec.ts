import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive, waitFor } from '../../test/process-checks.js';
import { systemClock } from '../clock.js';
import { createProcessTable } from '../process-table/create-process-table.js';
import { MARKER_VARIABLE } from '../process-table/process-table.js';
import type { ProcessIdentity } from '../process-table/process-table.js';
import { OwnedProcesses } from './owned-processes.js';
import { stopProcesses } from './stop-processes.js';

const table = createProcessTable();
let count = 0;

interface Family {
  readonly owned: OwnedProcesses;
  readonly leader: ProcessIdentity;
  readonly printed: number[];
}

/** Runs a shell script as an instance of its own; it prints the pids of what it starts. */
async function startFamily(script: string, printedPids: number): Promise<Family> {
  const instanceId = `sw-test-${process.pid}-${++count}`;
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    env: { PATH: '/usr/bin:/bin', [MARKER_VARIABLE]: instanceId },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const pids = () => text.split('\n').filter(Boolean).map(Number);
  const pid = child.pid ?? 0;
  const leader = { pid, startTime: table.read(pid)?.startTime ?? '' };
  const owned = new OwnedProcesses(table, instanceId, leader);
  onTestFinished(() =>
    stopProcesses(owned, { clock: systemClock, graceMs: 0 }).then(() => undefined),
  );
  child.on('exit', () => owned.captureGroup());
  await waitFor('the family is complete', () => pids().length === printedPids);
  return { owned, leader, printed: pids() };
}

describe('stopProcesses', () => {
  it('ends a grandchild in the group together with the leader', async () => {
    const { owned, leader, printed } = await startFamily('sleep 600 & echo $!; wait', 1);
    expect(await stopProcesses(owned, { clock: systemClock, graceMs: 1000 })).toEqual([]);
    expect([leader.pid, ...printed].some(isAlive)).toBe(false);
  });

  it('kills what ignores the polite signal when the grace is over', async () => {
    const { owned, leader } = await startFamily(
      "trap '' TERM; echo $$; while :; do sleep 0.1; done",
      1,
    );
    const startedAt = performance.now();
    expect(await stopProcesses(owned, { clock: systemClock, graceMs: 300 })).toEqual([]);
    expect(performance.now() - startedAt).toBeGreaterThan(290);
    expect(isAlive(leader.pid)).toBe(false);
  });

  it('gives each signal the engine wants its time, in order', async () => {
    const { owned, leader } = await startFamily(
      "trap '' INT; trap 'exit 0' TERM; echo $$; while :; do sleep 0.1; done",
      1,
    );
    const startedAt = performance.now();
    const signals = ['SIGINT', 'SIGTERM'] as const;
    await stopProcesses(owned, { clock: systemClock, graceMs: 2000, signals });
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThan(1990);
    expect(tookMs).toBeLessThan(4000);
    expect(isAlive(leader.pid)).toBe(false);
  });

  it('skips the rest of the grace when it is hurried', async () => {
    const { owned, leader } = await startFamily(
      "trap '' TERM; echo $$; while :; do sleep 0.1; done",
      1,
    );
    const hurry = new AbortController();
    const stopped = stopProcesses(owned, {
      clock: systemClock,
      graceMs: 60_000,
      hurry: hurry.signal,
    });
    hurry.abort();
    expect(await stopped).toEqual([]);
    expect(isAlive(leader.pid)).toBe(false);
  });

  it('lets a stopped process act on the polite signal', async () => {
    const { owned, leader } = await startFamily('echo $$; exec sleep 600', 1);
    process.kill(leader.pid, 'SIGSTOP');
    const startedAt = performance.now();
    expect(await stopProcesses(owned, { clock: systemClock, graceMs: 5000 })).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('finds by its marker what left the group with setsid', async () => {
    const script = "setsid sh -c 'echo $$; exec sleep 600' & exec sleep 600";
    const { owned, printed } = await startFamily(script, 1);
    expect(await stopProcesses(owned, { clock: systemClock, graceMs: 1000 })).toEqual([]);
    expect(printed.some(isAlive)).toBe(false);
  });

  it('still ends the group after its leader died', async () => {
    const { owned, leader, printed } = await startFamily('sleep 600 & echo $!; sleep 0.2', 1);
    await waitFor('the leader is gone', () => table.read(leader.pid) === null);
    expect(printed.every(isAlive)).toBe(true);
    expect(await stopProcesses(owned, { clock: systemClock, graceMs: 1000 })).toEqual([]);
    expect(printed.some(isAlive)).toBe(false);
  });
});

describe('OwnedProcesses', () => {
  it('sends no signal at all when the pid belongs to a later process', () => {
    const sent: [number, string][] = [];
    const stranger = { pid: process.pid, startTime: 'earlier' };
    const owned = new OwnedProcesses(table, 'sw-test-none', stranger, (pid, signal) =>
      sent.push([pid, signal]),
    );
    owned.captureGroup();
    owned.signal('SIGTERM');
    expect(sent.filter(([pid]) => pid === process.pid || pid === -process.pid)).toEqual([]);
    expect(owned.live()).not.toContain(process.pid);
  });

  it('neither signals nor gives up a process it cannot look at', () => {
    const sent: number[] = [];
    const blind = {
      ...table,
      read: () => {
        throw new Error('EMFILE');
      },
    };
    const leader = { pid: 4242, startTime: '7' };
    const owned = new OwnedProcesses(blind, 'sw-test-none', leader, (pid) => sent.push(pid));
    owned.signal('SIGKILL');
    expect(sent).toEqual([]);
    expect(owned.live()).toEqual([4242]);
  });

  it('does not count a zombie as alive', () => {
    const entry = { pid: 4242, pgid: 4242, startTime: '7', isAlive: false };
    const zombies = { ...table, read: () => entry, list: () => [entry] };
    expect(new OwnedProcesses(zombies, 'sw-test-none', entry).live()).toEqual([]);
  });
});
