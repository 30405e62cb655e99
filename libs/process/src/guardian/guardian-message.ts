import type { ProcessIdentity } from '../process-table/process-table.js';

/** What the supervisor tells its guardian, one JSON object a line. */
export type GuardianMessage =
  | { readonly op: 'watch'; readonly instanceId: string; readonly leader: ProcessIdentity }
  /** It may outlive the supervisor: a later one goes on with it. */
  | { readonly op: 'keep'; readonly instanceId: string }
  | { readonly op: 'forget'; readonly instanceId: string }
  /** The supervisor stopped everything itself: exit and touch nothing. */
  | { readonly op: 'clean' };

export function encodeMessage(message: GuardianMessage): string {
  return `${JSON.stringify(message)}\n`;
}

/** Reads one line; null for anything that is no message (a line torn by the supervisor's death). */
export function decodeMessage(line: string): GuardianMessage | null {
  try {
    const value: unknown = JSON.parse(line);
    return isMessage(value) ? value : null;
  } catch {
    return null;
  }
}

function isMessage(value: unknown): value is GuardianMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { op, instanceId, leader } = value as Record<string, unknown>;
  if (op === 'clean') return true;
  if (typeof instanceId !== 'string') return false;
  if (op === 'watch') return typeof leader === 'object' && leader !== null;
  return op === 'forget' || op === 'keep';
}
