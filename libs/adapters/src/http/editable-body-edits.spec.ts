import type { ByteEdit } from '#translation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EditableBody } from './editable-body.js';

/** A JSON object as text in which some top-level values are to be replaced: by name, so that the spans are sure. */
const members = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), {
  minKeys: 1,
  maxKeys: 6,
});
const space = fc.constantFrom('', ' ', '\n  ', '\t');

interface Document {
  readonly text: string;
  readonly spans: readonly { readonly start: number; readonly end: number }[];
}

/** Writes the object member by member and notes, in bytes, where each value stands. */
function write(object: Record<string, unknown>, gap: string): Document {
  const spans: { start: number; end: number }[] = [];
  let text = '{';
  for (const [index, [name, value]] of Object.entries(object).entries()) {
    text += `${index === 0 ? '' : ','}${gap}${JSON.stringify(name)}:${gap}`;
    const start = Buffer.byteLength(text);
    text += JSON.stringify(value);
    spans.push({ start, end: Buffer.byteLength(text) });
  }
  return { text: `${text}${gap}}`, spans };
}

/** What edits mean, done the plain way: from the last to the first. */
function splicePlainly(text: string, edits: readonly ByteEdit[]): string {
  let bytes = Buffer.from(text);
  for (const { span, text: replacement } of edits.toSorted((a, b) => b.span.start - a.span.start)) {
    bytes = Buffer.concat([
      bytes.subarray(0, span.start),
      Buffer.from(replacement),
      bytes.subarray(span.end),
    ]);
  }
  return bytes.toString();
}

describe('edits of a body', () => {
  it('mean what a plain splice means, in any number and order, attempt after attempt', () => {
    const round = fc.array(fc.tuple(fc.nat(5), fc.jsonValue({ maxDepth: 1 })), { maxLength: 4 });
    fc.assert(
      fc.property(members, space, fc.array(round, { maxLength: 4 }), (object, gap, rounds) => {
        const { text, spans } = write(object, gap);
        const body = new EditableBody(Buffer.from(text));
        for (const wishes of rounds) {
          const byPlace = new Map(wishes.map(([place, value]) => [place % spans.length, value]));
          const edits = [...byPlace].flatMap(([place, value]): ByteEdit[] => {
            const span = spans[place];
            return span === undefined ? [] : [{ span, text: JSON.stringify(value) }];
          });
          const sent = body.withEdits(edits).toString();
          expect(JSON.parse(sent)).toEqual(JSON.parse(splicePlainly(text, edits)));
          expect(body.original.toString()).toBe(text);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('may insert where nothing stood', () => {
    const text = '{"a":1}';
    const edits = [
      { span: { start: 1, end: 1 }, text: '"b":2,' },
      { span: { start: 5, end: 6 }, text: '"long enough"' },
    ];
    const body = new EditableBody(Buffer.from(text));
    expect(body.withEdits(edits).toString()).toBe('{"b":2,"a":"long enough"}');
    expect(body.withEdits(edits.toReversed()).toString()).toBe('{"b":2,"a":"long enough"}');
    expect(body.original.toString()).toBe(text);
  });

  it('count bytes, not characters, in names of any script', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 12 }),
        fc.string({ unit: 'grapheme', maxLength: 12 }),
        (from, to) => {
          const { text, spans } = write({ 日本: 'ü🦙', model: from, after: '終' }, '');
          const [, span] = spans;
          if (span === undefined) throw new Error('there is no such member');
          const body = new EditableBody(Buffer.from(text));
          const sent = body.withEdits([{ span, text: JSON.stringify(to) }]).toString();
          expect(JSON.parse(sent)).toEqual({ 日本: 'ü🦙', model: to, after: '終' });
          expect(body.original.toString()).toBe(text);
        },
      ),
    );
  });
});
