import type * as Sqlite from 'sqlite3';

let binding: Promise<typeof Sqlite> | null = null;

/**
 * Loads SQLite when it is first needed, not when a file is imported: its native binding may be missing or made for
 * another system, and the start must be able to say so in words.
 */
export function loadSqlite(): Promise<typeof Sqlite> {
  binding ??= import('sqlite3').then((module) => module.default as unknown as typeof Sqlite);
  return binding;
}
