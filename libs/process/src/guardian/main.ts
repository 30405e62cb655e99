/**
 * The guardian: a small process that outlives a killed supervisor. It holds the reading end of a pipe only the
 * supervisor writes to. End of file without a `clean` before it means the supervisor died, and every engine of its
 * run is ended, apart from those that are to be kept: these are looked after until the next supervisor does.
 * Started as `node main.js <instance id prefix of the run> <data folder>`.
 */
import { createInterface } from 'node:readline';
import { systemClock } from '../clock.js';
import { OwnedProcesses } from '../child/owned-processes.js';
import { stopProcesses } from '../child/stop-processes.js';
import { createProcessTable } from '../process-table/create-process-table.js';
import type { ProcessIdentity } from '../process-table/process-table.js';
import { decodeMessage } from './guardian-message.js';
import { tendKeptEngines } from './tend-kept-engines.js';

/** Short: nothing of a killed gateway may survive it by more than a second. */
const GRACE_MS = 300;

const [, , runPrefix = '', dataDir = ''] = process.argv;
const table = createProcessTable();
const watched = new Map<string, ProcessIdentity | null>();
const kept = new Map<string, ProcessIdentity>();

async function endEverything(): Promise<void> {
  // An engine spawned in the last moment may not have been announced: its marker still names the run.
  if (runPrefix !== '') {
    for (const { instanceId } of await table.marked(runPrefix)) {
      if (!watched.has(instanceId) && !kept.has(instanceId)) watched.set(instanceId, null);
    }
  }
  await Promise.all(
    [...watched].map(([instanceId, leader]) =>
      stopProcesses(new OwnedProcesses(table, instanceId, leader), {
        clock: systemClock,
        graceMs: GRACE_MS,
      }),
    ),
  );
}

function keep(instanceId: string): void {
  const leader = watched.get(instanceId);
  if (leader == null) return;
  watched.delete(instanceId);
  kept.set(instanceId, leader);
}

// A signal meant for the gateway's session must not take the guardian first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.title = 'spillway-guardian';

const lines = createInterface({ input: process.stdin });
process.stdin.on('error', () => lines.close());
lines.on('line', (line) => {
  const message = decodeMessage(line);
  if (message?.op === 'clean') process.exit(0);
  if (message?.op === 'watch') watched.set(message.instanceId, message.leader);
  if (message?.op === 'keep') keep(message.instanceId);
  if (message?.op === 'forget') {
    watched.delete(message.instanceId);
    kept.delete(message.instanceId);
  }
});
lines.on('close', () => {
  void endEverything()
    .then(() => tendKeptEngines(kept, { dataDir, table, clock: systemClock }))
    .finally(() => process.exit(0));
});
