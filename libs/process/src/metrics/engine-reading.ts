import type { Figures } from './read-figures.js';

/** What an engine told last; null is what it does not tell. */
export interface EngineReading {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly requestsRunning: number | null;
  readonly requestsWaiting: number | null;
  /** Share of the room for contexts that is taken, from 0 to 1. */
  readonly kvCacheUsage: number | null;
  /** Since it was started. */
  readonly promptTokens: number | null;
  readonly generatedTokens: number | null;
  /**
   * Since the reading before: while it worked, for engines that count that time, else over all the time. Null after the
   * first reading.
   */
  readonly promptTokensPerSecond: number | null;
  readonly generatedTokensPerSecond: number | null;
  readonly modelBytes: number | null;
  readonly modelGpuBytes: number | null;
}

/** Figures with the monotonic time they were read at. */
export interface TimedFigures {
  readonly figures: Figures;
  readonly readMs: number;
}

type Counter = 'prompt' | 'generated';

/** Null where a counter is missing or ran backwards: then the engine was started anew. */
function growth(before: number | undefined, now: number | undefined): number | null {
  if (before === undefined || now === undefined || now < before) return null;
  return now - before;
}

function perSecond(counter: Counter, before: TimedFigures, now: TimedFigures): number | null {
  const tokens = growth(before.figures[`${counter}Tokens`], now.figures[`${counter}Tokens`]);
  const worked = growth(before.figures[`${counter}Seconds`], now.figures[`${counter}Seconds`]);
  const seconds = worked ?? (now.readMs - before.readMs) / 1000;
  if (tokens === 0) return 0;
  return tokens === null || seconds <= 0 ? null : tokens / seconds;
}

export function makeReading(
  now: TimedFigures,
  before: TimedFigures | null,
  at: number,
): EngineReading {
  const { figures } = now;
  const rate = (counter: Counter): number | null =>
    before === null ? null : perSecond(counter, before, now);
  return {
    at,
    requestsRunning: figures.requestsRunning ?? null,
    requestsWaiting: figures.requestsWaiting ?? null,
    kvCacheUsage: figures.kvCacheUsage ?? null,
    promptTokens: figures.promptTokens ?? null,
    generatedTokens: figures.generatedTokens ?? null,
    promptTokensPerSecond: rate('prompt'),
    generatedTokensPerSecond: rate('generated'),
    modelBytes: figures.modelBytes ?? null,
    modelGpuBytes: figures.modelGpuBytes ?? null,
  };
}
