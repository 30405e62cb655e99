import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { endEngines } from '../../../test/support/start-gateway/end-engines.js';
import { compileProcess } from './compile-process.js';
import { FAKE_ENGINE } from './fake-engine-preset.js';
import type { FakeBehaviour } from './fake-engine-preset.js';
import type { GatewayDeathPolicy } from '../src/local-model-spec.js';

const HARNESS = fileURLToPath(new URL('./supervisor-harness.mjs', import.meta.url));

interface Harness {
  readonly gateway: ChildProcess;
  readonly enginePid: number;
  readonly instanceId: string;
  /** Pids the engine printed after the word, for example `grandchild`. */
  printedPids(word: string): number[];
}

/** Starts a supervisor in a process of its own and resolves when its engine serves. */
export async function startHarness(
  dataDir: string,
  behaviour: FakeBehaviour,
  mode: 'with-guardian' | 'alone' = 'with-guardian',
  policy: GatewayDeathPolicy = 'stop',
): Promise<Harness> {
  const line = JSON.stringify({ announce: false, ...behaviour });
  const args = [HARNESS, compileProcess(), dataDir, FAKE_ENGINE, line];
  args.push(mode, policy);
  const gateway = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  // engines that were to be kept run on, whatever became of the test
  onTestFinished(async () => {
    gateway.kill('SIGKILL');
    await endEngines(dataDir);
  });
  if (gateway.stdout === null) throw new Error('The harness has no output.');
  for await (const line of createInterface({ input: gateway.stdout })) {
    const { pid, instanceId, log } = JSON.parse(line) as {
      pid: number;
      instanceId: string;
      log: string[];
    };
    const printedPids = (word: string) =>
      log.filter((each) => each.startsWith(word)).map((each) => Number(each.split(' ')[1]));
    return { gateway, enginePid: pid, instanceId, printedPids };
  }
  throw new Error('The harness ended before its engine was ready.');
}
