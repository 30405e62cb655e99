import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { join } from 'node:path';
import type { DataSourceOptions } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { sqliteOptions, SqliteDataSource } from './sqlite-data-source.js';
import { SqliteWriter } from './sqlite-writer.js';

/** The connection that writes, for whoever writes without TypeORM. */
@Global()
@Module({
  providers: [
    {
      provide: SqliteWriter,
      inject: [AppConfig],
      useFactory: (config: AppConfig) =>
        SqliteWriter.open({ path: join(config.dataDir, 'spillway.db') }),
    },
  ],
  exports: [SqliteWriter],
})
class SqliteWriterModule {}

/** The database: one file in the data directory, its schema brought up to date before anything else starts. */
@Module({
  imports: [
    SqliteWriterModule,
    TypeOrmModule.forRootAsync({
      imports: [SqliteWriterModule],
      inject: [SqliteWriter],
      // a file that cannot be opened now cannot be opened in three seconds either
      useFactory: (writer: SqliteWriter) => ({
        ...sqliteOptions(writer),
        autoLoadEntities: true,
        retryAttempts: 0,
      }),
      dataSourceFactory: (options) => SqliteDataSource.open(options as DataSourceOptions),
    }),
  ],
})
export class DatabaseModule {}
