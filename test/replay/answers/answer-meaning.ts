/** Why an answer ended, as far as all protocols can say it; `tool` wherever the caller must run one. */
export type FinishClass = 'stop' | 'length' | 'tool' | 'filter' | 'pause';

export interface Call {
  readonly name: string;
  readonly arguments: string;
  /** The arguments are plain text. */
  readonly isFreeform?: boolean;
}

/** Tokens; null where nothing was said. Cached, written and reasoning tokens are parts of their sums. */
export interface Counts {
  readonly input: number | null;
  readonly output: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly reasoning: number | null;
}

/** What an answer says, whatever the protocol it is written in. */
export interface AnswerMeaning {
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly calls: readonly Call[];
  readonly finish: FinishClass;
  readonly stopString: string | null;
  readonly usage: Counts;
  readonly citedUrls: readonly string[];
  /** Answers side by side; translation knows one alone. */
  readonly choiceCount: number;
}

/** The answer failed: an error of the upstream's, or an end without a finish. */
export interface AnswerFailure {
  readonly failure: string;
}

export type AnswerReading = AnswerMeaning | AnswerFailure;

export const noCounts: Counts = {
  input: null,
  output: null,
  cacheRead: null,
  cacheWrite: null,
  reasoning: null,
};

/** A part cannot be larger than its whole; some providers say so nevertheless. */
export function within(part: number | null, whole: number | null): number | null {
  return part === null || whole === null ? part : Math.min(part, whole);
}

/** Decided by content: many upstreams say `stop` beside a call, some say `tool_calls` without one. */
export function settled(finish: FinishClass, calls: readonly Call[], refusal: string): FinishClass {
  if (finish === 'length' || finish === 'filter') return finish;
  if (calls.length > 0) return 'tool';
  if (finish === 'stop' && refusal !== '') return 'filter';
  return finish === 'tool' ? 'stop' : finish;
}

/** A count of a wire, null when absent or no count. */
export function counted(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 ? Math.trunc(value) : null;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
