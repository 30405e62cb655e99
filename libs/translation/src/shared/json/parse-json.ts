import { JsonNode } from './json-node.js';
import { JsonSyntaxError } from './json-syntax-error.js';

/** Deeper nesting serves nobody and costs stack. */
export const maxJsonDepth = 64;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const whitespace = /[ \t\n\r]*/y;
/** Below the space: JSON wants these escaped. */
const controlCharacter = /[^ -\uffff]/;
const literals = [
  ['true', 'boolean'],
  ['false', 'boolean'],
  ['null', 'null'],
] as const;

/**
 * Reads a whole JSON text into nodes that keep their spans. Accepts exactly what JSON.parse accepts, up to
 * a depth of {@link maxJsonDepth}. @throws JsonSyntaxError
 */
export function parseJson(text: string): JsonNode {
  return new JsonParser(text).document();
}

class JsonParser {
  #at = 0;
  #depth = 0;

  constructor(private readonly text: string) {}

  document(): JsonNode {
    const node = this.#value();
    this.#skipWhitespace();
    if (this.#at < this.text.length) throw this.#fault('the end of the JSON text');
    return node;
  }

  #value(): JsonNode {
    this.#skipWhitespace();
    switch (this.text.charCodeAt(this.#at)) {
      case 0x7b:
        return this.#object();
      case 0x5b:
        return this.#array();
      case 0x22:
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #object(): JsonNode {
    const start = this.#enter();
    const members = new Map<string, JsonNode>();
    if (!this.#takes('}')) {
      do {
        this.#skipWhitespace();
        if (this.text[this.#at] !== '"') throw this.#fault('a member name in double quotes');
        const key = this.#text();
        if (!this.#takes(':')) throw this.#fault('":"');
        members.set(key, this.#value());
      } while (this.#takes(','));
      if (!this.#takes('}')) throw this.#fault('"," or "}"');
    }
    this.#depth -= 1;
    return new JsonNode('object', this.text, start, this.#at, members, null);
  }

  #array(): JsonNode {
    const start = this.#enter();
    const items: JsonNode[] = [];
    if (!this.#takes(']')) {
      do items.push(this.#value());
      while (this.#takes(','));
      if (!this.#takes(']')) throw this.#fault('"," or "]"');
    }
    this.#depth -= 1;
    return new JsonNode('array', this.text, start, this.#at, null, items);
  }

  #enter(): number {
    if (this.#depth >= maxJsonDepth) throw this.#fault(`at most ${maxJsonDepth} levels of nesting`);
    this.#depth += 1;
    this.#at += 1;
    return this.#at - 1;
  }

  #string(): JsonNode {
    const start = this.#at;
    const decoded = this.#text();
    return JsonNode.string(this.text, start, this.#at, decoded);
  }

  /** Most strings end before anything in them asks for a second look. */
  #text(): string {
    const start = this.#at + 1;
    let end = start;
    let code = this.text.charCodeAt(end);
    while (code >= 0x20 && code !== 0x22 && code !== 0x5c) {
      end += 1;
      code = this.text.charCodeAt(end);
    }
    if (code !== 0x22) return this.#escapedText();
    this.#at = end + 1;
    return this.text.slice(start, end);
  }

  #escapedText(): string {
    const start = this.#at;
    let end = this.text.indexOf('"', start + 1);
    while (end !== -1 && this.#isEscaped(end, start)) end = this.text.indexOf('"', end + 1);
    if (end === -1) {
      this.#at = this.text.length;
      throw this.#fault('the closing quote of a string');
    }
    const decoded = decode(this.text.slice(start, end + 1));
    if (decoded === null) {
      const bad = this.text.slice(start + 1, end).search(controlCharacter);
      if (bad === -1) throw this.#fault('a string with valid escapes');
      this.#at = start + 1 + bad;
      throw this.#fault('an escaped character (control characters must be written as \\u00XX)');
    }
    this.#at = end + 1;
    return decoded;
  }

  #isEscaped(quote: number, start: number): boolean {
    let index = quote - 1;
    while (index > start && this.text.charCodeAt(index) === 0x5c) index -= 1;
    return (quote - index) % 2 === 0;
  }

  #scalar(): JsonNode {
    const start = this.#at;
    number.lastIndex = start;
    const match = number.exec(this.text);
    if (match !== null) {
      this.#at += match[0].length;
      return new JsonNode('number', this.text, start, this.#at, null, null);
    }
    for (const [word, kind] of literals) {
      if (!this.text.startsWith(word, start)) continue;
      this.#at += word.length;
      return new JsonNode(kind, this.text, start, this.#at, null, null);
    }
    throw this.#fault('a JSON value');
  }

  #takes(mark: string): boolean {
    this.#skipWhitespace();
    if (!this.text.startsWith(mark, this.#at)) return false;
    this.#at += 1;
    return true;
  }

  #skipWhitespace(): void {
    if (this.text.charCodeAt(this.#at) > 0x20) return;
    whitespace.lastIndex = this.#at;
    this.#at += whitespace.exec(this.text)?.[0].length ?? 0;
  }

  #fault(expected: string): JsonSyntaxError {
    return new JsonSyntaxError(this.#at, expected);
  }
}

/** null for what JSON does not allow. */
function decode(json: string): string | null {
  try {
    return JSON.parse(json) as string;
  } catch {
    return null;
  }
}
