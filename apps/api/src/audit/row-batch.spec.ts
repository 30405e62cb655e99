import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowBatch } from './row-batch.js';

const rows = fc.array(
  fc.tuple(fc.integer(), fc.string({ unit: 'binary' }), fc.constantFrom(0, 100, 20_000, 70_000)),
  { maxLength: 130 },
);

function asText([id, words, padding]: readonly [number, string, number]): string {
  return JSON.stringify([id, words, '"'.repeat(padding)]);
}

function batchOf(texts: readonly string[]): RowBatch {
  const batch = new RowBatch();
  for (const text of texts) batch.add(text);
  return batch;
}

function contentOf(batch: RowBatch): unknown[] {
  return batch.texts().flatMap((text) => JSON.parse(text) as unknown[]);
}

describe('rows that wait for the database', () => {
  it('come out as they went in, in order, however long they are', () => {
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        const [earlier, later] = [first.map(asText), second.map(asText)];
        const batch = batchOf(earlier);
        const other = batchOf(later);
        batch.takeOver(other);
        const all = [...earlier, ...later];
        expect(contentOf(batch)).toEqual(all.map((text) => JSON.parse(text) as unknown));
        expect([batch.size, other.size, contentOf(other)]).toEqual([all.length, 0, []]);
        // asked again, as after a failed write
        expect(contentOf(batch)).toHaveLength(all.length);
        batch.clear();
        expect([batch.size, contentOf(batch)]).toEqual([0, []]);
      }),
      { numRuns: 50 },
    );
  });

  it('take rows behind what an earlier, failed batch left', () => {
    const failed = batchOf(['[1]', '[2]']);
    failed.texts();
    failed.takeOver(batchOf(['[3]']));
    failed.add('[4]');
    expect(contentOf(failed)).toEqual([[1], [2], [3], [4]]);
  });

  it('are at most fifty to a text', () => {
    const batch = batchOf(Array.from({ length: 120 }, (_, id) => `[${id}]`));
    expect(batch.texts().map((text) => (JSON.parse(text) as unknown[]).length)).toEqual([
      50, 50, 20,
    ]);
  });

  it('do not show through in the next batch, which uses the same memory', () => {
    const first = batchOf(Array.from({ length: 200 }, (_, id) => `["first",${id}]`));
    first.clear();
    const second = batchOf(['["second"]']);
    const third = batchOf(['["third"]']);
    expect([second.texts(), third.texts()]).toEqual([['[["second"]]'], ['[["third"]]']]);
  });
});
