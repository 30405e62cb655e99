import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { GatewayIds } from '../common/gateway-ids.js';
import { firstIdAt } from '../common/time-ordered-id.js';
import { SqliteWriter } from '../database/sqlite-writer.js';
import { DataSource } from 'typeorm';
import { AuditWriter } from './audit-writer.service.js';
import { bootId } from './boot-id.js';

/** No request runs longer, so no older attempt can lack its request row. */
const idsOfOneDay = firstIdAt(86_400_000);
const died = 'The gateway was stopped hard while this ran.';

/**
 * Closes what a run that died left open: its attempts are charged as estimated, up to what was reserved for them
 * (the upstream may have billed it), and each gets the request row that was never written.
 */
@Injectable()
export class CrashRecovery implements OnModuleInit {
  private readonly logger = new Logger(CrashRecovery.name);

  constructor(
    private readonly audit: AuditWriter,
    private readonly writer: SqliteWriter,
    private readonly dataSource: DataSource,
    private readonly ids: GatewayIds,
  ) {}

  /** Before anything is added up at bootstrap. */
  async onModuleInit(): Promise<void> {
    await this.audit.recover();
    await this.continueIds();
    const expire = await this.writer.prepare(
      `UPDATE attempts SET state = 'expired', outcome = 'failed', error_code = 'gateway_crashed', error_message = '${died}',
         cost_nanos = reserved_nanos, cost_status = CASE WHEN reserved_nanos IS NULL THEN 'unknown' ELSE 'estimated' END
       WHERE state IN ('reserved', 'dispatched') AND boot_id <> ?`,
    );
    const { changes } = await this.writer.runPrepared(expire, [bootId]);
    const adopt = await this.writer.prepare(
      `INSERT INTO request_logs (id, boot_id, created_at, key_id, key_name, protocol, is_stream, outcome, error_code,
         error_message, attempt_count, cost_nanos, cost_status)
       SELECT a.request_id, a.boot_id, MIN(a.started_at), a.key_id, k.name, 'unknown', false, 'failed', 'gateway_crashed',
         '${died}', COUNT(*),
         CASE WHEN COUNT(a.cost_nanos) = COUNT(*) THEN SUM(a.cost_nanos) END,
         CASE WHEN COUNT(a.cost_nanos) = COUNT(*) THEN 'estimated' ELSE 'unknown' END
       FROM attempts a LEFT JOIN virtual_keys k ON k.id = a.key_id
       WHERE a.boot_id <> ? AND a.id > (SELECT COALESCE(MAX(id), 0) FROM request_logs) - ${idsOfOneDay}
         AND NOT EXISTS (SELECT 1 FROM request_logs r WHERE r.id = a.request_id)
       GROUP BY a.request_id, a.boot_id, a.key_id, k.name`,
    );
    await this.writer.runPrepared(adopt, [bootId]);
    if (changes > 0) this.logger.warn(`closed ${changes} attempts that an earlier run left open`);
  }

  private async continueIds(): Promise<void> {
    for (const table of ['attempts', 'request_logs']) {
      const [row] = await this.dataSource.query<{ last: number | null }[]>(
        `SELECT MAX(id) AS last FROM ${table}`,
      );
      this.ids.startAfter(Number(row?.last ?? 0));
    }
  }
}
