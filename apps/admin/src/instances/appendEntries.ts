import type { LogEntry } from './Instance.js';

/** More would slow the page down without helping anybody; the gateway keeps its own, longer buffer. */
const shownEntries = 1000;

/**
 * The newest entries after `incoming` has come in. What was seen is left out: after a lost connection the stream may
 * begin a little before the point where it broke off.
 */
export function appendEntries(
  entries: readonly LogEntry[],
  incoming: readonly LogEntry[],
): readonly LogEntry[] {
  const lastSeq = entries.at(-1)?.seq ?? 0;
  const fresh = incoming.filter(({ seq }) => seq > lastSeq);
  return fresh.length === 0 ? entries : [...entries, ...fresh].slice(-shownEntries);
}
