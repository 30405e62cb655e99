import type { DataSource } from 'typeorm';

/** The database holds migrations that this version does not know. Its message is for whoever starts the gateway. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
}

/** @throws NewerSchemaError rather than letting an old version write into tables it does not understand */
export async function assertKnownSchema(dataSource: DataSource): Promise<void> {
  const tables = await dataSource.query<unknown[]>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migrations'",
  );
  if (tables.length === 0) return;
  const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations');
  const known = new Set(dataSource.migrations.map(({ name }) => name));
  const unknown = rows.filter(({ name }) => !known.has(name));
  if (unknown.length === 0) return;
  throw new NewerSchemaError(
    `The database was written by a newer version of Spillway (${unknown.map(({ name }) => name).join(', ')}). Start that version, or restore a backup from before the update.`,
  );
}
