import type { VirtualTime } from './virtual-time.js';

/** A request reaches its engine so long after the lease. */
const ARRIVAL_MS = 200;

/** A request an engine works on; both in virtual milliseconds. */
export interface SimulatedWork {
  readonly grantedMs: number;
  readonly endsMs: number;
}

/** What an engine still works on for callers who have left. */
export class UnwantedWork {
  readonly #going = new Set<SimulatedWork>();

  constructor(private readonly time: VirtualTime) {}

  get size(): number {
    return this.#going.size;
  }

  /** It goes on to its end, but never for as long as it is said to at most. */
  add(work: SimulatedWork, boundMs: number): void {
    this.#going.add(work);
    const leftMs = Math.min(Math.max(0, work.endsMs - this.time.nowMs), boundMs - 1);
    this.time.schedule(leftMs, () => this.#going.delete(work));
  }

  clear(): void {
    this.#going.clear();
  }

  /** How much is under way together with what is still wanted; what has not arrived yet is not. */
  countWith(wanted: Iterable<SimulatedWork>): number {
    const all = [...wanted, ...this.#going];
    return all.filter(({ grantedMs }) => grantedMs + ARRIVAL_MS <= this.time.nowMs).length;
  }
}
