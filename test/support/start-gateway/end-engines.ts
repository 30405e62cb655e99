import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';

/** One process, not to be confused with a later one that got the same pid. */
interface EngineProcess {
  readonly pid: number;
  readonly startTime: string;
}

const END_MS = 5000;

/** Live processes that carry the mark of an engine of this data folder. Needs `/proc`; empty without it. */
export function findEngines(dataDir: string): EngineProcess[] {
  if (!existsSync('/proc/self/environ') || !existsSync(dataDir)) return [];
  const home = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 10);
  const mark = `SPILLWAY_INSTANCE=sw-${home}-`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid: Number(pid), startTime: startTimeOf(pid) }))
    .filter((found): found is EngineProcess => found.startTime !== null)
    .filter(({ pid }) =>
      readProc(pid, 'environ')
        .split('\0')
        .some((each) => each.startsWith(mark)),
    );
}

/**
 * Ends every engine of this data folder, whoever its parent is by now: what a test that failed half way has left. The
 * mark and the start time of each are looked at again right before its signal. @throws Error when one does not end.
 */
export async function endEngines(dataDir: string): Promise<void> {
  const deadline = Date.now() + END_MS;
  while (killEngines(dataDir) > 0) {
    if (Date.now() > deadline) throw new Error(`engines of ${dataDir} do not end`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The same without waiting, for the end of the process. Answers how many were there. */
export function killEngines(dataDir: string): number {
  const found = findEngines(dataDir);
  for (const { pid, startTime } of found) {
    if (startTimeOf(pid) !== startTime) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it ended by itself
    }
  }
  return found.length;
}

/** Ticks since boot; null for a process that is not there, or is dead and only not reaped. */
function startTimeOf(pid: number | string): string | null {
  const stat = readProc(pid, 'stat');
  const [state = 'X', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat === '' || 'ZXx'.includes(state) ? null : (rest[18] ?? null);
}

function readProc(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
