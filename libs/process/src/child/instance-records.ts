import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { PoolBytes } from '../memory/pool-bytes.js';
import type { ProcessIdentity } from '../process-table/process-table.js';
import type { LogStream } from './log-ring.js';
import { writeFileAtomic } from './write-file-atomic.js';

/** What a later gateway needs beside its identity to take an engine over as it runs. */
export interface KeptEngine {
  /** Where it answers: `http://127.0.0.1:port` or `unix:/path`. */
  readonly origin: string;
  /** What stood on its command line: 0 and null where it did not. */
  readonly port: number;
  readonly socketPath: string | null;
  /** Of its whole launch line; see `hashLaunchLine`. */
  readonly launchLine: string;
  /** Epoch milliseconds. */
  readonly readyAt: number;
  /** What was reserved for it of each pool; missing in records of versions that did not say. */
  readonly reserved?: PoolBytes;
}

/** What must be known of an engine process to find and end it after this gateway died. */
export interface InstanceRecord {
  readonly instanceId: string;
  readonly modelId: string;
  readonly engine: string;
  /** Null from before the spawn until the pid is known. */
  readonly leader: ProcessIdentity | null;
  /** The group number; the engine leads its own group, so it equals the leader's pid. */
  readonly pgid: number | null;
  readonly bootId: string;
  /** The supervising process: while it lives, nobody else may touch the engine. */
  readonly supervisor: ProcessIdentity;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Null until the engine is ready, and for ever where it ends with its gateway. */
  readonly kept: KeptEngine | null;
}

const RECORD = '.json';
const SOCKET = '.sock';
const LOGS: Readonly<Record<LogStream, string>> = { stdout: '.out', stderr: '.err' };
/** All of an instance's files but its record. */
const BELONGINGS = [SOCKET, LOGS.stdout, LOGS.stderr];

function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startTime } = value as Partial<ProcessIdentity>;
  return Number.isInteger(pid) && Number(pid) > 1 && typeof startTime === 'string';
}

function isPoolBytes(value: unknown): value is PoolBytes {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((bytes) => Number.isFinite(bytes) && Number(bytes) >= 0);
}

function isKept(value: unknown): value is KeptEngine {
  if (typeof value !== 'object' || value === null) return false;
  const { origin, port, socketPath, launchLine, readyAt, reserved } = value as Partial<KeptEngine>;
  const isPlace = Number.isInteger(port) && (socketPath === null || typeof socketPath === 'string');
  const hasTexts = typeof origin === 'string' && typeof launchLine === 'string';
  const isMemory = reserved === undefined || isPoolBytes(reserved);
  return isPlace && hasTexts && isMemory && typeof readyAt === 'number';
}

function isRecord(value: unknown): value is InstanceRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { instanceId, bootId, leader, supervisor, kept } = value as Partial<InstanceRecord>;
  const isLeaderKnown = leader === null || isIdentity(leader);
  const hasIds = typeof instanceId === 'string' && typeof bootId === 'string';
  return hasIds && isLeaderKnown && isIdentity(supervisor) && (kept === null || isKept(kept));
}

/** Files of instances, named by their ids: what the gateway lost track of is found by them. */
export class InstanceRecords {
  private constructor(readonly folder: string) {}

  /** One durable record per live engine process in `<dataDir>/instances`, with its socket and logs beside it. */
  static async open(dataDir: string): Promise<InstanceRecords> {
    const folder = join(resolve(dataDir), 'instances');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new InstanceRecords(folder);
  }

  /** Where the engine's socket is, if it has one. */
  socketPath(instanceId: string): string {
    return join(this.folder, instanceId + SOCKET);
  }

  /** Where an engine that may outlive its gateway writes. */
  logPath(instanceId: string, stream: LogStream): string {
    return join(this.folder, instanceId + LOGS[stream]);
  }

  async write(record: InstanceRecord): Promise<void> {
    await writeFileAtomic(this.#path(record.instanceId), JSON.stringify(record));
  }

  /** Null when there is none, or none that can be read. */
  read(instanceId: string): Promise<InstanceRecord | null> {
    return this.#read(this.#path(instanceId));
  }

  /** Removes everything of an instance that is gone; the record last, since it names the rest. */
  async remove(instanceId: string): Promise<void> {
    for (const suffix of [...BELONGINGS, RECORD]) {
      await rm(join(this.folder, instanceId + suffix), { force: true });
    }
  }

  /** All readable records; a file that is no record is removed, since it cannot lead to any process. */
  async readAll(): Promise<InstanceRecord[]> {
    const records: InstanceRecord[] = [];
    for (const name of await readdir(this.folder)) {
      if (!name.endsWith(RECORD)) continue;
      const record = await this.#read(join(this.folder, name));
      if (record?.instanceId === name.slice(0, -RECORD.length)) records.push(record);
      else await rm(join(this.folder, name), { force: true });
    }
    return records;
  }

  /** Removes sockets and logs that have no record: a record is there before, and goes after them. */
  async removeStrays(): Promise<void> {
    const names = await readdir(this.folder);
    const recorded = new Set(names.filter((name) => name.endsWith(RECORD)));
    for (const name of names) {
      const suffix = BELONGINGS.find((each) => name.endsWith(each));
      const isStray = suffix !== undefined && !recorded.has(name.slice(0, -suffix.length) + RECORD);
      if (isStray) await rm(join(this.folder, name), { force: true });
    }
  }

  async #read(path: string): Promise<InstanceRecord | null> {
    try {
      const value: unknown = JSON.parse(await readFile(path, 'utf8'));
      // Records of a version that kept nothing do not say so.
      const whole = typeof value === 'object' && value !== null ? { kept: null, ...value } : value;
      return isRecord(whole) ? whole : null;
    } catch {
      return null;
    }
  }

  #path(instanceId: string): string {
    return join(this.folder, `${instanceId}${RECORD}`);
  }
}
