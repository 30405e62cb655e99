import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from '../process-table/process-table.js';
import { writeFileAtomic } from './write-file-atomic.js';

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
}

const SUFFIX = '.json';

function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startTime } = value as Partial<ProcessIdentity>;
  return Number.isInteger(pid) && Number(pid) > 1 && typeof startTime === 'string';
}

function isRecord(value: unknown): value is InstanceRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { instanceId, bootId, leader, supervisor } = value as Partial<InstanceRecord>;
  const isLeaderKnown = leader === null || isIdentity(leader);
  const hasIds = typeof instanceId === 'string' && typeof bootId === 'string';
  return hasIds && isLeaderKnown && isIdentity(supervisor);
}

/** One durable file per live engine process in `<dataDir>/instances`. */
export class InstanceRecords {
  private constructor(readonly folder: string) {}

  static async open(dataDir: string): Promise<InstanceRecords> {
    const folder = join(dataDir, 'instances');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new InstanceRecords(folder);
  }

  async write(record: InstanceRecord): Promise<void> {
    await writeFileAtomic(this.#path(record.instanceId), JSON.stringify(record));
  }

  async remove(instanceId: string): Promise<void> {
    await rm(this.#path(instanceId), { force: true });
  }

  /** All readable records; a file that is no record is removed, since it cannot lead to any process. */
  async readAll(): Promise<InstanceRecord[]> {
    const records: InstanceRecord[] = [];
    for (const name of await readdir(this.folder)) {
      if (!name.endsWith(SUFFIX)) continue;
      const record = await this.#read(join(this.folder, name));
      if (record?.instanceId === name.slice(0, -SUFFIX.length)) records.push(record);
      else await rm(join(this.folder, name), { force: true });
    }
    return records;
  }

  async #read(path: string): Promise<InstanceRecord | null> {
    try {
      const value: unknown = JSON.parse(await readFile(path, 'utf8'));
      return isRecord(value) ? value : null;
    } catch {
      return null;
    }
  }

  #path(instanceId: string): string {
    return join(this.folder, `${instanceId}${SUFFIX}`);
  }
}
