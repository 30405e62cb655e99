import { JsonNode } from './json-node.js';
import { JsonSyntaxError } from './json-syntax-error.js';

/** Deeper nesting serves nobody and costs stack. */
export const maxJsonDepth = 64;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const whitespace = /[ \t\n\r]*/y;
/** All but quotes, backslashes and control characters. A loop over `charCodeAt` takes four times as long. */
const plainText = /[ !#-[\]-\uffff]*/y;
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

const comma = 0x2c;
const colon = 0x3a;
const quote = 0x22;
const closingBracket = 0x5d;
const closingBrace = 0x7d;

class JsonParser {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  document(): JsonNode {
    const node = this.value();
    this.skipWhitespace();
    if (this.at < this.text.length) throw this.fault('the end of the JSON text');
    return node;
  }

  private value(): JsonNode {
    this.skipWhitespace();
    switch (this.text.charCodeAt(this.at)) {
      case 0x7b:
        return this.object();
      case 0x5b:
        return this.array();
      case 0x22:
        return this.string();
      default:
        return this.scalar();
    }
  }

  private object(): JsonNode {
    const start = this.enter();
    const members = new Map<string, JsonNode>();
    if (!this.takes(closingBrace)) {
      do {
        this.skipWhitespace();
        if (this.text.charCodeAt(this.at) !== quote)
          throw this.fault('a member name in double quotes');
        const key = this.quoted();
        if (!this.takes(colon)) throw this.fault('":"');
        members.set(key, this.value());
      } while (this.takes(comma));
      if (!this.takes(closingBrace)) throw this.fault('"," or "}"');
    }
    this.depth -= 1;
    return new JsonNode('object', this.text, start, this.at, members, null);
  }

  private array(): JsonNode {
    const start = this.enter();
    const items: JsonNode[] = [];
    if (!this.takes(closingBracket)) {
      do items.push(this.value());
      while (this.takes(comma));
      if (!this.takes(closingBracket)) throw this.fault('"," or "]"');
    }
    this.depth -= 1;
    return new JsonNode('array', this.text, start, this.at, null, items);
  }

  private enter(): number {
    if (this.depth >= maxJsonDepth) throw this.fault(`at most ${maxJsonDepth} levels of nesting`);
    this.depth += 1;
    this.at += 1;
    return this.at - 1;
  }

  private string(): JsonNode {
    const start = this.at;
    const decoded = this.quoted();
    return JsonNode.string(this.text, start, this.at, decoded);
  }

  /** Most strings end before anything in them asks for a second look. */
  private quoted(): string {
    const start = this.at + 1;
    plainText.lastIndex = start;
    plainText.test(this.text);
    const end = plainText.lastIndex;
    if (this.text.charCodeAt(end) !== quote) return this.escapedText();
    this.at = end + 1;
    return this.text.slice(start, end);
  }

  private escapedText(): string {
    const start = this.at;
    let end = this.text.indexOf('"', start + 1);
    while (end !== -1 && this.isEscaped(end, start)) end = this.text.indexOf('"', end + 1);
    if (end === -1) {
      this.at = this.text.length;
      throw this.fault('the closing quote of a string');
    }
    const decoded = decode(this.text.slice(start, end + 1));
    if (decoded === null) {
      const bad = this.text.slice(start + 1, end).search(controlCharacter);
      if (bad === -1) throw this.fault('a string with valid escapes');
      this.at = start + 1 + bad;
      throw this.fault('an escaped character (control characters must be written as \\u00XX)');
    }
    this.at = end + 1;
    return decoded;
  }

  private isEscaped(end: number, start: number): boolean {
    let index = end - 1;
    while (index > start && this.text.charCodeAt(index) === 0x5c) index -= 1;
    return (end - index) % 2 === 0;
  }

  private scalar(): JsonNode {
    const start = this.at;
    number.lastIndex = start;
    if (number.test(this.text)) {
      this.at = number.lastIndex;
      return new JsonNode('number', this.text, start, this.at, null, null);
    }
    for (const [word, kind] of literals) {
      if (!this.text.startsWith(word, start)) continue;
      this.at += word.length;
      return new JsonNode(kind, this.text, start, this.at, null, null);
    }
    throw this.fault('a JSON value');
  }

  private takes(mark: number): boolean {
    this.skipWhitespace();
    if (this.text.charCodeAt(this.at) !== mark) return false;
    this.at += 1;
    return true;
  }

  private skipWhitespace(): void {
    if (this.text.charCodeAt(this.at) > 0x20) return;
    whitespace.lastIndex = this.at;
    this.at += whitespace.exec(this.text)?.[0].length ?? 0;
  }

  private fault(expected: string): JsonSyntaxError {
    return new JsonSyntaxError(this.at, expected);
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
