import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive, temporaryFolder, waitFor } from '../../test/process-checks.js';
import { compileProcess } from '../../test/compile-process.js';
import { startHarness } from '../../test/start-harness.js';
import { systemClock } from '../clock.js';
import { GuardianLink } from './guardian-link.js';

/** Pids of the guardians that a gateway has started; others may run on this machine. */
function guardiansOf(gatewayPid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(parent) === gatewayPid && stat.includes('(spillway-guardi');
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('the guardian', () => {
  it('leaves nothing of a killed gateway alive after one second', async () => {
    const behaviour = { ignoreTerm: true, fork: true, forkSession: true };
    const harness = await startHarness(temporaryFolder(), behaviour);
    const family = [
      harness.enginePid,
      ...harness.printedPids('grandchild'),
      ...harness.printedPids('escaped'),
    ];
    expect(family).toHaveLength(3);
    expect(family.every(isAlive)).toBe(true);
    const killedAt = performance.now();
    harness.gateway.kill('SIGKILL');
    await waitFor('everything is gone', () => !family.some(isAlive), 3000);
    expect(performance.now() - killedAt).toBeLessThan(1000);
  });

  it('ends a stopped (SIGSTOP) engine too', async () => {
    const harness = await startHarness(temporaryFolder(), {});
    process.kill(harness.enginePid, 'SIGSTOP');
    harness.gateway.kill('SIGKILL');
    await waitFor('the engine is gone', () => !isAlive(harness.enginePid), 1000);
  });

  it('leaves when the gateway says that it ended in order', async () => {
    const harness = await startHarness(temporaryFolder(), {});
    const [guardian = 0, ...others] = guardiansOf(harness.gateway.pid ?? 0);
    expect([isAlive(guardian), others]).toEqual([true, []]);
    const exited = new Promise((resolve) => harness.gateway.once('exit', resolve));
    harness.gateway.send('close');
    await exited;
    expect(isAlive(harness.enginePid)).toBe(false);
    await waitFor('no guardian is left', () => !isAlive(guardian));
  });
});

describe('GuardianLink', () => {
  it('starts another guardian when one dies, and tells it again what to watch', async () => {
    const entry = join(compileProcess(), 'guardian', 'main.js');
    const environment = { PATH: '/usr/bin:/bin' };
    const clock = {
      ...systemClock,
      schedule: (_ms: number, run: () => void) => systemClock.schedule(10, run),
    };
    const link = new GuardianLink({
      entry,
      runPrefix: 'sw-test-none-',
      dataDir: temporaryFolder(),
      environment,
      clock,
    });
    link.start();
    const first = link.pid ?? 0;
    expect(isAlive(first)).toBe(true);
    process.kill(first, 'SIGKILL');
    await waitFor('another one runs', () => link.pid !== null && link.pid !== first);
    const second = link.pid ?? 0;
    await link.close();
    await waitFor('it is gone', () => !isAlive(second));
  });
});
