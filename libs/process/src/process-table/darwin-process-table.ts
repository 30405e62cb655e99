import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { MARKER_VARIABLE } from './process-table.js';
import type { MarkedProcess, ProcessEntry, ProcessTable } from './process-table.js';

const run = promisify(execFile);
// A fixed locale and zone: the start time is compared as text.
const PS_OPTIONS = {
  encoding: 'utf8',
  env: { PATH: '/bin:/usr/bin:/usr/sbin', LC_ALL: 'C', TZ: 'UTC' },
  maxBuffer: 64 * 1024 * 1024,
} as const;
const COLUMNS = 'pid=,pgid=,stat=,lstart=';

/** Reads the output of `ps -o pid=,pgid=,stat=,lstart=`; lines that do not fit are left out. */
export function parsePsTable(text: string): ProcessEntry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S.*\S)\s*$/.exec(line);
    if (match === null) return [];
    const [, pid, pgid, state = '', startTime = ''] = match;
    return [{ pid: Number(pid), pgid: Number(pgid), startTime, isAlive: !state.startsWith('Z') }];
  });
}

/** Reads `pid command environment…` lines; the marker is the last match, after the command itself. */
export function parsePsMarkers(text: string): Map<number, string> {
  const markers = new Map<number, string>();
  for (const line of text.split('\n')) {
    const pid = /^\s*(\d+)\s/.exec(line)?.[1];
    const marker = [...line.matchAll(new RegExp(` ${MARKER_VARIABLE}=(\\S+)`, 'g'))].at(-1)?.[1];
    if (pid !== undefined && marker !== undefined) markers.set(Number(pid), marker);
  }
  return markers;
}

function ps(args: readonly string[]): string {
  try {
    return execFileSync('/bin/ps', args, { ...PS_OPTIONS, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return ''; // ps exits 1 when no process matched
  }
}

async function listMarked(instanceIdPrefix: string): Promise<MarkedProcess[]> {
  const { stdout } = await run('/bin/ps', ['-axEww', '-o', 'pid=,command='], PS_OPTIONS);
  const markers = parsePsMarkers(stdout);
  return parsePsTable(ps(['-axo', COLUMNS])).flatMap((entry) => {
    const instanceId = markers.get(entry.pid);
    const isOurs = entry.isAlive && entry.pid !== process.pid;
    return isOurs && instanceId?.startsWith(instanceIdPrefix) ? [{ ...entry, instanceId }] : [];
  });
}

/** Sums the output of `ps -o rss=`, which is in kilobytes; null when it is empty. */
export function parsePsResident(text: string): number | null {
  const kilobytes = text.match(/\d+/g);
  return kilobytes === null ? null : kilobytes.reduce((sum, each) => sum + Number(each) * 1024, 0);
}

/** Sums the output of `ps -o time=` (`[[days-]hours:]minutes:seconds`) in seconds; null when it is empty. */
export function parsePsTimes(text: string): number | null {
  const times = text.match(/[\d:.-]*\d/g);
  if (times === null) return null;
  return times.reduce((total, time) => {
    const [days, clock = ''] = time.includes('-') ? time.split('-') : ['0', time];
    const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    return total + Number(days) * 86_400 + seconds;
  }, 0);
}

async function readColumn(
  pids: readonly number[],
  column: 'rss' | 'time',
  parse: (text: string) => number | null,
): Promise<number | null> {
  if (pids.length === 0) return null;
  const args = ['-o', `${column}=`, '-p', pids.join()];
  return run('/bin/ps', args, PS_OPTIONS).then(
    ({ stdout }) => parse(stdout),
    () => null,
  );
}

export function createDarwinProcessTable(): ProcessTable {
  const bootTime = execFileSync('/usr/sbin/sysctl', ['-n', 'kern.boottime'], PS_OPTIONS);
  return {
    bootId: /sec = (\d+)/.exec(bootTime)?.[1] ?? bootTime.trim(),
    read: (pid) => parsePsTable(ps(['-o', COLUMNS, '-p', String(pid)]))[0] ?? null,
    list: () => parsePsTable(ps(['-axo', COLUMNS])),
    marked: listMarked,
    // Resident size leaves Metal memory out there, so a figure would mislead.
    residentBytes: () => null,
    // Good enough to see a load grow.
    footprint: (pids) => readColumn(pids, 'rss', parsePsResident),
    cpuSeconds: (pids) => readColumn(pids, 'time', parsePsTimes),
    isFootprintWhole: false,
  };
}
