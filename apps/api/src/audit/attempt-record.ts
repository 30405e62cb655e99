import type { Price } from '#adapters';
import { unknownUsage, type Usage, type Warning } from '#translation';
import type { Slotted } from '../common/slot-set.js';
import type { ReasonCode } from '../common/reason-codes.js';
import { nextAttemptState, type AttemptEvent, type AttemptState } from '../usage/attempt-state.js';
import type { Hold } from '../usage/budget-ledger.js';
import { unknownCost, type Cost } from '../usage/cost-calculator.js';

/** `skipped`: nothing was sent, because another target promised more. */
export type AttemptOutcome =
  'running' | 'completed' | 'failed' | 'cancelled' | 'interrupted' | 'skipped';

/** Which attempt of which request it is. */
export interface AttemptIdentity {
  readonly id: number;
  readonly requestId: number;
  readonly keyId: string | null;
  readonly routeId: string | null;
  /** Counted from 1. */
  readonly position: number;
}

export interface AttemptedTarget {
  readonly kind: 'local' | 'provider';
  readonly label: string;
  readonly upstreamModel: string;
  readonly price: Price | 'free' | null;
}

/** One dispatch to one target, as it will stand in the log. */
export class AttemptRecord implements Slotted {
  slot = -1;
  state: AttemptState = 'reserved';
  outcome: AttemptOutcome = 'running';
  errorCode: string | null = null;
  errorMessage: string | null = null;
  /** Why it was not used, or was left for another target. */
  reasonCode: ReasonCode | null = null;
  httpStatus: number | null = null;
  queueMs: number | null = null;
  loadMs: number | null = null;
  firstTokenMs: number | null = null;
  totalMs: number | null = null;
  usage: Usage = unknownUsage;
  reservedNanos: number | null = 0;
  /** When money was set aside, which decides the windows that pay; null when none was. */
  reservedAtMs: number | null = null;
  /** Was it paid for in place of a local model? Null when nothing was to be paid. */
  isSpillover: boolean | null = null;
  /** What is set aside on the budgets while it runs. */
  hold: Hold | null = null;
  cost: Cost = unknownCost;
  instanceId: string | null = null;
  /** What the translation for its target lost. */
  warnings: readonly Warning[] = [];
  /** The part of its row that its end does not change, once it was written. */
  beginningOfRow: string | null = null;
  /** Is there a row of it in the database yet? */
  isStored = false;

  readonly id: number;
  readonly requestId: number;
  readonly keyId: string | null;
  readonly routeId: string | null;
  readonly position: number;

  constructor(
    identity: AttemptIdentity,
    readonly target: AttemptedTarget,
    private readonly started: { readonly epochMs: number; readonly tick: number },
  ) {
    this.id = identity.id;
    this.requestId = identity.requestId;
    this.keyId = identity.keyId;
    this.routeId = identity.routeId;
    this.position = identity.position;
  }

  get startedAtMs(): number {
    return this.started.epochMs;
  }

  /** @param nowTick monotonic milliseconds */
  elapsedMs(nowTick: number): number {
    return Math.round((nowTick - this.started.tick) * 10) / 10;
  }

  /** @throws Error on a step that the life of an attempt does not have. */
  advance(event: AttemptEvent): void {
    this.state = nextAttemptState(this.state, event);
  }

  get priceSource(): string | null {
    const { price } = this.target;
    if (price === null) return null;
    return price === 'free' ? 'free' : price.source;
  }
}
