import type { LogEntry, LogLine } from './Instance.js';

/** The browser's `EventSource`, as far as it is used. */
export interface LogSource {
  readonly readyState: number;
  addEventListener(
    name: 'open' | 'error' | 'message' | 'gap' | 'end',
    listener: (event: { readonly data: string }) => void,
  ): void;
  close(): void;
}

interface LogFollower {
  /** Opens a connection; tests put another one in its place. */
  open(url: string): LogSource;
  onEntries(entries: readonly LogEntry[]): void;
  onLive(isLive: boolean): void;
}

/** A model that loads prints hundreds of lines at once; the page is drawn a few times a second. */
const drawEveryMs = 150;
/** A browser gives up where the gateway answers with an error, as it does while it is started again. */
const reopenAfterMs = 3000;
const CLOSED = 2;

interface Gap {
  readonly missed: number;
  readonly to: number;
}

/**
 * Follows a log until its instance has ended. The browser resumes by itself when a connection breaks; when it gives
 * up, the stream is opened anew behind the last entry. @returns how to stop
 */
export function followLog(instanceId: string, follower: LogFollower): () => void {
  const base = `/api/instances/${encodeURIComponent(instanceId)}/logs/stream`;
  let waiting: LogEntry[] = [];
  let lastSeq = 0;
  let source: LogSource | null = null;
  let reopening: ReturnType<typeof setTimeout> | undefined;

  const take = (entry: LogEntry): void => {
    if (entry.seq <= lastSeq) return;
    lastSeq = entry.seq;
    waiting.push(entry);
  };
  const draw = (): void => {
    if (waiting.length === 0) return;
    follower.onEntries(waiting);
    waiting = [];
  };
  const open = (): void => {
    const opened = follower.open(lastSeq === 0 ? base : `${base}?after=${lastSeq}`);
    source = opened;
    opened.addEventListener('open', () => follower.onLive(true));
    opened.addEventListener('message', ({ data }) => take(JSON.parse(data) as LogLine));
    opened.addEventListener('gap', ({ data }) => {
      const { missed, to } = JSON.parse(data) as Gap;
      take({ seq: to, missed });
    });
    opened.addEventListener('end', () => {
      opened.close();
      follower.onLive(false);
      draw();
    });
    opened.addEventListener('error', () => {
      follower.onLive(false);
      if (opened.readyState === CLOSED) reopening = setTimeout(open, reopenAfterMs);
    });
  };

  open();
  const timer = setInterval(draw, drawEveryMs);
  return () => {
    source?.close();
    clearInterval(timer);
    clearTimeout(reopening);
  };
}
