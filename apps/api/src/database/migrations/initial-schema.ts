import { Table, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';

type Column = TableColumnOptions;

const id: Column = { name: 'id', type: 'varchar', length: '36', isPrimary: true };
const orderedId: Column = { name: 'id', type: 'bigint', isPrimary: true };
const varchar = (name: string, length: number): Column => ({
  name,
  type: 'varchar',
  length: String(length),
});
const text = (name: string): Column => ({ name, type: 'text' });
const integer = (name: string): Column => ({ name, type: 'integer' });
const bigint = (name: string): Column => ({ name, type: 'bigint' });
const boolean = (name: string): Column => ({ name, type: 'boolean' });
const double = (name: string): Column => ({ name, type: 'double precision' });
const nullable = (column: Column): Column => ({ ...column, isNullable: true });
const uniqueIndex = (table: string, column: string) => ({
  name: `ux_${table}_${column}`,
  columnNames: [column],
  isUnique: true,
});
const index = (table: string, column: string) => ({
  name: `ix_${table}_${column}`,
  columnNames: [column],
});
const foreignKey = (
  name: string,
  columnName: string,
  referencedTableName: string,
  onDelete: 'CASCADE' | 'RESTRICT',
) => ({
  name,
  columnNames: [columnName],
  referencedTableName,
  referencedColumnNames: ['id'],
  onDelete,
});

const measured: Column[] = [
  nullable(double('queue_ms')),
  nullable(double('load_ms')),
  nullable(double('first_token_ms')),
  nullable(double('total_ms')),
  nullable(bigint('input_tokens')),
  nullable(bigint('output_tokens')),
  nullable(bigint('cache_read_tokens')),
  nullable(bigint('cache_write_tokens')),
  nullable(bigint('reasoning_tokens')),
  nullable(bigint('cost_nanos')),
  varchar('cost_status', 40),
];

const users = new Table({
  name: 'users',
  columns: [
    id,
    varchar('username', 64),
    varchar('role', 16),
    varchar('password_hash', 255),
    bigint('created_at'),
  ],
  indices: [uniqueIndex('users', 'username')],
});

const sessions = new Table({
  name: 'sessions',
  columns: [
    id,
    varchar('user_id', 36),
    bigint('created_at'),
    bigint('expires_at'),
    nullable(bigint('revoked_at')),
  ],
  indices: [index('sessions', 'user_id')],
  foreignKeys: [foreignKey('fk_sessions_user', 'user_id', 'users', 'CASCADE')],
});

const virtualKeys = new Table({
  name: 'virtual_keys',
  columns: [
    id,
    varchar('name', 100),
    varchar('prefix', 12),
    varchar('hash', 64),
    boolean('is_enabled'),
    boolean('is_private'),
    nullable(text('allowed_routes')),
    nullable(integer('requests_per_minute')),
    nullable(integer('max_concurrent')),
    nullable(bigint('budget_nanos')),
    varchar('budget_window', 8),
    nullable(bigint('expires_at')),
    nullable(bigint('last_used_at')),
    bigint('created_at'),
    nullable(bigint('revoked_at')),
  ],
  indices: [uniqueIndex('virtual_keys', 'hash')],
});

const masterKeys = new Table({
  name: 'master_keys',
  columns: [
    { ...integer('version'), isPrimary: true },
    varchar('check_value', 64),
    bigint('created_at'),
  ],
});

const providers = new Table({
  name: 'providers',
  columns: [
    id,
    varchar('name', 63),
    varchar('protocol', 32),
    varchar('base_url', 500),
    nullable(text('credential_sealed')),
    nullable(varchar('credential_hint', 8)),
    boolean('allow_private_network'),
    boolean('is_free'),
    nullable(varchar('price_provider', 64)),
    boolean('is_enabled'),
    bigint('created_at'),
    bigint('updated_at'),
  ],
  indices: [uniqueIndex('providers', 'name')],
});

const localModels = new Table({
  name: 'local_models',
  columns: [
    id,
    varchar('name', 127),
    varchar('engine', 32),
    nullable(text('model_path')),
    nullable(varchar('endpoint', 200)),
    nullable(varchar('upstream_model', 200)),
    nullable(integer('context_tokens')),
    integer('parallel_slots'),
    nullable(bigint('idle_stop_ms')),
    boolean('is_enabled'),
    bigint('created_at'),
    bigint('updated_at'),
  ],
  indices: [uniqueIndex('local_models', 'name')],
});

const modelRoutes = new Table({
  name: 'model_routes',
  columns: [
    id,
    varchar('name', 127),
    varchar('cloud', 8),
    boolean('is_private'),
    boolean('is_enabled'),
    nullable(bigint('first_byte_timeout_ms')),
    bigint('created_at'),
    bigint('updated_at'),
  ],
  indices: [uniqueIndex('model_routes', 'name')],
});

const routeTargets = new Table({
  name: 'route_targets',
  columns: [
    id,
    varchar('route_id', 36),
    integer('position'),
    nullable(varchar('local_model_id', 36)),
    nullable(varchar('provider_id', 36)),
    nullable(varchar('upstream_model', 200)),
    nullable(bigint('price_input_nanos_per_mtok')),
    nullable(bigint('price_output_nanos_per_mtok')),
  ],
  indices: [
    index('route_targets', 'route_id'),
    index('route_targets', 'local_model_id'),
    index('route_targets', 'provider_id'),
  ],
  foreignKeys: [
    foreignKey('fk_route_targets_route', 'route_id', 'model_routes', 'CASCADE'),
    foreignKey('fk_route_targets_local_model', 'local_model_id', 'local_models', 'RESTRICT'),
    foreignKey('fk_route_targets_provider', 'provider_id', 'providers', 'RESTRICT'),
  ],
});

const requestLogs = new Table({
  name: 'request_logs',
  columns: [
    orderedId,
    varchar('boot_id', 36),
    bigint('created_at'),
    nullable(varchar('key_id', 36)),
    nullable(varchar('key_name', 100)),
    varchar('protocol', 40),
    nullable(text('requested_model')),
    nullable(varchar('route_name', 127)),
    boolean('is_stream'),
    nullable(integer('status')),
    varchar('outcome', 40),
    nullable(varchar('error_code', 40)),
    nullable(text('error_message')),
    nullable(varchar('served_kind', 40)),
    nullable(text('served_by')),
    nullable(text('served_model')),
    integer('attempt_count'),
    ...measured,
    nullable(text('warnings')),
  ],
  indices: [{ name: 'ix_request_logs_key_id', columnNames: ['key_id', 'id'] }],
});

const attempts = new Table({
  name: 'attempts',
  columns: [
    orderedId,
    bigint('request_id'),
    nullable(varchar('key_id', 36)),
    varchar('boot_id', 36),
    integer('position'),
    varchar('kind', 40),
    text('label'),
    nullable(text('upstream_model')),
    bigint('started_at'),
    nullable(bigint('reserved_nanos')),
    nullable(text('price_source')),
    varchar('state', 40),
    varchar('outcome', 40),
    nullable(varchar('error_code', 40)),
    nullable(text('error_message')),
    nullable(integer('http_status')),
    ...measured,
    nullable(varchar('instance_id', 64)),
  ],
  indices: [
    index('attempts', 'request_id'),
    {
      name: 'ix_attempts_open',
      columnNames: ['boot_id'],
      where: "state IN ('reserved', 'dispatched')",
    },
  ],
});

const tables = [
  users,
  sessions,
  virtualKeys,
  masterKeys,
  providers,
  localModels,
  modelRoutes,
  routeTargets,
  requestLogs,
  attempts,
];

/** The tables of the first release. */
export class InitialSchema implements MigrationInterface {
  readonly name = 'InitialSchema1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.createTable(table.clone());
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...tables].reverse()) await runner.dropTable(table.name);
  }
}
