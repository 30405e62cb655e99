const descriptions: readonly (readonly [pattern: RegExp, text: string])[] = [
  [
    /GLIBC_\d|dlopen|was compiled against a different Node/i,
    'The SQLite library does not fit this system. Build it here: npm_config_build_from_source=true npm rebuild sqlite3',
  ],
  [
    /Could not locate the bindings file|Cannot find module.*node_sqlite3/i,
    'The SQLite library is not built (npm may have skipped its install script). Run: npm rebuild sqlite3 --allow-scripts=sqlite3',
  ],
  [
    /SQLITE_CANTOPEN|SQLITE_READONLY|SQLITE_PERM/,
    'The database in the data directory cannot be opened for writing. Check the permissions of the directory and of spillway.db in it, or choose another SPILLWAY_DATA_DIR.',
  ],
  [
    /SQLITE_NOTADB|SQLITE_CORRUPT/,
    'The database spillway.db is damaged or not a database. Restore it from a backup, or move it away to begin anew.',
  ],
  [/SQLITE_FULL|ENOSPC/, 'The disk is full. Free some space and start again.'],
  [
    /SQLITE_BUSY|SQLITE_LOCKED/,
    'The database is locked by another program. Close it (a backup tool, another gateway) and start again.',
  ],
  [
    /SQLITE_IOERR/,
    'The disk reports an error on the database file. Check the disk before you start again.',
  ],
];

/** What a failure of the database means and what to do, or null when it is not one. */
export function describeDatabaseFailure(error: unknown): string | null {
  const text =
    error instanceof Error
      ? `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`
      : String(error);
  return descriptions.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
