import type { Clock } from '../clock.js';
import { isSameProcess } from '../process-table/process-table.js';
import type { ProcessIdentity, ProcessTable } from '../process-table/process-table.js';
import type { InstanceRecord, InstanceRecords } from './instance-records.js';
import { OwnedProcesses } from './owned-processes.js';
import { stopProcesses } from './stop-processes.js';

/** What a sweep found; processes that even KILL did not end are in neither count and are tried again next time. */
export interface SweepResult {
  /** Instances of a former run that were still alive and have been ended. */
  readonly stopped: number;
  /** Recorded pids that belong to somebody else by now; they were left alone. */
  readonly strangers: number;
}

export interface SweepContext {
  readonly table: ProcessTable;
  readonly records: InstanceRecords;
  readonly clock: Clock;
  readonly supervisor: ProcessIdentity;
  /** Start of the instance ids of this data folder, whichever run made them. */
  readonly homePrefix: string;
  readonly graceMs: number;
  /** True for instances this very supervisor is running. */
  isOwnInstance(instanceId: string): boolean;
}

/** True when another gateway process is alive that looks after the instance. */
export function isSupervised(context: SweepContext, record: InstanceRecord): boolean {
  const { supervisor, bootId } = record;
  const isOther =
    supervisor.pid !== context.supervisor.pid ||
    supervisor.startTime !== context.supervisor.startTime;
  return isOther && bootId === context.table.bootId && isSameProcess(context.table, supervisor);
}

async function endInstance(
  context: SweepContext,
  instanceId: string,
  leader: ProcessIdentity | null,
): Promise<'stopped' | 'gone' | 'stuck'> {
  const owned = new OwnedProcesses(context.table, instanceId, leader);
  const wasAlive = owned.live().length > 0 || (await owned.findEscaped()).length > 0;
  if (!wasAlive) return 'gone';
  const survivors = await stopProcesses(owned, context);
  return survivors.length === 0 ? 'stopped' : 'stuck';
}

/** Ends one recorded instance of a former run; 'stranger' when its pid is somebody else's by now. */
async function sweepRecord(
  context: SweepContext,
  record: InstanceRecord,
): Promise<'stopped' | 'gone' | 'stuck' | 'stranger'> {
  const { leader, instanceId } = record;
  const isThisBoot = record.bootId === context.table.bootId;
  // Start times count from boot: after a reboot an equal one proves nothing.
  const isLeaderOurs = leader !== null && isThisBoot && isSameProcess(context.table, leader);
  const isStranger = leader !== null && !isLeaderOurs && context.table.read(leader.pid) !== null;
  const outcome = await endInstance(context, instanceId, isLeaderOurs ? leader : null);
  // The record of a process that even KILL did not end stays, for the next sweep.
  if (outcome !== 'stuck') await context.records.remove(instanceId);
  return outcome === 'gone' && isStranger ? 'stranger' : outcome;
}

/**
 * Ends what a former run of this data folder left behind: by its records, then by the marker in the
 * environment of processes that have no record. Only those two proofs allow a signal. `isSpared` picks those whose
 * fate is decided later.
 */
export async function sweepOrphans(
  context: SweepContext,
  isSpared: (record: InstanceRecord) => Promise<boolean> = () => Promise.resolve(false),
): Promise<SweepResult> {
  const left = new Set<string>();
  const leftovers: InstanceRecord[] = [];
  for (const record of await context.records.readAll()) {
    if (context.isOwnInstance(record.instanceId)) continue;
    if (!record.instanceId.startsWith(context.homePrefix)) {
      // It came here with a copy of another data folder, whose gateway may still want the engine.
      await context.records.remove(record.instanceId);
      continue;
    }
    if (isSupervised(context, record) || (await isSpared(record))) {
      left.add(record.instanceId);
      continue;
    }
    leftovers.push(record);
  }
  // Together: each may take the whole of its grace.
  const outcomes = await Promise.all(leftovers.map((each) => sweepRecord(context, each)));
  let stopped = outcomes.filter((outcome) => outcome === 'stopped').length;
  const strangers = outcomes.filter((outcome) => outcome === 'stranger').length;
  const marked = await context.table.marked(context.homePrefix);
  for (const instanceId of new Set(marked.map((entry) => entry.instanceId))) {
    if (context.isOwnInstance(instanceId) || left.has(instanceId)) continue;
    if ((await endInstance(context, instanceId, null)) === 'stopped') stopped += 1;
  }
  await context.records.removeStrays();
  return { stopped, strangers };
}
