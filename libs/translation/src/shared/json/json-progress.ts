/**
 * Follows a JSON object that arrives in fragments and knows when it is whole. Every character is looked
 * at once. It counts brackets only; whether the text is valid is for a parser to say.
 */
export class JsonProgress {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  isComplete = false;

  push(fragment: string): void {
    for (let index = 0; index < fragment.length && !this.isComplete; index += 1) {
      this.#step(fragment.charCodeAt(index));
    }
  }

  #step(code: number): void {
    if (this.#isEscaped) {
      this.#isEscaped = false;
    } else if (code === 0x5c) {
      this.#isEscaped = this.#isInString;
    } else if (code === 0x22) {
      this.#isInString = !this.#isInString;
    } else if (!this.#isInString) {
      if (code === 0x7b || code === 0x5b) this.#depth += 1;
      if (code === 0x7d || code === 0x5d) this.#depth -= 1;
      this.isComplete = this.#depth <= 0 && (code === 0x7d || code === 0x5d);
    }
  }
}
