/** SQLite works through so many rows at a time: where it shares the core with the event loop, requests wait for no more. */
const rowsPerText = 50;
/** Room for fifty usual rows. */
const pageBytes = 32 * 1024;
/** A character of UTF-16 takes at most so many bytes. */
const bytesPerChar = 3;
/** What a busy gateway fills between two batches; more is given back. */
const maxSparePages = 64;

const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;

interface Page {
  readonly bytes: Buffer;
  length: number;
  rows: number;
}

/** Emptied pages, for the next batch: as garbage they would wait for a full collection. */
const sparePages: Page[] = [];

/**
 * Rows that wait for the database. They wait as bytes: as strings they would outlive two collections, be copied by both
 * and stay until a full one, which came to two fifths of what the collector had to do.
 */
export class RowBatch {
  private pages: Page[] = [];
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** @param row the JSON text of an array */
  add(row: string): void {
    const page = this.pageFor(row.length * bytesPerChar);
    page.bytes[page.length] = page.rows === 0 ? openBracket : comma;
    page.length += 1 + page.bytes.write(row, page.length + 1, 'utf8');
    page.rows += 1;
    this.count += 1;
  }

  /** Puts the rows of another batch behind these, and leaves that one empty. */
  takeOver(later: RowBatch): void {
    this.pages = this.pages.concat(later.pages);
    this.count += later.count;
    later.pages = [];
    later.count = 0;
  }

  /** All rows, in order: each text is a JSON array of rows. */
  texts(): string[] {
    return this.pages.map(({ bytes, length }) => {
      bytes[length] = closeBracket;
      return bytes.toString('utf8', 0, length + 1);
    });
  }

  /** The rows are in the database. */
  clear(): void {
    for (const page of this.pages) {
      if (page.bytes.length > pageBytes || sparePages.length >= maxSparePages) continue;
      page.length = 0;
      page.rows = 0;
      sparePages.push(page);
    }
    this.pages = [];
    this.count = 0;
  }

  private pageFor(rowBytes: number): Page {
    // two bytes for what stands around the row
    const needed = rowBytes + 2;
    const last = this.pages.at(-1);
    if (last !== undefined && last.rows < rowsPerText && last.length + needed <= last.bytes.length)
      return last;
    const page = (needed <= pageBytes ? sparePages.pop() : undefined) ?? {
      bytes: Buffer.allocUnsafeSlow(Math.max(pageBytes, needed)),
      length: 0,
      rows: 0,
    };
    this.pages.push(page);
    return page;
  }
}
