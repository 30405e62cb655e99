import type { JsonKind } from './json-node.js';
import { JsonSyntaxError } from './json-syntax-error.js';
import { maxJsonDepth } from './parse-json.js';

/** A member of the outermost object, as byte positions; both spans are half-open, the key's includes its quotes. */
export interface ScannedMember {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly kind: JsonKind;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const zero = 0x30;
const point = 0x2e;
const minus = 0x2d;
const plus = 0x2b;

/**
 * Finds the members of the outermost object in JSON bytes. Strings are skipped, not decoded, so a body with
 * a 20 MB image costs one memory search; brackets, separators, literals and numbers are all checked, the
 * insides of long strings are not. @throws JsonSyntaxError with a byte position
 */
export function scanJson(body: Uint8Array): ScannedMember[] {
  const members: ScannedMember[] = [];
  let at = skipWhitespace(body, 0);
  if (body[at] !== openBrace) throw new JsonSyntaxError(at, 'a JSON object');
  at = skipWhitespace(body, at + 1);
  if (body[at] !== closeBrace) {
    for (;;) {
      const keyStart = at;
      const keyEnd = skipString(body, at, 'a member name in double quotes');
      at = skipWhitespace(body, keyEnd);
      if (body[at] !== colon) throw new JsonSyntaxError(at, '":"');
      const valueStart = skipWhitespace(body, at + 1);
      const valueEnd = skipValue(body, valueStart);
      members.push({ keyStart, keyEnd, valueStart, valueEnd, kind: kindAt(body, valueStart) });
      at = skipWhitespace(body, valueEnd);
      if (body[at] === closeBrace) break;
      if (body[at] !== comma) throw new JsonSyntaxError(at, '"," or "}"');
      at = skipWhitespace(body, at + 1);
    }
  }
  at = skipWhitespace(body, at + 1);
  if (at < body.length) throw new JsonSyntaxError(at, 'the end of the JSON text');
  return members;
}

function kindAt(body: Uint8Array, at: number): JsonKind {
  switch (body[at]) {
    case openBrace:
      return 'object';
    case openBracket:
      return 'array';
    case quote:
      return 'string';
    case 0x74:
    case 0x66:
      return 'boolean';
    case 0x6e:
      return 'null';
    default:
      return 'number';
  }
}

function skipWhitespace(body: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const byte = body[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}

function skipValue(body: Uint8Array, at: number): number {
  const byte = body[at];
  if (byte === quote) return skipString(body, at, 'a string');
  if (byte === openBrace || byte === openBracket) return skipContainer(body, at);
  return skipScalar(body, at);
}

/** Kinds of the open containers; one for all scans, since a scan never yields. */
const openKinds = new Uint8Array(maxJsonDepth);

/** What may come next inside a container. Plain numbers: an enum is looked up member by member at each byte. */
type Next = 0 | 1 | 2 | 3 | 4;
const value: Next = 0;
const valueOrClose: Next = 1;
const key: Next = 2;
const keyOrClose: Next = 3;
const separatorOrClose: Next = 4;

function skipContainer(body: Uint8Array, from: number): number {
  // The outermost object is the first level.
  let depth = 0;
  let at = from;
  let next: Next = value;
  for (;;) {
    at = skipWhitespace(body, at);
    const byte = body[at];
    if (next === key || next === keyOrClose) {
      if (byte === closeBrace && next === keyOrClose) {
        next = separatorOrClose;
        continue;
      }
      at = skipWhitespace(body, skipString(body, at, 'a member name in double quotes'));
      if (body[at] !== colon) throw new JsonSyntaxError(at, '":"');
      at += 1;
      next = value;
    } else if (next === separatorOrClose) {
      const isObject = openKinds[depth] === openBrace;
      if (byte === comma) {
        next = isObject ? key : value;
      } else if (byte === (isObject ? closeBrace : closeBracket)) {
        depth -= 1;
        if (depth === 0) return at + 1;
      } else {
        throw new JsonSyntaxError(at, isObject ? '"," or "}"' : '"," or "]"');
      }
      at += 1;
    } else if (byte === openBrace || byte === openBracket) {
      depth += 1;
      if (depth >= maxJsonDepth) {
        throw new JsonSyntaxError(at, `at most ${maxJsonDepth} levels of nesting`);
      }
      openKinds[depth] = byte;
      next = byte === openBrace ? keyOrClose : valueOrClose;
      at += 1;
    } else if (byte === closeBracket && next === valueOrClose) {
      next = separatorOrClose;
    } else {
      at = byte === quote ? skipString(body, at, 'a string') : skipScalar(body, at);
      next = separatorOrClose;
    }
  }
}

/** Bytes that end the quick walk through a string: the quote, the backslash and control characters. */
const isSpecial = new Uint8Array(256).map((_, byte) =>
  byte === quote || byte === backslash || byte < 0x20 ? 1 : 0,
);

/** Names and short words are walked; behind that, a call to the built-in search is cheaper. */
const walkedBytes = 24;

function skipString(body: Uint8Array, start: number, expected: string): number {
  if (body[start] !== quote) throw new JsonSyntaxError(start, expected);
  let at = start + 1;
  const limit = Math.min(at + walkedBytes, body.length);
  while (at < limit) {
    const byte = body[at] ?? 0;
    if (isSpecial[byte] === 0) at += 1;
    else if (byte === quote) return at + 1;
    else if (byte === backslash) at += 2;
    else throw new JsonSyntaxError(at, 'an escaped control character');
  }
  for (;;) {
    const end = body.indexOf(quote, at);
    if (end === -1) throw new JsonSyntaxError(body.length, 'the closing quote of a string');
    let before = end - 1;
    while (before >= at && body[before] === backslash) before -= 1;
    if ((end - before) % 2 === 1) return end + 1;
    at = end + 1;
  }
}

function skipScalar(body: Uint8Array, start: number): number {
  const end = scalarEnd(body, start);
  const next = body[end];
  if (end > start && (next === undefined || !isScalarByte(next))) return end;
  throw new JsonSyntaxError(start, 'a JSON value');
}

/** @returns where the word or number ends that begins here; `start` when there is none. */
function scalarEnd(body: Uint8Array, start: number): number {
  switch (body[start]) {
    case 0x74:
      return wordEnd(body, start, 'true');
    case 0x66:
      return wordEnd(body, start, 'false');
    case 0x6e:
      return wordEnd(body, start, 'null');
    default:
      return numberEnd(body, start);
  }
}

function wordEnd(body: Uint8Array, start: number, word: string): number {
  for (let index = 0; index < word.length; index += 1) {
    if (body[start + index] !== word.charCodeAt(index)) return start;
  }
  return start + word.length;
}

function numberEnd(body: Uint8Array, start: number): number {
  const whole = body[start] === minus ? start + 1 : start;
  let at = digitsEnd(body, whole);
  if (at === whole || (body[whole] === zero && at > whole + 1)) return start;
  if (body[at] === point) {
    const fraction = at + 1;
    at = digitsEnd(body, fraction);
    if (at === fraction) return start;
  }
  if (body[at] === 0x65 || body[at] === 0x45) {
    const sign = body[at + 1];
    const exponent = sign === plus || sign === minus ? at + 2 : at + 1;
    at = digitsEnd(body, exponent);
    if (at === exponent) return start;
  }
  return at;
}

function digitsEnd(body: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const byte = body[at];
    if (byte === undefined || byte < zero || byte > 0x39) return at;
    at += 1;
  }
}

/** Letters, digits, `+`, `-` and `.`: all that literals and numbers are made of. */
function isScalarByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === point ||
    byte === minus ||
    byte === plus
  );
}
