import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * Where attempts that may cost money are written down before they are sent: one append to a file, which the operating
 * system keeps whatever happens to this process. Committing them to SQLite one by one would cost each request a
 * trip through the thread pool; the rows reach the database with the next batch, and what a killed run left behind
 * is read back at the next start.
 *
 * Each batch begins a new file and removes the old one once the database has its rows, so a row is always in one of the two.
 */
export class AttemptJournal {
  private file: { readonly path: string; readonly descriptor: number } | null = null;
  private count = 0;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /**
   * Durable against the death of this process when it returns.
   * @param rows JSON texts
   * @throws Error when the disk does not take them.
   */
  append(rows: readonly string[]): void {
    this.file ??= this.openNext();
    writeSync(this.file.descriptor, `${rows.join('\n')}\n`);
  }

  /** Ends the present file; later rows go to another. @returns its path for `remove`, or null when there is none. */
  rotate(): string | null {
    if (this.file === null) return null;
    const { path, descriptor } = this.file;
    closeSync(descriptor);
    this.file = null;
    return path;
  }

  /** The database has these rows now. */
  remove(path: string): void {
    rmSync(path, { force: true });
  }

  /** The rows an earlier run did not get into the database; a line cut off in the middle was never acted on. */
  readLeftovers(): { readonly paths: string[]; readonly rows: string[] } {
    const names = readdirSync(this.folder)
      .filter((name) => name.endsWith('.jsonl'))
      .sort();
    const paths = names.map((name) => join(this.folder, name));
    const rows = paths.flatMap((path) => readFileSync(path, 'utf8').split('\n').filter(isRow));
    return { paths, rows };
  }

  private openNext(): { path: string; descriptor: number } {
    this.count += 1;
    const path = join(this.folder, `${Date.now()}-${process.pid}-${this.count}.jsonl`);
    return { path, descriptor: openSync(path, 'ax', 0o600) };
  }
}

function isRow(line: string): boolean {
  try {
    return Array.isArray(JSON.parse(line));
  } catch {
    return false;
  }
}
