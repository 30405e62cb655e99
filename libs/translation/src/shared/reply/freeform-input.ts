/** The member that freeform text travels in. */
const freeformMember = 'input';

const opening = /^[ \t\n\r]*\{[ \t\n\r]*"input"[ \t\n\r]*:[ \t\n\r]*"/;

/**
 * Unwraps `{"input": "text"}` while it streams. Text that turns out to be no such object comes out as it is, so that
 * nothing a model wrote is lost.
 */
export class FreeformInput {
  #held = '';
  #isInside = false;
  #isOver = false;

  push(fragment: string): string {
    if (this.#isOver) return '';
    this.#held += fragment;
    if (!this.#isInside) {
      const start = opening.exec(this.#held);
      if (start === null) return '';
      this.#isInside = true;
      this.#held = this.#held.slice(start[0].length);
    }
    return this.#takeString();
  }

  /** What was held back. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    if (this.#isOver) return '';
    this.#isOver = true;
    // a cut answer may end inside an escape
    return this.#isInside ? '' : unwrapWhole(rest);
  }

  #takeString(): string {
    const end = lengthOfWholeCharacters(this.#held);
    const text = decode(this.#held.slice(0, end.length));
    this.#held = this.#held.slice(end.length);
    this.#isOver = end.isClosed;
    return text;
  }
}

/** How much of a JSON string's inside can be decoded yet: no half escape, no half surrogate pair. */
function lengthOfWholeCharacters(text: string): { length: number; isClosed: boolean } {
  let at = 0;
  while (at < text.length) {
    const character = text[at];
    if (character === '"') return { length: at, isClosed: true };
    const size = character === '\\' ? escapeLength(text, at) : 1;
    if (at + size > text.length) break;
    at += size;
  }
  return { length: at, isClosed: false };
}

function escapeLength(text: string, at: number): number {
  if (text[at + 1] !== 'u') return 2;
  const isHighSurrogate = /^d[89ab]/i.test(text.slice(at + 2, at + 4));
  if (!isHighSurrogate) return 6;
  const next = text.slice(at + 6, at + 8);
  return next === '\\u' || '\\u'.startsWith(next) ? 12 : 6;
}

function decode(escaped: string): string {
  if (!escaped.includes('\\')) return escaped;
  try {
    return JSON.parse(`"${escaped.replaceAll('\n', String.raw`\n`)}"`) as string;
  } catch {
    return escaped;
  }
}

function unwrapWhole(text: string): string {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null;
    const input = value?.[freeformMember];
    return typeof input === 'string' ? input : text;
  } catch {
    return text;
  }
}
