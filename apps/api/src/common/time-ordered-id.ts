const idsPerMs = 4096;

/**
 * Ids that are whole numbers below 2^53, grow with time and never repeat: milliseconds times 4096 plus a
 * counter (good until the year 2039). Growing keys keep inserts at the end of the B-tree (random ones cost several times as much).
 */
export class TimeOrderedIds {
  private last = 0;

  /** Ids already on disk are never given again, even when the clock was set back. */
  startAfter(id: number): void {
    this.last = Math.max(this.last, id);
  }

  next(): number {
    this.last = Math.max(this.last + 1, Date.now() * idsPerMs);
    return this.last;
  }
}

/** The smallest id that a row made at this time may have; of a time that has no ids, the nearest whole number below 2^53. */
export function firstIdAt(epochMs: number): number {
  const id = epochMs * idsPerMs;
  return Math.min(Math.max(id, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

const lowDigits = 5;
const lowRange = 36 ** lowDigits;

/** The number in base 36, printed in halves: V8 prints small integers at half the cost of large ones. */
export function toPublicId(prefix: 'req' | 'att', id: number): string {
  if (id < lowRange) return `${prefix}_${id.toString(36)}`;
  const low = id % lowRange;
  const high = (id - low) / lowRange;
  return `${prefix}_${high.toString(36)}${low.toString(36).padStart(lowDigits, '0')}`;
}

/** The number behind a public id; NaN for a text that is none. */
export function fromPublicId(publicId: string): number {
  return Number.parseInt(publicId.slice(4), 36);
}
