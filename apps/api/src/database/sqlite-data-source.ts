import { DataSource, type DataSourceOptions } from 'typeorm';
import { assertKnownSchema } from './assert-known-schema.js';
import { migrations } from './migrations.js';
import { SnakeNaming } from './snake-naming.js';
import { SqliteDriver } from './sqlite-driver.js';
import type { SqliteWriter } from './sqlite-writer.js';

/** What a data source is made from; `extra.writer` carries the connection that writes. */
export function sqliteOptions(
  writer: SqliteWriter,
  entities: NonNullable<DataSourceOptions['entities']> = [],
): DataSourceOptions {
  return {
    type: 'better-sqlite3',
    database: writer.path,
    // never used: `SqliteDataSource` puts its own driver in, and this keeps TypeORM from loading the package
    driver: {},
    extra: { writer },
    entities,
    migrations: [...migrations],
    namingStrategy: new SnakeNaming(),
    synchronize: false,
    logging: false,
  };
}

/** TypeORM's data source over our own driver. */
export class SqliteDataSource extends DataSource {
  constructor(options: DataSourceOptions) {
    super(options);
    const { writer } = options.extra as { writer: SqliteWriter };
    this.driver = new SqliteDriver(this, writer);
  }

  /**
   * Connects and brings the schema up to date.
   * @throws NewerSchemaError when the file was written by a newer version
   */
  static async open(options: DataSourceOptions): Promise<SqliteDataSource> {
    const dataSource = new SqliteDataSource(options);
    await dataSource.initialize();
    await assertKnownSchema(dataSource);
    await dataSource.runMigrations({ transaction: 'each' });
    return dataSource;
  }
}
