import type { Clock } from '../clock.js';
import type { FigureStore } from './figure-store.js';

/** What earlier runs of one launch taught; null for what was never seen. */
export interface LearnedFigure {
  /** From the permit to start until it could serve. */
  readonly loadMs: number | null;
  /** How long a request keeps one slot. */
  readonly serviceMs: number | null;
  /** What it took of main memory, or of all memory while `cardBytes` is null. */
  readonly footprintBytes: number | null;
  /** What it took of graphics cards; null where it was not wholly on them, or that is not told. */
  readonly cardBytes: number | null;
}

/** What one run took. */
export type Footprint = Readonly<Record<'footprintBytes' | 'cardBytes', number | null>>;

type MutableFigure = { -readonly [Name in keyof LearnedFigure]: LearnedFigure[Name] };

const nothingLearned: LearnedFigure = {
  loadMs: null,
  serviceMs: null,
  footprintBytes: null,
  cardBytes: null,
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

function sunk(known: number | null, seen: number | null): number | null {
  if (seen === null) return null;
  const before = known ?? 0;
  return Math.round(Math.max(seen, before - FOOTPRINT_DECAY * Math.max(0, before - seen)));
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
  noteFootprint(launch: string, { footprintBytes, cardBytes }: Footprint): void {
    const known = this.of(launch);
    // Figures of another place say nothing of this one.
    const isSamePlace = (known.cardBytes === null) === (cardBytes === null);
    const before = isSamePlace ? known : nothingLearned;
    this.#update(launch, {
      footprintBytes: sunk(before.footprintBytes, footprintBytes),
      cardBytes: sunk(before.cardBytes, cardBytes),
    });
  }

  /** It did not fit into what was thought enough. */
  noteOutOfMemory(launch: string, tried: Footprint): void {
    const known = this.of(launch);
    const grown = (name: keyof Footprint): number =>
      Math.round(Math.max(known[name] ?? 0, tried[name] ?? 0) * OUT_OF_MEMORY_GROWTH);
    // Cards run out first: what stays beside them was enough.
    if (tried.cardBytes === null) {
      this.#update(launch, { footprintBytes: grown('footprintBytes'), cardBytes: null });
    } else {
      const footprintBytes = tried.footprintBytes ?? 0;
      this.#update(launch, { footprintBytes, cardBytes: grown('cardBytes') });
    }
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
