import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../clock.js';
import type { LaunchPlan } from '../engine-preset.js';
import type { GuardianLink } from '../guardian/guardian-link.js';
import { MARKER_VARIABLE } from '../process-table/process-table.js';
import type { ProcessIdentity, ProcessTable } from '../process-table/process-table.js';
import type { InstanceRecord, InstanceRecords } from './instance-records.js';
import { LineSplitter } from './line-splitter.js';
import type { LogRing, LogStream } from './log-ring.js';
import { OwnedProcesses } from './owned-processes.js';
import { stopProcesses } from './stop-processes.js';

/** How a process ended: one of the three is set. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why the operating system refused to start it (ENOENT, EACCES, ENOEXEC…), else null. */
  readonly spawnError: NodeJS.ErrnoException | null;
}

export interface ProcessSurroundings {
  readonly table: ProcessTable;
  readonly records: InstanceRecords;
  readonly guardian: GuardianLink | null;
  readonly clock: Clock;
  readonly log: LogRing;
  /** Environment shared by all engines, already reduced to the allow-list. */
  readonly environment: Readonly<Record<string, string>>;
}

/** One engine process with its group: recorded before it starts, watched by the guardian, drained, ended as a whole. */
export class ManagedProcess {
  /** Resolves when the leader ends. `close` may come much later: a grandchild can hold the pipes. */
  readonly exited: Promise<ProcessExit>;
  readonly leader: ProcessIdentity | null;
  /** Resolves when everything the engine wrote has been read, at the latest two seconds after its end. */
  readonly drained: Promise<void>;
  readonly #owned: OwnedProcesses;
  readonly #hurry = new AbortController();
  #exit: ProcessExit | null = null;
  #lastOutputMs: number;
  #ending: Promise<number[]> | null = null;

  /**
   * Writes the record durably, then spawns unless the signal has aborted by then. Never throws for a
   * program that cannot be started: that is an exit with `spawnError`.
   */
  static async spawn(
    plan: LaunchPlan,
    record: Omit<InstanceRecord, 'leader' | 'pgid'>,
    surroundings: ProcessSurroundings,
    signal: AbortSignal,
  ): Promise<ManagedProcess | null> {
    const { records } = surroundings;
    await records.write({ ...record, leader: null, pgid: null });
    if (signal.aborted) {
      await records.remove(record.instanceId);
      return null;
    }
    const managed = new ManagedProcess(plan, record.instanceId, surroundings);
    const { leader } = managed;
    if (leader !== null) {
      surroundings.guardian?.watch(record.instanceId, leader);
      // Not fatal: without it the process is still found by its marker.
      await records.write({ ...record, leader, pgid: leader.pid }).catch(() => undefined);
    }
    return managed;
  }

  private constructor(
    plan: LaunchPlan,
    private readonly instanceId: string,
    private readonly surroundings: ProcessSurroundings,
  ) {
    this.#lastOutputMs = surroundings.clock.monotonicMs();
    const started = startChild(plan, instanceId, surroundings.environment);
    const child = started instanceof Error ? null : started;
    this.leader = child === null ? null : readLeader(child, surroundings.table);
    this.#owned = new OwnedProcesses(surroundings.table, instanceId, this.leader);
    if (started instanceof Error) {
      this.exited = Promise.resolve(this.#noteExit(null, null, started));
      this.drained = Promise.resolve();
      return;
    }
    this.#drain(started, 'stdout');
    this.#drain(started, 'stderr');
    this.drained = new Promise((resolve) => started.once('close', () => resolve()));
    started.stdin?.on('error', () => undefined); // the engine may close it first
    this.exited = new Promise((resolve) => {
      started.once('exit', (code, signal) => resolve(this.#noteExit(code, signal, null)));
      started.on('error', (error) => {
        if (started.pid === undefined) resolve(this.#noteExit(null, null, error));
      });
    });
    void this.exited.then(() => this.#closePipesLater(started));
  }

  get pid(): number | null {
    return this.leader?.pid ?? null;
  }

  /** Pids of the leader and its group, as far as they live. */
  memberPids(): number[] {
    return this.#exit === null ? this.#owned.live() : [];
  }

  get exit(): ProcessExit | null {
    return this.#exit;
  }

  /** Monotonic milliseconds of the last byte the engine wrote, progress lines included. */
  get lastOutputMs(): number {
    return this.#lastOutputMs;
  }

  /**
   * Ends the whole instance and resolves when no live member is left, with the pids that could not be
   * ended. A second call joins the first; `graceMs` 0 makes it skip the rest of the grace.
   */
  end(graceMs: number, signals?: readonly NodeJS.Signals[]): Promise<number[]> {
    if (graceMs === 0) this.#hurry.abort();
    this.#ending ??= this.#end(graceMs, signals);
    return this.#ending;
  }

  async #end(graceMs: number, signals?: readonly NodeJS.Signals[]): Promise<number[]> {
    const { clock, records, guardian } = this.surroundings;
    const survivors = await stopProcesses(this.#owned, {
      clock,
      graceMs,
      hurry: this.#hurry.signal,
      ...(signals === undefined ? {} : { signals }),
    });
    if (survivors.length > 0) return survivors;
    await this.exited;
    guardian?.forget(this.instanceId);
    // A record that stays is removed by the next sweep, which finds nothing to end.
    await records.remove(this.instanceId).catch(() => undefined);
    return [];
  }

  #noteExit(
    code: number | null,
    signal: NodeJS.Signals | null,
    spawnError: NodeJS.ErrnoException | null,
  ): ProcessExit {
    // In this very turn the group number is still certain to be ours.
    this.#owned.captureGroup();
    this.#exit = { code, signal, spawnError };
    return this.#exit;
  }

  #drain(child: ChildProcess, name: LogStream): void {
    const stream = child[name];
    const splitter = new LineSplitter((text) => this.surroundings.log.push(name, text));
    stream?.on('data', (chunk: Buffer) => {
      this.#lastOutputMs = this.surroundings.clock.monotonicMs();
      splitter.write(chunk);
    });
    stream?.once('close', () => splitter.end());
    stream?.on('error', () => undefined);
  }

  /** A process that escaped our group may hold the pipes open: they are let go once the group is ended. */
  #closePipesLater(child: ChildProcess): void {
    const cancel = this.surroundings.clock.schedule(PIPE_LINGER_MS, () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    child.once('close', cancel);
    child.stdin?.destroy();
  }
}

const PIPE_LINGER_MS = 2000;

/** To be called at once: until its exit was collected the pid cannot belong to anybody else. */
function readLeader(child: ChildProcess, table: ProcessTable): ProcessIdentity | null {
  if (child.pid === undefined) return null;
  try {
    return table.read(child.pid);
  } catch {
    // A process that cannot be identified could not be ended safely later, so it ends now.
    child.kill('SIGKILL');
    return null;
  }
}

function startChild(
  plan: LaunchPlan,
  instanceId: string,
  environment: Readonly<Record<string, string>>,
): ChildProcess | Error {
  try {
    return spawn(plan.file, [...plan.args], {
      cwd: plan.cwd,
      env: { ...environment, ...plan.env, [MARKER_VARIABLE]: instanceId },
      stdio: [plan.stdin, 'pipe', 'pipe'],
      detached: true,
      shell: false,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
