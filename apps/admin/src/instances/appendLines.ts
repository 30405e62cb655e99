import type { LogLine } from './Instance.js';

/** More would slow the page down without helping anybody; the gateway keeps its own, longer buffer. */
const shownLines = 1000;

/**
 * The newest lines after `incoming` has come in. Lines that were seen are left out: after a lost
 * connection the stream may begin a little before the point where it broke off.
 */
export function appendLines(
  lines: readonly LogLine[],
  incoming: readonly LogLine[],
): readonly LogLine[] {
  const lastSeq = lines.at(-1)?.seq ?? -1;
  const fresh = incoming.filter(({ seq }) => seq > lastSeq);
  return fresh.length === 0 ? lines : [...lines, ...fresh].slice(-shownLines);
}
