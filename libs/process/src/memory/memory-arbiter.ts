import type { Clock } from '../clock.js';
import { Mailbox } from '../mailbox.js';
import { arbitrate, roomIn } from './arbiter-reducer.js';
import { initialArbiterState } from './arbiter-state.js';
import type {
  ArbiterEffect,
  ArbiterEvent,
  ArbiterLimits,
  ArbiterState,
  ArbiterView,
  Claim,
  RefusalCause,
  Standing,
} from './arbiter-state.js';
import { msUntilMayLeave } from './eviction-rules.js';
import type { MemoryGauge } from './memory-gauge.js';
import { poolBudget } from './pool-budget.js';
import type { MemoryPool } from './memory-pool.js';
import { fits, smaller } from './pool-bytes.js';
import type { PoolBytes } from './pool-bytes.js';
import { refusalOf } from './refuse-claims.js';

const RECENT_MS = 250;

/** A model as the arbiter knows it: what it may look at, and whom it tells. */
export interface Tenant {
  /** Null while it holds no memory. */
  readonly standing: Standing | null;
  onPermitted(generation: number): void;
  onRefused(generation: number, cause: RefusalCause, need: PoolBytes): void;
  onEvicted(deadlineMs: number | null): void;
  onReprieved(): void;
}

interface ArbiterOptions {
  readonly clock: Clock;
  readonly gauge: MemoryGauge;
  readonly declaredBudget: PoolBytes;
  readonly limits: ArbiterLimits;
}

/** What a claim would meet now. */
export interface ClaimOutlook {
  readonly refusal: RefusalCause | null;
  /** Until others would have made room, at most; 0 when there is room. */
  readonly waitMs: number;
}

/** Runs the decisions of the arbiter: one event at a time, measured memory and standings as they are then. */
export class MemoryArbiter {
  #state: ArbiterState;
  readonly #tenants = new Map<string, Tenant>();
  readonly #mailbox = new Mailbox<ArbiterEvent>((event) => this.#take(event));
  #cancelLook: () => void = () => undefined;
  /** Somebody waits, or a lowered budget is exceeded. */
  #isContended = false;
  #recent: PoolBytes = {};
  #freeAtMs = -Infinity;

  constructor(private readonly options: ArbiterOptions) {
    const { gauge, declaredBudget } = options;
    this.#state = initialArbiterState(poolBudget(gauge.pools, declaredBudget));
  }

  /** Bytes every model holds, by its key. */
  get held(): ReadonlyMap<string, PoolBytes> {
    return new Map([...this.#state.held].map(([key, { need }]) => [key, need]));
  }

  get pools(): readonly MemoryPool[] {
    return this.options.gauge.pools;
  }

  get budget(): PoolBytes {
    return this.#state.budget;
  }

  ask(tenant: Tenant, claim: Claim): void {
    this.#tenants.set(claim.key, tenant);
    this.#mailbox.post({ type: 'ask', claim });
  }

  withdraw(key: string): void {
    this.#mailbox.post({ type: 'withdraw', key });
  }

  release(key: string): void {
    this.#mailbox.post({ type: 'release', key });
    this.#tenants.delete(key);
  }

  resize(key: string, need: PoolBytes): void {
    this.#mailbox.post({ type: 'resize', key, need });
  }

  /** Takes what it holds into another exclusive group. */
  regroup(key: string, group: string | null): void {
    this.#mailbox.post({ type: 'regroup', key, group });
  }

  /** Pools that are not named go back to what the machine gives. */
  changeBudget(declared: PoolBytes): void {
    this.#mailbox.post({ type: 'budget', budget: poolBudget(this.pools, declared) });
  }

  /** To be called when a tenant's standing changed; costs nothing while nobody waits. */
  look(): void {
    if (this.#isContended) this.#mailbox.post({ type: 'look' });
  }

  /** What the claim would meet, without asking. */
  preview(claim: Claim): ClaimOutlook {
    const view = this.#view(this.#recentFree());
    const refusal = refusalOf(claim, this.#state, view, null)?.cause ?? null;
    const room = smaller(roomIn(this.#state.budget, this.#state.held), view.free);
    const isFitting = claim.options.some((need) => fits(need, room));
    const isRoomy = this.#state.queue.length === 0 && isFitting;
    const stays = [...view.standings.values()].map((each) => msUntilMayLeave(each, view));
    const longestMs = Math.max(0, ...stays, view.now - claim.since);
    return { refusal, waitMs: isRoomy ? 0 : Math.min(longestMs, view.limits.maxOvertakeMs) };
  }

  /** True when the claim could be permitted at once, without anybody leaving. */
  hasRoomFor(claim: Claim): boolean {
    const { refusal, waitMs } = this.preview(claim);
    const isGroupFree =
      claim.group === null ||
      [...this.#state.held.values()].every(({ group }) => group !== claim.group);
    return refusal === null && waitMs === 0 && isGroupFree;
  }

  /** Free memory as it was measured last. */
  free(): PoolBytes {
    return this.options.gauge.free();
  }

  /** Measures what is too old to be decided by; null where nothing is. */
  measure(): Promise<void> | null {
    return this.options.gauge.refresh();
  }

  dispose(): void {
    this.#cancelLook();
  }

  /** Measuring takes a tenth of a millisecond: fine for a decision, too much for every request that only asks. */
  #recentFree(): PoolBytes {
    const now = this.options.clock.monotonicMs();
    if (now - this.#freeAtMs > RECENT_MS) {
      this.#recent = this.options.gauge.free();
      this.#freeAtMs = now;
    }
    return this.#recent;
  }

  #view(free: PoolBytes): ArbiterView {
    const standings = new Map<string, Standing>();
    for (const [key, { standing }] of this.#tenants) {
      if (standing !== null) standings.set(key, standing);
    }
    const { clock, limits } = this.options;
    return { now: clock.monotonicMs(), standings, free, limits };
  }

  #take(event: ArbiterEvent): void {
    const { state, effects } = arbitrate(this.#state, event, this.#view(this.free()));
    this.#state = state;
    const isOver = Object.values(roomIn(state.budget, state.held)).some((bytes) => bytes < 0);
    this.#isContended = state.queue.length > 0 || isOver;
    for (const effect of effects) this.#run(effect);
    if (state.queue.length === 0) this.#cancelLook();
  }

  #run(effect: ArbiterEffect): void {
    if (effect.type === 'arm') {
      this.#cancelLook();
      this.#cancelLook = this.options.clock.schedule(effect.delayMs, () => {
        this.#mailbox.post({ type: 'look' });
      });
      return;
    }
    const tenant = this.#tenants.get(effect.key);
    switch (effect.type) {
      case 'permit':
        tenant?.onPermitted(effect.generation);
        break;
      case 'evict':
        tenant?.onEvicted(effect.deadlineMs);
        break;
      case 'reprieve':
        tenant?.onReprieved();
        break;
      case 'refuse':
        tenant?.onRefused(effect.generation, effect.cause, effect.need);
        break;
    }
  }
}
