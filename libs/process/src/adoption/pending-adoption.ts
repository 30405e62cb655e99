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

  take(): Adoption | null {
    const adoption = this.#adoption;
    this.#adoption = null;
    return adoption;
  }
}
