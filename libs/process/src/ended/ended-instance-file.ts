import type { LogLine } from '../child/log-ring.js';
import type { InstanceView } from '../instance-view.js';
import { KEPT_LINES } from '../launch/instance-failure.js';

/** More than any file we write: the lines get the most of it, the view and its message the rest. */
export const MAX_FILE_BYTES = 64 * 1024;
const MAX_LINES = 500;
const MAX_LINE_BYTES = 48 * 1024;
const MAX_MESSAGE_LENGTH = 2000;

interface EndedInstanceFile {
  readonly view: InstanceView;
  readonly lines: readonly LogLine[];
}

/** The text of the file: the view, and as many of the last lines as fit. */
export function formatEndedInstance(view: InstanceView, lines: readonly LogLine[]): string {
  const exit = view.exit && {
    ...view.exit,
    message: view.exit.message.slice(0, MAX_MESSAGE_LENGTH),
    lastLines: [],
  };
  return JSON.stringify({ view: { ...view, exit }, lines: lastThatFit(lines) });
}

function lastThatFit(lines: readonly LogLine[]): LogLine[] {
  const kept: LogLine[] = [];
  let bytes = 0;
  for (const line of lines.slice(-MAX_LINES).reverse()) {
    bytes += Buffer.byteLength(JSON.stringify(line)) + 1;
    if (bytes > MAX_LINE_BYTES) break;
    kept.push(line);
  }
  return kept.reverse();
}

/** Null when the text is not one of ours. */
export function parseEndedInstance(text: string): EndedInstanceFile | null {
  const file = parseJson(text);
  if (!isObject(file) || !isEndedView(file['view']) || !isLog(file['lines'])) return null;
  const { view, lines } = file as unknown as EndedInstanceFile;
  const lastLines = lines.slice(-KEPT_LINES).map((line) => line.text);
  return { view: { ...view, exit: view.exit && { ...view.exit, lastLines } }, lines };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isEndedView(view: unknown): boolean {
  if (!isObject(view)) return false;
  const { id, localModelName, startedAt, endedAt, exit } = view;
  const hasTimes = Number.isFinite(startedAt) && Number.isFinite(endedAt);
  const hasNames = typeof id === 'string' && typeof localModelName === 'string';
  return hasTimes && hasNames && isObject(exit) && typeof exit['reason'] === 'string';
}

/** Lines are found by counting, so their numbers must follow each other. */
function isLog(lines: unknown): boolean {
  return (
    Array.isArray(lines) &&
    lines.every(
      (line: unknown, index) =>
        isObject(line) &&
        typeof line['text'] === 'string' &&
        Number.isInteger(line['seq']) &&
        line['seq'] === (lines as LogLine[])[0]!.seq + index,
    )
  );
}
