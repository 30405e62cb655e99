import { truncate, stat } from 'node:fs/promises';
import { InstanceRecords } from '../child/instance-records.js';
import { MAX_LOG_BYTES } from '../child/log-file-tail.js';
import { pause } from '../clock.js';
import type { Clock } from '../clock.js';
import type { ProcessIdentity, ProcessTable } from '../process-table/process-table.js';

const LOOK_EVERY_MS = 1000;

interface TendingContext {
  readonly dataDir: string;
  readonly table: ProcessTable;
  readonly clock: Clock;
}

/** True while the process runs. */
function isRunning(table: ProcessTable, { pid, startTime }: ProcessIdentity): boolean {
  const entry = table.read(pid);
  return entry?.startTime === startTime && entry.isAlive;
}

async function emptyWhenLarge(path: string): Promise<void> {
  const { size } = await stat(path);
  if (size > MAX_LOG_BYTES) await truncate(path);
}

/** True while the engine runs and its gateway has no successor. */
async function isOrphan(
  instanceId: string,
  leader: ProcessIdentity,
  { records, table }: { readonly records: InstanceRecords; readonly table: ProcessTable },
): Promise<boolean> {
  const record = await records.read(instanceId);
  return record !== null && isRunning(table, leader) && !isRunning(table, record.supervisor);
}

/**
 * Keeps the logs of engines bounded that run without a gateway, since nobody else empties them. Resolves when none is
 * left: each ended, or was taken over. Signals nothing.
 */
export async function tendKeptEngines(
  kept: ReadonlyMap<string, ProcessIdentity>,
  { dataDir, table, clock }: TendingContext,
): Promise<void> {
  if (kept.size === 0) return;
  const records = await InstanceRecords.open(dataDir);
  const left = new Map(kept);
  while (left.size > 0) {
    // Before the first look: a process that was killed is still there for a moment.
    await pause(clock, LOOK_EVERY_MS);
    for (const [instanceId, leader] of left) {
      if (!(await isOrphan(instanceId, leader, { records, table }))) {
        left.delete(instanceId);
        continue;
      }
      for (const stream of ['stdout', 'stderr'] as const) {
        await emptyWhenLarge(records.logPath(instanceId, stream)).catch(() => undefined);
      }
    }
  }
}
