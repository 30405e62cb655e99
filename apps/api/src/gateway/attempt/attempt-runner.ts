import { EgressClient, type UpstreamHeaders } from '#adapters';
import { Injectable } from '@nestjs/common';
import { GatewayError, type AnswerFacts } from '#translation';
import { performance } from 'node:perf_hooks';
import type { PlannedTarget } from '../../routing/plan-attempts.js';
import { AttemptAccountant } from '../../usage/attempt-accountant.service.js';
import { AttemptExchange, type ExchangeResult } from './attempt-exchange.js';
import type { AttemptJob, RequestJob } from './attempt-job.js';
import { AttemptPreparer } from './attempt-preparer.service.js';
import { describeAttempts } from './failure/describe-attempts.js';
import { mayTryNext } from './failure/failover-policy.js';
import { headOfAnswer } from '../reply/head-of-answer.js';

/** A kept-alive connection that the other side closed at the wrong moment is worth one more try. */
const maxTriesPerTarget = 2;

/** Tries the planned targets in order until one has answered, or says why none could. */
@Injectable()
export class AttemptRunner {
  constructor(
    private readonly preparer: AttemptPreparer,
    private readonly accountant: AttemptAccountant,
    private readonly egress: EgressClient,
  ) {}

  /** @throws GatewayError when no byte was sent to the caller and no target is left. */
  async run(request: RequestJob, targets: readonly PlannedTarget[]): Promise<void> {
    const failures: GatewayError[] = [];
    for (const target of targets) {
      for (let tries = 1; tries <= maxTriesPerTarget; tries += 1) {
        const failure = await this.attempt(request, target);
        if (failure === null) return;
        failures.push(failure);
        const isStale =
          failure.code === 'upstream_unreachable' && failure.details['isStaleSocket'] === true;
        if (!isStale) break;
      }
      const last = failures.at(-1);
      if (last !== undefined && !mayTryNext(last)) break;
    }
    throw describeAttempts(failures, request.call.record.attempts);
  }

  /** One dispatch. Null = the caller has its answer, or the error is in its stream already. */
  private async attempt(request: RequestJob, target: PlannedTarget): Promise<GatewayError | null> {
    const { call } = request;
    const record = this.accountant.begin(call.record, target);
    let release = (): void => undefined;
    try {
      const prepared = await this.preparer.prepare(request, target, record);
      const { job } = prepared;
      release = prepared.release;
      record.warnings = job.warnings;
      await this.accountant.dispatch(record, request.size, call.key);
      const exchange = new AttemptExchange(job, commitStream);
      const result = await exchange.run(this.egress);
      const { warning } = result.facts;
      if (warning) record.warnings = [...record.warnings, warning];
      this.accountant.end(record, request.size, result);
      return this.conclude(job, result);
    } catch (error) {
      const failure =
        error instanceof GatewayError
          ? error
          : new GatewayError('internal_error', 'The gateway failed in a way it did not expect.', {
              cause: error,
            });
      this.accountant.abandon(record, failure);
      return failure;
    } finally {
      release();
    }
  }

  /** Sends what is left to send. Null when the request is over. */
  private conclude(job: AttemptJob, result: ExchangeResult): GatewayError | null {
    const { call } = job;
    const { reply, record } = call;
    if (result.error === null) {
      if (record.isStream) reply.end();
      else sendWhole(job, result);
      record.warnings = job.record.warnings;
      record.outcome = 'completed';
      return null;
    }
    record.error = result.error;
    if (result.isCancelled) {
      record.outcome = 'cancelled';
      return null;
    }
    if (!reply.isCommitted) {
      job.record.errorMessage = result.error.message;
      return result.error;
    }
    record.outcome = 'failed';
    reply.end(errorEnding(job, result.error, result.facts));
    return null;
  }
}

/** What ends a broken stream; the upstream's own error event, where it speaks the caller's protocol, is there already. */
function errorEnding(
  { call: { protocol, record }, isPassthrough }: AttemptJob,
  error: GatewayError,
  facts: AnswerFacts,
): string | undefined {
  const { progress, isTerminated } = facts;
  if (!isPassthrough || facts.error === null)
    return protocol.encodeStreamError(error, record.publicId, progress);
  return isTerminated === true
    ? undefined
    : protocol.encodeStreamFailure?.(error, record.publicId, progress);
}

function commitStream(job: AttemptJob, upstreamHeaders: UpstreamHeaders): void {
  const { record, reply } = job.call;
  record.served = job.record;
  record.warnings = job.record.warnings;
  record.status = 200;
  record.firstTokenMs = record.elapsedMs(performance.now());
  reply.commit(
    200,
    headOfAnswer(job, upstreamHeaders, [
      'content-type',
      reply.streamType,
      'cache-control',
      'no-cache',
      'x-accel-buffering',
      'no',
    ]),
  );
}

function sendWhole(job: AttemptJob, result: ExchangeResult): void {
  const { record, reply } = job.call;
  const body = result.pendingOutput ?? '';
  record.served = job.record;
  record.warnings = job.record.warnings;
  record.status = 200;
  record.firstTokenMs = record.elapsedMs(performance.now());
  reply.commit(
    200,
    headOfAnswer(job, result.headers, [
      'content-type',
      'application/json; charset=utf-8',
      'content-length',
      String(Buffer.byteLength(body)),
    ]),
  );
  reply.end(body);
}
