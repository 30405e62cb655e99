/** Finds the end of a JSON object in a text that comes in pieces, without reading what is in it. */
export class JsonObjectScanner {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isDone = false;

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Answers how many of the characters belong to the object; fewer than given mean that it has ended. */
  push(text: string): number {
    for (let at = 0; at < text.length; at += 1) {
      if (this.#isDone) return at;
      this.#step(text.charAt(at));
    }
    return text.length;
  }

  #step(character: string): void {
    if (this.#isEscaped) {
      this.#isEscaped = false;
    } else if (this.#isInString) {
      if (character === '\\') this.#isEscaped = true;
      if (character === '"') this.#isInString = false;
    } else if (character === '"') {
      this.#isInString = true;
    } else if (character === '{' || character === '[') {
      this.#depth += 1;
    } else if (character === '}' || character === ']') {
      this.#depth -= 1;
      this.#isDone = this.#depth <= 0;
    }
  }
}
