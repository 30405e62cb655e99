import type { LearnedFigure } from './learned-figures.js';

/** Where learned figures outlive the process. */
export interface FigureStore {
  /** What was saved last; empty when there is nothing. Never rejects. */
  load(): Promise<ReadonlyMap<string, LearnedFigure>>;
  /** Replaces what was saved. Never rejects: learning is a convenience. */
  save(figures: ReadonlyMap<string, LearnedFigure>): Promise<void>;
}
