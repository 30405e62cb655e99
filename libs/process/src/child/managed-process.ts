import type { Clock } from '../clock.js';
import type { LaunchPlan } from '../engine-preset.js';
import type { GuardianLink } from '../guardian/guardian-link.js';
import type { ProcessIdentity, ProcessTable } from '../process-table/process-table.js';
import { AdoptedLeader } from './adopted-leader.js';
import type { EngineLeader, ProcessExit } from './engine-leader.js';
import { EngineOutput } from './engine-output.js';
import type { InstanceRecord, InstanceRecords, KeptEngine } from './instance-records.js';
import type { LogRing, LogStream } from './log-ring.js';
import { OwnedProcesses } from './owned-processes.js';
import { SpawnedLeader } from './spawned-leader.js';
import { stopProcesses } from './stop-processes.js';

export interface ProcessSurroundings {
  readonly table: ProcessTable;
  readonly records: InstanceRecords;
  readonly guardian: GuardianLink | null;
  readonly clock: Clock;
  readonly log: LogRing;
  /** Environment shared by all engines, already reduced to the allow-list. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What is to be started: how, under which record, and whether it may outlive this process. */
interface SpawnOrder {
  readonly plan: LaunchPlan;
  readonly record: Omit<InstanceRecord, 'leader' | 'pgid' | 'kept'>;
  readonly mayOutlive: boolean;
}

/**
 * One engine process with its group: recorded before it starts, watched by the guardian, drained, ended as a whole. It
 * makes no difference whether we started it or took it over.
 */
export class ManagedProcess {
  /** Resolves when the leader ends. `drained` may come much later: a grandchild can hold the pipes. */
  readonly exited: Promise<ProcessExit>;
  readonly #owned: OwnedProcesses;
  readonly #hurry = new AbortController();
  #exit: ProcessExit | null = null;
  #ending: Promise<number[]> | null = null;

  /**
   * Writes the record durably, then spawns unless the signal has aborted by then. Never throws for a
   * program that cannot be started: that is an exit with `spawnError`.
   */
  static async spawn(
    { plan, record: known, mayOutlive }: SpawnOrder,
    surroundings: ProcessSurroundings,
    signal: AbortSignal,
  ): Promise<ManagedProcess | null> {
    const { records, guardian } = surroundings;
    const record = { ...known, leader: null, pgid: null, kept: null };
    await records.write(record);
    if (signal.aborted) {
      await records.remove(record.instanceId);
      return null;
    }
    const { instanceId } = record;
    const output = new EngineOutput(surroundings.log, surroundings.clock);
    const logPath = mayOutlive ? logPathOf(records, instanceId) : null;
    guardian?.start();
    const leader = new SpawnedLeader(plan, { ...surroundings, instanceId, output, logPath });
    const { identity } = leader;
    const identified = { ...record, leader: identity, pgid: identity?.pid ?? null };
    const managed = new ManagedProcess(leader, identified, surroundings);
    if (identity !== null) {
      guardian?.watch(instanceId, identity);
      // Not fatal: without it the process is still found by its marker.
      await records.write(identified).catch(() => undefined);
    }
    return managed;
  }

  /** Goes on with a process that was just proven to be the recorded one. Writes the record in our name first. */
  static async adopt(
    record: InstanceRecord & { readonly leader: ProcessIdentity },
    surroundings: ProcessSurroundings,
  ): Promise<ManagedProcess> {
    const { records, guardian, log, clock } = surroundings;
    const { instanceId, leader: identity } = record;
    await records.write(record);
    guardian?.start();
    guardian?.watch(instanceId, identity);
    if (record.kept !== null) guardian?.keep(instanceId);
    const output = new EngineOutput(log, clock);
    const logPath = logPathOf(records, instanceId);
    const leader = new AdoptedLeader(identity, { ...surroundings, output, logPath });
    return new ManagedProcess(leader, record, surroundings);
  }

  private constructor(
    private readonly process: EngineLeader,
    private readonly record: InstanceRecord,
    private readonly surroundings: ProcessSurroundings,
  ) {
    const { identity } = process;
    this.#owned = new OwnedProcesses(surroundings.table, record.instanceId, identity);
    this.exited = new Promise((resolve) => {
      process.onExit((exit, isFresh) => {
        // In this very turn the group number is still certain to be ours.
        if (isFresh) this.#owned.captureGroup();
        this.#exit = exit;
        resolve(exit);
      });
    });
  }

  get pid(): number | null {
    return this.process.identity?.pid ?? null;
  }

  get drained(): Promise<void> {
    return this.process.drained;
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
    return this.process.lastOutputMs;
  }

  /**
   * From now on it is left to the next gateway if this one is killed. The record says so before the guardian knows,
   * so that nothing runs on that nobody could find again.
   */
  async keep(kept: KeptEngine): Promise<void> {
    const { records, guardian, log } = this.surroundings;
    try {
      await records.write({ ...this.record, kept });
      guardian?.keep(this.record.instanceId);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.push(
        'stderr',
        `[spillway] This engine ends with its gateway: its record could not be written (${reason}).`,
      );
    }
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
    const { instanceId } = this.record;
    const survivors = await stopProcesses(this.#owned, {
      clock,
      graceMs,
      hurry: this.#hurry.signal,
      ...(signals === undefined ? {} : { signals }),
    });
    if (survivors.length > 0) return survivors;
    await this.exited;
    guardian?.forget(instanceId);
    // A record that stays is removed by the next sweep, which finds nothing to end.
    await records.remove(instanceId).catch(() => undefined);
    return [];
  }
}

function logPathOf(records: InstanceRecords, instanceId: string): (stream: LogStream) => string {
  return (stream) => records.logPath(instanceId, stream);
}
