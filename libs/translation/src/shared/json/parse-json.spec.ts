import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonNode } from './json-node.js';
import { parseJson } from './parse-json.js';
import { scanJson } from './scan-json.js';

function plain(node: JsonNode): unknown {
  if (node.items !== null) return node.items.map(plain);
  if (node.members === null) return node.value;
  return Object.fromEntries([...node.members].map(([name, member]) => [name, plain(member)]));
}

function accepts(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

const almostJson = fc
  .tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.string({ maxLength: 2 }), fc.nat(2))
  .map(([text, place, insert, removed]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + insert + text.slice(at + removed);
  });

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        const value: unknown = JSON.parse(text);
        expect(plain(parseJson(JSON.stringify(value, null, indent)))).toEqual(value);
      }),
    );
  });

  it('accepts exactly what JSON.parse accepts', () => {
    fc.assert(
      fc.property(almostJson, (text) => {
        expect(accepts(() => parseJson(text))).toBe(accepts(() => JSON.parse(text)));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '01',
    '-',
    '1.',
    '.5',
    '1e',
    '+1',
    'tru',
    'NaN',
    '"\\x"',
    '"\\u12"',
    '"a\nb"',
    '{"a"}',
    '{"a":1,}',
    '[1,]',
    '[1 2]',
    '',
    ' ',
    '"',
    '{1:2}',
    '\ufeff{}',
  ])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow(/expected .+ at position \d+/);
  });

  it('keeps the text of every value, with its white space, big numbers and repeated keys', () => {
    const text = '{"input": {"b":1.0, "n":12345678901234567890,"a":1e400,"a":2 } }';
    const input = parseJson(text).members?.get('input');
    expect(input?.json).toBe('{"b":1.0, "n":12345678901234567890,"a":1e400,"a":2 }');
  });
});

describe('scanJson', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  it('finds the members of an object where JSON.parse finds them', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(undefined, 2),
        (value, indent) => {
          const body = bytes(JSON.stringify(value, null, indent));
          const slice = (start: number, end: number): unknown =>
            JSON.parse(new TextDecoder().decode(body.subarray(start, end)));
          const found = scanJson(body).map(({ keyStart, keyEnd, valueStart, valueEnd }) => [
            slice(keyStart, keyEnd),
            slice(valueStart, valueEnd),
          ]);
          expect(Object.fromEntries(found)).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });

  it('accepts an object exactly when the parser does, apart from the insides of strings', () => {
    fc.assert(
      fc.property(almostJson, (inner) => {
        const text = `{"a":${inner}}`;
        const isHidden = /[^ -\uffff]|\\/.test(text);
        const isScanned = accepts(() => scanJson(bytes(text)));
        if (!isHidden) expect(isScanned).toBe(accepts(() => JSON.parse(text)));
        else if (!isScanned) expect(accepts(() => JSON.parse(text))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('accepts exactly the words and numbers that JSON has, of any length', () => {
    const scalar = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789.-+eEtruefalsnx'), maxLength: 8 }),
      fc
        .tuple(fc.constantFrom('-', ''), fc.nat(), fc.constantFrom('.5', 'e9', 'E-3', '.'))
        .map((parts) => parts.join('')),
      fc.constantFrom(
        'true',
        'false',
        'null',
        'nul',
        'truex',
        '9'.repeat(500),
        `${'9'.repeat(399)}.5`,
        `${'9'.repeat(500)}x`,
      ),
    );
    fc.assert(
      fc.property(
        scalar,
        fc.constantFrom('{"a":#}', '{"a":[# , #]}', '{"a" : # }'),
        (text, form) => {
          const json = form.replaceAll('#', text);
          expect(accepts(() => scanJson(bytes(json)))).toBe(accepts(() => JSON.parse(json)));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('is not misled by quotes and backslashes at any distance in a long string', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('"', '\\', 'a'.repeat(30), 'x', '\n', 'é'), { maxLength: 40 }),
        (pieces) => {
          const text = JSON.stringify({ a: pieces.join(''), b: 1 });
          expect(scanJson(bytes(text))).toHaveLength(2);
        },
      ),
    );
  });
});
