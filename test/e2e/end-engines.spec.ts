import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endEngines, findEngines } from '../support/start-gateway/end-engines.js';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'spillway-ends-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const instanceOf = (dataDir: string): string =>
  `sw-${createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 10)}-run-1`;

/** Waits for a minute, in a session of its own, and prints its pid and that of a child. */
async function start(mark: string, args: readonly string[] = []): Promise<ChildProcess> {
  const script = "require('child_process').spawn('sleep',['60'],{detached:true});console.log(1)";
  const child = spawn(process.execPath, ['-e', `${script};setTimeout(()=>{},6e4)`, '--', ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], SPILLWAY_INSTANCE: mark },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

describe.skipIf(process.platform !== 'linux')('endEngines', () => {
  it('ends what carries the mark of the data folder, and nothing that only looks like it', async () => {
    const [own, other] = [folder(), folder()];
    const engine = await start(instanceOf(own));
    const stranger = await start(instanceOf(other), ['--alias', instanceOf(own)]);
    expect(findEngines(own)).toHaveLength(2);
    expect(findEngines(own).map(({ pid }) => pid)).toContain(engine.pid);
    await endEngines(own);
    expect(findEngines(own)).toEqual([]);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    expect(findEngines(other)).toHaveLength(2);
    await endEngines(other);
    expect(findEngines(other)).toEqual([]);
  });

  it('has nothing to do for a folder that is gone', async () => {
    await expect(endEngines('/nowhere/at/all')).resolves.toBeUndefined();
  });
});
