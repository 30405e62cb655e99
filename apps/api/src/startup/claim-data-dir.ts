import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One gateway a data directory: two would start every engine twice and count budgets apart. The lock names its
 * holder by pid and start time, so that one left behind by a crash, or a pid that was given again, is no holder.
 * @returns releases the claim.
 * @throws Error naming the holder.
 */
export function claimDataDir(dataDir: string): () => void {
  const path = join(dataDir, 'gateway.lock');
  const own = JSON.stringify({ pid: process.pid, startTicks: startTicksOf(process.pid) });
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      const file = openSync(path, 'wx', 0o600);
      writeSync(file, own);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = readHolder(path);
      if (holder !== null && isAlive(holder)) {
        throw new Error(
          `The data directory ${dataDir} is in use by another gateway (process ${holder.pid}). Stop it first, or give this one its own SPILLWAY_DATA_DIR.`,
        );
      }
      rmSync(path, { force: true });
    }
  }
  throw new Error(
    `The lock file ${path} could not be taken. Remove it if no other gateway is running.`,
  );
}

interface Holder {
  readonly pid: number;
  readonly startTicks: string | null;
}

function readHolder(path: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    return typeof holder.pid === 'number'
      ? { pid: holder.pid, startTicks: holder.startTicks ?? null }
      : null;
  } catch {
    return null;
  }
}

function isAlive({ pid, startTicks }: Holder): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startTicksOf(pid);
  return startTicks === null || now === null || now === startTicks;
}

/** Field 22 of /proc/<pid>/stat, counted behind the last parenthesis; null where there is no /proc. */
function startTicksOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
