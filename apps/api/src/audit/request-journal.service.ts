import { Injectable } from '@nestjs/common';
import type { WireProtocolId } from '#translation';
import { performance } from 'node:perf_hooks';
import { InferenceMetrics } from '../common/metrics/inference-metrics.js';
import { AuditWriter } from './audit-writer.service.js';
import { RequestRecord } from './request-record.js';

/** Opens a record when a request comes in and writes it, once, when its reply has closed. */
@Injectable()
export class RequestJournal {
  constructor(
    private readonly writer: AuditWriter,
    private readonly metrics: InferenceMetrics,
  ) {}

  open(
    publicId: string,
    key: { readonly id: string; readonly name: string } | null,
    protocol: WireProtocolId,
  ): RequestRecord {
    return new RequestRecord(
      publicId,
      { epochMs: Date.now(), tick: performance.now() },
      key,
      protocol,
    );
  }

  close(record: RequestRecord): void {
    record.totalMs = record.elapsedMs(performance.now());
    if (record.outcome === 'running') record.outcome = 'failed';
    this.metrics.observe(record);
    this.writer.writeRequest(record);
  }
}
