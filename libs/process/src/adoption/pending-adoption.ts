import type { PoolBytes } from '../memory/pool-bytes.js';
import type { Adoption } from './adoption.js';

/** An adoption that one generation carries out, and no other. */
export class PendingAdoption {
  #adoption: Adoption | null;

  constructor(adoption: Adoption) {
    this.#adoption = adoption;
  }

  get isPending(): boolean {
    return this.#adoption !== null;
  }

  /** Where its memory was reserved when it was started, if that is known. */
  get reserved(): PoolBytes | null {
    return this.#adoption?.record.kept.reserved ?? null;
  }

  take(): Adoption | null {
    const adoption = this.#adoption;
    this.#adoption = null;
    return adoption;
  }
}
