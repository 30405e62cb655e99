import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { MARKER_VARIABLE } from './process-table.js';
import type { MarkedProcess, ProcessEntry, ProcessTable } from './process-table.js';

const READS_AT_ONCE = 8;

/** Reads one line of `/proc/<pid>/stat`; null when it is not one. */
export function parseProcStat(text: string): ProcessEntry | null {
  // The command name is free text and may hold spaces and parentheses: fields count from the last `)`.
  const nameEnd = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  if (nameEnd < 0 || !Number.isInteger(pid)) return null;
  const fields = text.slice(nameEnd + 2).split(' ');
  const [state, , pgid] = fields;
  const startTime = fields[19];
  if (state === undefined || pgid === undefined || startTime === undefined) return null;
  return { pid, pgid: Number(pgid), startTime, isAlive: !'ZXx'.includes(state) };
}

/** The marker in a NUL-separated environment block, or null. */
export function findMarker(environ: string): string | null {
  const prefix = `${MARKER_VARIABLE}=`;
  const entry = environ.split('\0').find((each) => each.startsWith(prefix));
  return entry === undefined ? null : entry.slice(prefix.length);
}

const GONE = new Set(['ENOENT', 'ESRCH']);
const NOT_OURS = new Set(['EACCES', 'EPERM']);

/** Any other fault (no free file descriptor) must not be taken for the end of a process. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function readEntry(pid: number | string): ProcessEntry | null {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch (error) {
    if (GONE.has(codeOf(error))) return null;
    throw error;
  }
}

function listEntries(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => name >= '0' && name <= '9~')
    .map(readEntry)
    .filter((entry) => entry !== null);
}

// Asynchronous on purpose: reading the environment takes the memory lock of the target, and a process
// stuck in a driver may hold it for long. Only a pool thread waits then, not the event loop.
async function readMarker(pid: number): Promise<string | null> {
  try {
    return findMarker(await readFile(`/proc/${pid}/environ`, 'latin1'));
  } catch (error) {
    if (GONE.has(codeOf(error)) || NOT_OURS.has(codeOf(error))) return null;
    throw error;
  }
}

async function listMarked(instanceIdPrefix: string): Promise<MarkedProcess[]> {
  const queue = listEntries().filter((entry) => entry.isAlive && entry.pid !== process.pid);
  const found: MarkedProcess[] = [];
  const work = async (): Promise<void> => {
    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
      const instanceId = await readMarker(entry.pid);
      if (instanceId?.startsWith(instanceIdPrefix)) found.push({ ...entry, instanceId });
    }
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, work));
  return found;
}

function readResidentBytes(pid: number): number | null {
  try {
    const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return match === null ? null : Number(match[1]) * 1024;
  } catch {
    return null;
  }
}

async function readFootprint(pid: number): Promise<number | null> {
  // Asynchronous for the same reason as the environment. Shared pages are split between who shares them.
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1').catch(() => '');
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1];
  return kilobytes === undefined ? readResidentBytes(pid) : Number(kilobytes) * 1024;
}

/** Linux counts in hundredths of a second on every machine Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU time in one line of `/proc/<pid>/stat`, that of ended children included; null when it is not one. */
export function parseCpuSeconds(text: string): number | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).map(Number);
  const isWhole = ticks.length === 4 && ticks.every(Number.isInteger);
  return isWhole ? ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND : null;
}

async function readCpuSeconds(pid: number): Promise<number | null> {
  return parseCpuSeconds(await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ''));
}

/** The sum of what is known; null when nothing is. */
async function together(read: readonly Promise<number | null>[]): Promise<number | null> {
  const known = (await Promise.all(read)).filter((each) => each !== null);
  return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0);
}

/** Reads `/proc`; start times are in clock ticks since boot. @throws Error where there is no `/proc`. */
export function createLinuxProcessTable(): ProcessTable {
  return {
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
    read: readEntry,
    list: listEntries,
    marked: listMarked,
    residentBytes: readResidentBytes,
    isFootprintWhole: true,
    footprint: (pids) => together(pids.map(readFootprint)),
    cpuSeconds: (pids) => together(pids.map(readCpuSeconds)),
  };
}
