import { Injectable } from '@nestjs/common';
import {
  estimateTokens,
  GatewayError,
  type AnswerFacts,
  type ErrorCode,
  type Usage,
} from '#translation';
import { performance } from 'node:perf_hooks';
import { AttemptRecord } from '../audit/attempt-record.js';
import { AuditWriter } from '../audit/audit-writer.service.js';
import type { RequestRecord } from '../audit/request-record.js';
import { GatewayIds } from '../common/gateway-ids.js';
import type { ReasonCode } from '../common/reason-codes.js';
import type { ResolvedTarget } from '../routing/resolved-target.js';
import type { Payers } from './budgets-of.js';
import { assertBelowCeiling } from './cost-ceiling.js';
import {
  calculateCost,
  freeCost,
  unknownCost,
  worstCaseNanos,
  type Cost,
} from './cost-calculator.js';
import { SpendLedger } from './spend-ledger.service.js';

/** What a request may answer with when it sets no limit; only a reservation, never a limit. */
const assumedOutputTokens = 8_192;

/** The size of a request, as far as money depends on it. */
export interface RequestSize {
  readonly bodyBytes: number;
  readonly maxOutputTokens: number | null;
}

/** What bounds the cost of the attempts of a request. */
export interface SpendingBounds {
  readonly payers: Payers;
  /** What they may cost together, in nano-dollars; null when the caller has not said. */
  readonly maxCostNanos: number | null;
  /** All of the request so far. */
  readonly attempts: readonly AttemptRecord[];
}

export interface ExchangeEnd {
  readonly facts: AnswerFacts;
  readonly error: GatewayError | null;
  readonly isCancelled: boolean;
  readonly sawHead: boolean;
}

/** Keeps the money and the log of each attempt: reserve, make durable, then resolve exactly once. */
@Injectable()
export class AttemptAccountant {
  constructor(
    private readonly audit: AuditWriter,
    private readonly ledger: SpendLedger,
    private readonly ids: GatewayIds,
  ) {}

  begin(request: RequestRecord, target: ResolvedTarget): AttemptRecord {
    const identity = {
      id: this.ids.next(),
      requestId: request.id,
      keyId: request.key?.id ?? null,
      routeId: request.routeId,
      position: request.attempts.length + 1,
    };
    const attempt = new AttemptRecord(identity, target, {
      epochMs: Date.now(),
      tick: performance.now(),
    });
    request.attempts.push(attempt);
    if (target.price === 'free') this.audit.note(attempt);
    return attempt;
  }

  /**
   * Sets the money aside and makes the row durable, for everything that can cost money.
   * @throws GatewayError `max_cost_exceeded`, `fallback_budget_exhausted`, `budget_exceeded` or `storage_unavailable`; then
   * nothing may be sent.
   */
  async dispatch(attempt: AttemptRecord, size: RequestSize, bounds: SpendingBounds): Promise<void> {
    const { price } = attempt.target;
    if (price === 'free') {
      attempt.advance('dispatch');
      return;
    }
    const worstCase = worstCaseNanos(
      estimateTokens(size.bodyBytes),
      size.maxOutputTokens ?? assumedOutputTokens,
      price,
    );
    const { payers, maxCostNanos, attempts } = bounds;
    const { label } = attempt.target;
    if (maxCostNanos !== null) assertBelowCeiling(maxCostNanos, attempts, worstCase, label);
    attempt.hold = this.ledger.reserve(payers, worstCase, label);
    attempt.reservedNanos = worstCase;
    if (attempt.hold !== null) {
      attempt.reservedAtMs = attempt.hold.reservedAtMs;
      attempt.isSpillover = payers.route.hasLocalTarget;
    }
    attempt.advance('dispatch');
    await this.audit.open(attempt);
  }

  /** The upstream's part is over: charge what is known, estimate what is not, mark the difference. */
  end(attempt: AttemptRecord, size: RequestSize, end: ExchangeEnd): void {
    const { error, facts } = end;
    attempt.outcome = outcomeOf(end);
    if (error !== null) {
      attempt.errorCode = error.code;
      attempt.errorMessage = error.message;
    }
    if (error !== null && facts.outputChars === 0 && facts.usage.outputTokens === null) {
      this.resolveWithoutOutput(attempt, end, size);
      return;
    }
    attempt.usage = completeUsage(facts, size);
    this.resolve(attempt, 'settle', calculateCost(attempt.usage, attempt.target.price));
  }

  /** Nothing was tried, because another target promises more. */
  skip(attempt: AttemptRecord, reason: ReasonCode, error: GatewayError): void {
    attempt.outcome = 'skipped';
    attempt.reasonCode = reason;
    attempt.errorMessage = error.message;
    this.resolve(attempt, 'void', nothingSpent(attempt));
  }

  /** The attempt ended before anything was sent. */
  abandon(attempt: AttemptRecord, error: GatewayError): void {
    attempt.outcome = outcomeOfUnsent[error.code] ?? 'failed';
    if (attempt.outcome !== 'skipped') attempt.errorCode = error.code;
    attempt.errorMessage = error.message;
    this.resolve(attempt, 'void', nothingSpent(attempt));
  }

  /**
   * Nothing came out. An upstream that refused or was never reached billed nothing; one that took the request
   * and then fell silent may have, and nobody can say how much. A caller that left early has its prompt counted.
   */
  private resolveWithoutOutput(attempt: AttemptRecord, end: ExchangeEnd, size: RequestSize): void {
    const { price } = attempt.target;
    if (price === 'free') return this.resolve(attempt, 'void', freeCost);
    const hasRefused = (attempt.httpStatus ?? 0) >= 300 || isRefusal(end);
    const wasSent = end.sawHead || end.error?.details['wasSent'] !== false;
    if ((hasRefused && !end.isCancelled) || !wasSent)
      return this.resolve(attempt, 'void', { nanos: 0, status: 'exact' });
    if (!end.isCancelled) return this.resolve(attempt, 'settle', unknownCost);
    attempt.usage = completeUsage(end.facts, size);
    this.resolve(attempt, 'settle', calculateCost(attempt.usage, price));
  }

  private resolve(attempt: AttemptRecord, event: 'settle' | 'void', cost: Cost): void {
    attempt.advance(event);
    attempt.cost = cost;
    attempt.totalMs = attempt.elapsedMs(performance.now());
    const { hold } = attempt;
    if (hold !== null) {
      attempt.hold = null;
      // an unknown cost keeps the budget's promise by taking all that was set aside
      this.ledger.settle(hold, cost.nanos ?? hold.amountNanos);
    }
    this.audit.close(attempt);
  }
}

/** A target that may cost too much is passed over like one that another promises more than: no failure of its own. */
const outcomeOfUnsent: Readonly<Partial<Record<ErrorCode, AttemptRecord['outcome']>>> = {
  request_cancelled: 'cancelled',
  fallback_budget_exhausted: 'skipped',
  max_cost_exceeded: 'skipped',
};

function nothingSpent({ target }: AttemptRecord): Cost {
  return target.price === 'free' ? freeCost : { nanos: 0, status: 'exact' };
}

function outcomeOf({ error, isCancelled, facts }: ExchangeEnd): AttemptRecord['outcome'] {
  if (error === null) return 'completed';
  if (isCancelled) return 'cancelled';
  return facts.outputChars > 0 ? 'interrupted' : 'failed';
}

/** Did the upstream say itself that it does not answer? What broke off, or cannot be read, is no such word. */
function isRefusal({ facts, error }: ExchangeEnd): boolean {
  return facts.error !== null && facts.error === error && !unreadable.has(facts.error.code);
}

const unreadable: ReadonlySet<ErrorCode> = new Set([
  'upstream_invalid_response',
  'upstream_too_large',
]);

/** Fills in by estimate what the upstream did not count, and says so. */
function completeUsage(facts: AnswerFacts, size: RequestSize): Usage {
  const { usage } = facts;
  // an answer that came whole has final counters, even when it could not be told to the caller
  const isFinal = facts.isComplete || facts.finishReason !== null;
  if (usage.inputTokens !== null && usage.outputTokens !== null && isFinal) return usage;
  return {
    ...usage,
    inputTokens: usage.inputTokens ?? estimateTokens(size.bodyBytes),
    // counters of a broken stream are provisional: Anthropic's first event says 1 or so
    outputTokens: Math.max(usage.outputTokens ?? 0, estimateTokens(facts.outputChars)),
    isEstimated: true,
  };
}
