import type { UpstreamHeaders } from '#adapters';
import { performance } from 'node:perf_hooks';
import type { ExchangeResult } from '../attempt/attempt-exchange.js';
import type { AttemptJob } from '../attempt/attempt-job.js';
import type { InferenceCall } from '../inference-call.js';
import { addAccount, addHeadOfAnswer, warningList } from './head-of-answer.js';

/** Status and headers of a stream whose first byte is here; without them where waiting has begun it already. */
export function sendStreamHead(
  call: InferenceCall,
  job: AttemptJob,
  upstreamHeaders: UpstreamHeaders,
): void {
  const { record, reply } = call;
  record.served = job.record;
  record.warnings = job.record.warnings;
  record.firstTokenMs = record.elapsedMs(performance.now());
  if (!reply.isCommitted) {
    record.status = 200;
    reply.commit(200, addHeadOfAnswer(streamHeaders(call), job, upstreamHeaders));
  } else if (record.warnings.length > 0) {
    // the headers have gone before the loss was known
    reply.write(call.protocol.heartbeat(`x-spillway-warnings: ${warningList(record.warnings)}`));
  }
}

/** Status and headers of a stream that still waits for its target. */
export function sendWaitingHead(call: InferenceCall): void {
  call.record.status = 200;
  call.reply.commit(200, addAccount(streamHeaders(call), call.record));
}

/** A whole answer, with what it cost. */
export function sendWhole(job: AttemptJob, result: ExchangeResult): void {
  const { record, reply } = job.call;
  const body = result.pendingOutput ?? '';
  record.served = job.record;
  record.warnings = job.record.warnings;
  record.status = 200;
  const head = [
    'content-type',
    'application/json; charset=utf-8',
    'content-length',
    String(Buffer.byteLength(body)),
  ];
  reply.commit(200, addHeadOfAnswer(head, job, result.headers));
  reply.end(body);
}

function streamHeaders({ reply }: InferenceCall): string[] {
  return ['content-type', reply.streamType, 'cache-control', 'no-cache', 'x-accel-buffering', 'no'];
}
