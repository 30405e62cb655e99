import type { Clock } from '../clock.js';
import type { FigureStore } from './figure-store.js';

/** What earlier runs of one launch taught; null for what was never seen. */
export interface LearnedFigure {
  /** From the permit to start until it could serve. */
  readonly loadMs: number | null;
  /** How long a request keeps one slot. */
  readonly serviceMs: number | null;
  readonly footprintBytes: number | null;
}

type MutableFigure = { -readonly [Name in keyof LearnedFigure]: LearnedFigure[Name] };

const nothingLearned: LearnedFigure = {
  loadMs: null,
  serviceMs: null,
  footprintBytes: null,
};

/** Share a new observation has in the running mean. */
const NEWEST_SHARE = 0.3;
const FOOTPRINT_DECAY = 0.1;
const OUT_OF_MEMORY_GROWTH = 1.5;
/** Many requests teach a little each: they are saved together. */
const SAVE_AFTER_MS = 5000;
/** Launches kept; the one that was not seen for longest is forgotten. */
const MAX_LAUNCHES = 200;

function blend(known: number | null, seen: number): number {
  return known === null ? seen : known + NEWEST_SHARE * (seen - known);
}

/** Figures per launch, told from what was observed. Keys come from `launchHash`. */
export class LearnedFigures {
  readonly #figures: Map<string, MutableFigure>;
  #cancelSave: (() => void) | null = null;

  static async open(store: FigureStore, clock: Clock): Promise<LearnedFigures> {
    return new LearnedFigures(store, clock, await store.load());
  }

  private constructor(
    private readonly store: FigureStore,
    private readonly clock: Clock,
    known: ReadonlyMap<string, LearnedFigure>,
  ) {
    this.#figures = new Map([...known].map(([launch, figure]) => [launch, { ...figure }]));
  }

  /** Saves what is not saved yet. */
  async flush(): Promise<void> {
    if (this.#cancelSave === null) return;
    this.#cancelSave();
    this.#cancelSave = null;
    await this.store.save(this.#figures);
  }

  of(launch: string): LearnedFigure {
    return this.#figures.get(launch) ?? nothingLearned;
  }

  noteLoad(launch: string, loadMs: number): void {
    this.#update(launch, { loadMs: blend(this.of(launch).loadMs, loadMs) });
  }

  /** Called for every request: the figure is changed in place. */
  noteService(launch: string, serviceMs: number): void {
    const figure = this.#figures.get(launch);
    if (figure === undefined) this.#update(launch, { serviceMs });
    else figure.serviceMs = blend(figure.serviceMs, serviceMs);
    this.#saveSoon();
  }

  /** The largest counts, but a smaller one later lets it sink slowly: a leak was mended, a context never filled. */
  noteFootprint(launch: string, bytes: number): void {
    const known = this.of(launch).footprintBytes ?? 0;
    const sunk = known - FOOTPRINT_DECAY * Math.max(0, known - bytes);
    this.#update(launch, { footprintBytes: Math.round(Math.max(bytes, sunk)) });
  }

  /** It did not fit into what was thought enough. */
  noteOutOfMemory(launch: string, triedBytes: number): void {
    const known = this.of(launch).footprintBytes ?? 0;
    const footprintBytes = Math.round(Math.max(known, triedBytes) * OUT_OF_MEMORY_GROWTH);
    this.#update(launch, { footprintBytes });
  }

  #saveSoon(): void {
    this.#cancelSave ??= this.clock.schedule(SAVE_AFTER_MS, () => void this.flush());
  }

  #update(launch: string, change: Partial<LearnedFigure>): void {
    const figure = { ...this.of(launch), ...change };
    // Set anew, so that the map stays in the order of use.
    this.#figures.delete(launch);
    this.#figures.set(launch, figure);
    const [oldest] = this.#figures.keys();
    if (this.#figures.size > MAX_LAUNCHES && oldest !== undefined) this.#figures.delete(oldest);
    this.#saveSoon();
  }
}
