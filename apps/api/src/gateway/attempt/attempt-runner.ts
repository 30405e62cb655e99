import { EditableBody, EgressClient } from '#adapters';
import { Injectable } from '@nestjs/common';
import { GatewayError, type AnswerFacts } from '#translation';
import { performance } from 'node:perf_hooks';
import { LocalTargetService } from '../../processes/local-target.service.js';
import type { PlannedTarget } from '../../routing/plan-attempts.js';
import { reasonOf, type ReasonCode } from '../../common/reason-codes.js';
import { AttemptAccountant } from '../../usage/attempt-accountant.service.js';
import { sendStreamHead, sendWhole } from '../reply/send-answer.js';
import { AttemptExchange, type ExchangeResult } from './attempt-exchange.js';
import type { AttemptJob, RequestJob } from './attempt-job.js';
import type { AttemptLane } from './attempt-lane.js';
import { AttemptPreparer } from './attempt-preparer.service.js';
import { CourseDriver, type LaneEnd } from './course/course-driver.js';

/** Takes a request through its planned targets until one has answered, or says why none could. */
@Injectable()
export class AttemptRunner {
  constructor(
    private readonly preparer: AttemptPreparer,
    private readonly accountant: AttemptAccountant,
    private readonly egress: EgressClient,
    private readonly local: LocalTargetService,
  ) {}

  /** @throws GatewayError when the caller has no answer and no target is left, or when the caller has left. */
  run(request: RequestJob, targets: readonly PlannedTarget[]): Promise<void> {
    const { record } = request.call;
    const mayHedge = request.waiting.hedgeAfterMs !== null;
    const look = (target: PlannedTarget) =>
      target.kind === 'local' ? this.local.outlook(target.spec) : null;
    const [first] = targets;
    record.localState = first === undefined ? null : (look(first)?.state ?? null);
    return new CourseDriver(request, {
      look,
      attempt: (lane) => this.attempt(mayHedge ? withOwnBody(request) : request, lane),
      passOver: ({ target, reason, error, isWarmed }) => {
        const attempt = this.accountant.begin(record, target);
        this.accountant.skip(attempt, reason, error);
        if (isWarmed && target.kind === 'local') this.local.warm(target.spec);
      },
    }).run(targets);
  }

  /** One dispatch. Never rejects. */
  private async attempt(request: RequestJob, lane: AttemptLane): Promise<LaneEnd> {
    const { call, size, payers, maxCostNanos } = request;
    const record = this.accountant.begin(call.record, lane.target);
    lane.record = record;
    let release = (): void => undefined;
    try {
      const prepared = await this.preparer.prepare(request, lane, record);
      const { job } = prepared;
      release = prepared.release;
      record.warnings = job.warnings;
      const { attempts } = call.record;
      await this.accountant.dispatch(record, size, { payers, maxCostNanos, attempts });
      const result = await new AttemptExchange(job, beginStream).run(this.egress);
      const { warning } = result.facts;
      if (warning) record.warnings = [...record.warnings, warning];
      record.reasonCode = reasonFor(lane, record.httpStatus, result.error);
      this.accountant.end(record, size, result);
      return await conclude(job, result);
    } catch (error) {
      const failure =
        error instanceof GatewayError
          ? error
          : new GatewayError('internal_error', 'The gateway failed in a way it did not expect.', {
              cause: error,
            });
      record.reasonCode = reasonFor(lane, null, failure);
      this.accountant.abandon(record, failure);
      return { type: 'failed', error: failure };
    } finally {
      release();
    }
  }
}

/** Edits are written into the bytes, and two attempts at once must not write into the same. */
function withOwnBody(request: RequestJob): RequestJob {
  return { ...request, body: new EditableBody(Buffer.from(request.body.original)) };
}

function reasonFor(
  { reason }: AttemptLane,
  httpStatus: number | null,
  error: GatewayError | null,
): ReasonCode | null {
  if (reason !== null || error === null) return reason;
  // another gateway, or this one, found the request going in a circle
  return httpStatus === 508 ? 'loop' : reasonOf(error.code);
}

function beginStream(job: AttemptJob, upstreamHeaders: ExchangeResult['headers']): void {
  void job.lane.claim();
  sendStreamHead(job.call, job, upstreamHeaders);
}

/** Sends what is left to send. */
async function conclude(job: AttemptJob, result: ExchangeResult): Promise<LaneEnd> {
  const { call, lane } = job;
  const { reply, record } = call;
  const { error } = result;
  if (error === null) {
    if (record.isStream) reply.end();
    else {
      const settled = lane.claim();
      // what the loser of a hedge has cost belongs into the headers
      if (settled !== null) await settled;
      record.firstTokenMs = record.elapsedMs(performance.now());
      sendWhole(job, result);
    }
    record.warnings = job.record.warnings;
    record.outcome = 'completed';
    return { type: 'ended' };
  }
  if (result.isCancelled) return { type: 'stopped' };
  if (!result.hasBegun) {
    job.record.errorMessage = error.message;
    return { type: 'failed', error };
  }
  record.error = error;
  record.outcome = 'failed';
  reply.end(errorEnding(job, error, result.facts));
  return { type: 'ended' };
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
