import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { firstIdAt } from '../common/time-ordered-id.js';

const hourMs = 3_600_000;

interface Sums {
  readonly bucket: number;
  readonly kind: string | null;
  readonly requests: number;
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanos: number;
  readonly unknownCost: number;
}

/** Sums over the log, made by the database on its reading connection: no row is loaded. */
@Injectable()
export class DashboardService {
  constructor(private readonly dataSource: DataSource) {}

  async read(hours: number, nowMs: number) {
    const bucketMs = hours <= 48 ? hourMs : 24 * hourMs;
    const startMs = Math.floor((nowMs - hours * hourMs) / bucketMs) * bucketMs;
    const rows = await this.dataSource.query<Sums[]>(
      `SELECT (created_at / ${bucketMs}) AS bucket, served_kind AS kind, COUNT(*) AS requests,
         SUM(CASE WHEN outcome = 'failed' THEN 1 ELSE 0 END) AS failed,
         SUM(COALESCE(input_tokens, 0)) AS "inputTokens", SUM(COALESCE(output_tokens, 0)) AS "outputTokens",
         SUM(COALESCE(cost_nanos, 0)) AS "costNanos",
         SUM(CASE WHEN cost_status = 'unknown' THEN 1 ELSE 0 END) AS "unknownCost"
       FROM request_logs WHERE id >= ? GROUP BY bucket, kind`,
      [firstIdAt(startMs)],
    );
    const sum = (field: keyof Omit<Sums, 'kind' | 'bucket'>, kind?: string): number =>
      rows.reduce(
        (total, row) =>
          kind === undefined || row.kind === kind ? total + Number(row[field]) : total,
        0,
      );
    const side = (kind: string) => ({
      requests: sum('requests', kind),
      inputTokens: sum('inputTokens', kind),
      outputTokens: sum('outputTokens', kind),
      costNanos: sum('costNanos', kind),
    });
    return {
      hours,
      requests: sum('requests'),
      failed: sum('failed'),
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      costNanos: sum('costNanos'),
      unknownCostRequests: sum('unknownCost'),
      local: side('local'),
      cloud: side('provider'),
      series: series(rows, { startMs, nowMs, bucketMs }),
    };
  }
}

function series(rows: readonly Sums[], span: { startMs: number; nowMs: number; bucketMs: number }) {
  const points = [];
  for (let startMs = span.startMs; startMs <= span.nowMs; startMs += span.bucketMs) {
    const inBucket = rows.filter((row) => Number(row.bucket) * span.bucketMs === startMs);
    const total = (field: 'requests' | 'failed' | 'costNanos', kind?: string): number =>
      inBucket.reduce(
        (sum, row) => (kind === undefined || row.kind === kind ? sum + Number(row[field]) : sum),
        0,
      );
    points.push({
      startMs,
      requests: total('requests'),
      failed: total('failed'),
      localRequests: total('requests', 'local'),
      cloudRequests: total('requests', 'provider'),
      costNanos: total('costNanos'),
    });
  }
  return points;
}
