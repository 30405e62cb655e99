import type { InstanceRecord, KeptEngine } from '../child/instance-records.js';
import type { ProcessIdentity } from '../process-table/process-table.js';

/** The record of an engine that was ready and was to be kept. */
export interface KeptRecord extends InstanceRecord {
  readonly leader: ProcessIdentity;
  readonly kept: KeptEngine;
}

/** An engine of an earlier gateway that this one goes on with: it was proven to be the one that is wanted. */
export interface Adoption {
  readonly record: KeptRecord;
  /** The program, as `locate` found it. */
  readonly file: string;
}

export function isKeptRecord(record: InstanceRecord): record is KeptRecord {
  return record.kept !== null && record.leader !== null;
}
