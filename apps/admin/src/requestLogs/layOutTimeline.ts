import type { Attempt } from './RequestLog.js';

export type SegmentKind = 'queue' | 'load' | 'firstToken' | 'answer' | 'noAnswer';

export interface TimelineSegment {
  readonly kind: SegmentKind;
  readonly ms: number;
}

export interface TimelineBar {
  readonly attempt: Attempt;
  /** From the arrival of the request to the start of the attempt. */
  readonly offsetMs: number;
  /** In the order they happened; empty ones are left out. */
  readonly segments: readonly TimelineSegment[];
}

interface Timeline {
  /** The common scale of all bars, above zero. */
  readonly spanMs: number;
  readonly bars: readonly TimelineBar[];
}

type Timed = Pick<Attempt, 'queueMs' | 'loadMs' | 'firstTokenMs' | 'totalMs' | 'outcome'>;

/**
 * Cuts the time of an attempt into what it was spent on. All four figures count from the start of the
 * attempt, so each segment is what the one before has left over.
 */
export function splitAttempt(attempt: Timed): readonly TimelineSegment[] {
  const queue = attempt.queueMs ?? 0;
  const load = attempt.loadMs ?? 0;
  const total = Math.max(attempt.totalMs ?? 0, attempt.firstTokenMs ?? 0, queue + load);
  const ready = queue + load;
  const first = attempt.firstTokenMs === null ? null : Math.max(attempt.firstTokenMs, ready);
  const segments: readonly TimelineSegment[] = [
    { kind: 'queue', ms: queue },
    { kind: 'load', ms: load },
    ...(first === null
      ? [{ kind: kindWithoutToken(attempt.outcome), ms: total - ready }]
      : [
          { kind: 'firstToken' as const, ms: first - ready },
          { kind: 'answer' as const, ms: total - first },
        ]),
  ];
  return segments.filter(({ ms }) => ms > 0);
}

/** An answer that came in one piece has no first token, but it is an answer. */
function kindWithoutToken(outcome: string): SegmentKind {
  if (outcome === 'completed') return 'answer';
  return outcome === 'running' ? 'firstToken' : 'noAnswer';
}

/** Places all attempts of a request on one scale. */
export function layOutTimeline(createdAt: number, attempts: readonly Attempt[]): Timeline {
  const bars = attempts.map((attempt) => ({
    attempt,
    offsetMs: Math.max(0, attempt.startedAt - createdAt),
    segments: splitAttempt(attempt),
  }));
  const ends = bars.map(
    ({ offsetMs, segments }) => offsetMs + segments.reduce((sum, { ms }) => sum + ms, 0),
  );
  return { spanMs: Math.max(1, ...ends), bars };
}
