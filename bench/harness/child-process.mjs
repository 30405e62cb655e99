import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { placed } from './placement.mjs';

const KEPT_OUTPUT_CHARACTERS = 4000;
const STOP_MS = 5000;

/** Process groups to end whatever happens to the runner. @type {Set<number>} */
const groups = new Set();

process.on('exit', () => {
  for (const group of groups) killGroup(group, 'SIGKILL');
});
for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  process.on(signal, () => process.exit(code));
}

/** @param {number} group @param {NodeJS.Signals} signal */
function killGroup(group, signal) {
  try {
    process.kill(-group, signal);
  } catch {
    // it has ended already
  }
}

/** A child in a process group of its own, so that its own children end with it. */
export class BenchChild {
  /**
   * @param {import('./placement.mjs').Role} role
   * @param {string[]} command
   * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, hasIpc?: boolean }} [options]
   */
  constructor(role, command, options = {}) {
    const [file = '', ...parameters] = placed(role, command);
    this.output = '';
    this.spawnedAtMs = performance.now();
    this.child = spawn(file, parameters, {
      env: options.env ?? process.env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      detached: true,
      stdio: [
        'ignore',
        'pipe',
        'pipe',
        ...(options.hasIpc === true ? [/** @type {const} */ ('ipc')] : []),
      ],
    });
    this.pid = this.child.pid ?? 0;
    if (this.pid > 0) groups.add(this.pid);
    const keep = (/** @type {Buffer} */ piece) => {
      this.output = (this.output + piece.toString()).slice(-KEPT_OUTPUT_CHARACTERS);
    };
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    this.child.on('error', (error) => keep(Buffer.from(error.message)));
  }

  get hasEnded() {
    return this.child.exitCode !== null || this.child.signalCode !== null || this.pid === 0;
  }

  /** @param {number} timeoutMs @returns {Promise<any>} the next IPC message @throws {Error} when none comes */
  nextMessage(timeoutMs) {
    return new Promise((resolve, reject) => {
      const done = (/** @type {() => void} */ settle) => {
        clearTimeout(timer);
        this.child.off('message', onMessage);
        this.child.off('exit', onExit);
        settle();
      };
      const onMessage = (/** @type {unknown} */ message) => done(() => resolve(message));
      const onExit = () =>
        done(() => reject(new Error(`process ended: ${this.output.slice(-500)}`)));
      const timer = setTimeout(
        () =>
          done(() =>
            reject(new Error(`no answer within ${timeoutMs} ms: ${this.output.slice(-500)}`)),
          ),
        timeoutMs,
      );
      this.child.on('message', onMessage);
      this.child.on('exit', onExit);
    });
  }

  async stop() {
    if (this.pid === 0) return;
    killGroup(this.pid, 'SIGTERM');
    const deadlineMs = performance.now() + STOP_MS;
    while (!this.hasEnded && performance.now() < deadlineMs) await sleep(20);
    killGroup(this.pid, 'SIGKILL');
    groups.delete(this.pid);
  }
}

/** @returns {Promise<number>} a port of 127.0.0.1 that was free a moment ago */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/**
 * @param {() => Promise<Response>} request
 * @param {BenchChild} child
 * @param {{ timeoutMs: number, everyMs: number }} pace
 * @returns {Promise<number>} milliseconds from spawn to the first 200
 */
export async function waitForOk(request, child, { timeoutMs, everyMs }) {
  const deadlineMs = performance.now() + timeoutMs;
  let last = 'no connection';
  while (performance.now() < deadlineMs) {
    if (child.hasEnded)
      throw new Error(`it ended while starting: ${child.output.trim().slice(-800)}`);
    try {
      const answer = await request();
      const text = await answer.text();
      if (answer.status === 200) return performance.now() - child.spawnedAtMs;
      last = `status ${answer.status} ${text.slice(0, 200)}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await sleep(everyMs);
  }
  throw new Error(`not ready after ${timeoutMs} ms (${last}): ${child.output.trim().slice(-500)}`);
}
