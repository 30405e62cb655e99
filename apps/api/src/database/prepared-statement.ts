import type { RunResult, Statement } from 'sqlite3';

/** A statement that SQLite has compiled once. Made by `SqliteWriter.prepare`. */
export class PreparedStatement {
  constructor(private readonly statement: Statement) {}

  /** Runs it with its one parameter, a text. */
  runText(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.statement.run(text, (error: Error | null) =>
        error === null ? resolve() : reject(error),
      );
    });
  }

  run(params: readonly unknown[]): Promise<{ changes: number }> {
    return new Promise((resolve, reject) => {
      this.statement.run([...params], function (this: RunResult, error: Error | null) {
        if (error === null) resolve({ changes: this.changes });
        else reject(error);
      });
    });
  }

  finalize(): Promise<void> {
    return new Promise((resolve) => this.statement.finalize(() => resolve()));
  }
}
