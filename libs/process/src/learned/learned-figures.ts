/** What earlier runs of one launch taught; null for what was never seen. */
export interface LearnedFigure {
  /** From the permit to start until it could serve. */
  readonly loadMs: number | null;
  /** How long a request keeps one slot. */
  readonly serviceMs: number | null;
  readonly footprintBytes: number | null;
}

export const nothingLearned: LearnedFigure = {
  loadMs: null,
  serviceMs: null,
  footprintBytes: null,
};

/** Share a new observation has in the running mean. */
const NEWEST_SHARE = 0.3;
/** Launches kept; the one that was not seen for longest is forgotten. */
const MAX_LAUNCHES = 200;

function blend(known: number | null, seen: number): number {
  return known === null ? seen : known + NEWEST_SHARE * (seen - known);
}

/** Figures per launch, told from what was observed. Keys come from `launchHash`. */
export class LearnedFigures {
  readonly #figures = new Map<string, LearnedFigure>();

  of(launch: string): LearnedFigure {
    return this.#figures.get(launch) ?? nothingLearned;
  }

  noteLoad(launch: string, loadMs: number): void {
    this.#update(launch, { loadMs: blend(this.of(launch).loadMs, loadMs) });
  }

  noteService(launch: string, serviceMs: number): void {
    this.#update(launch, { serviceMs: blend(this.of(launch).serviceMs, serviceMs) });
  }

  #update(launch: string, change: Partial<LearnedFigure>): void {
    const figure = { ...this.of(launch), ...change };
    // Set anew, so that the map stays in the order of use.
    this.#figures.delete(launch);
    this.#figures.set(launch, figure);
    const [oldest] = this.#figures.keys();
    if (this.#figures.size > MAX_LAUNCHES && oldest !== undefined) this.#figures.delete(oldest);
  }
}
