import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../clock.js';
import type { ProcessIdentity } from '../process-table/process-table.js';
import { encodeMessage } from './guardian-message.js';
import type { GuardianMessage } from './guardian-message.js';

const RESTART_DELAY_MS = 1000;
/** How long a closing supervisor waits for its guardian to leave. */
const EXIT_WAIT_MS = 2000;

export interface GuardianOptions {
  /** Path of the compiled guardian script. */
  readonly entry: string;
  /** Start of the ids of every instance of this run. */
  readonly runPrefix: string;
  /** Folder with the records of the instances. */
  readonly dataDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
}

/** The supervisor's side of the guardian: starts it, keeps it told, and starts another when it dies. */
export class GuardianLink {
  readonly #watched = new Map<string, ProcessIdentity>();
  readonly #kept = new Set<string>();
  #child: ChildProcess | null = null;
  #isStarted = false;
  #isClosed = false;
  #cancelRestart: () => void = () => undefined;

  constructor(private readonly options: GuardianOptions) {}

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  watch(instanceId: string, leader: ProcessIdentity): void {
    this.#watched.set(instanceId, leader);
    this.#send({ op: 'watch', instanceId, leader });
  }

  /** A watched instance that is to run on when this process is killed. */
  keep(instanceId: string): void {
    this.#kept.add(instanceId);
    this.#send({ op: 'keep', instanceId });
  }

  forget(instanceId: string): void {
    this.#watched.delete(instanceId);
    this.#kept.delete(instanceId);
    this.#send({ op: 'forget', instanceId });
  }

  /** Tells the guardian that nothing is left to end, and waits for it to leave. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRestart();
    const child = this.#child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      const cancel = this.options.clock.schedule(EXIT_WAIT_MS, resolve);
      child.once('exit', () => {
        cancel();
        resolve();
      });
      this.#send({ op: 'clean' });
      child.stdin?.end();
    });
  }

  /**
   * To be called before an engine starts. Where none ever does, nothing is there to be guarded, and a process less takes
   * memory.
   * Once started it restarts itself; further calls do nothing.
   */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#startChild();
  }

  #startChild(): void {
    const { entry, runPrefix, dataDir, environment } = this.options;
    // Detached: Ctrl-C in the terminal goes to the gateway's group and must leave the guardian working.
    const child: ChildProcess = spawn(process.execPath, [entry, runPrefix, dataDir], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: environment,
      cwd: '/',
    });
    this.#child = child;
    child.on('error', () => this.#onGone(child));
    child.on('exit', () => this.#onGone(child));
    child.unref();
    // No pipe exists when no file descriptor was free; `error` follows then.
    child.stdin?.on('error', () => undefined); // EPIPE after its death: `exit` says the same
    if (child.stdin !== null) unrefPipe(child.stdin);
    for (const [instanceId, leader] of this.#watched) {
      this.#send({ op: 'watch', instanceId, leader });
    }
    for (const instanceId of this.#kept) this.#send({ op: 'keep', instanceId });
  }

  #onGone(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = null;
    if (this.#isClosed) return;
    this.#cancelRestart = this.options.clock.schedule(RESTART_DELAY_MS, () => this.#startChild());
  }

  #send(message: GuardianMessage): void {
    const stdin = this.#child?.stdin;
    if (stdin?.writable) stdin.write(encodeMessage(message));
  }
}

/** Lets the gateway's event loop end although the pipe is open; Node types the pipe as a bare stream. */
function unrefPipe(stream: object): void {
  (stream as { unref?: () => void }).unref?.();
}
