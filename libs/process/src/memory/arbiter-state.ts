import type { PoolBytes } from './pool-bytes.js';

/** What a model that wants to start asks for. */
export interface Claim {
  readonly key: string;
  /** Comes back with the answer, so that a late one is told from a new one. */
  readonly generation: number;
  /** What it takes, one entry for each place it may go to, at least one; the first with room is taken. */
  readonly options: readonly PoolBytes[];
  /** At most one model of an exclusive group holds memory at a time. */
  readonly group: string | null;
  /** When the oldest request behind it came, in monotonic milliseconds: claims are served in this order. */
  readonly since: number;
  /** After a start that ran out of memory: everybody who may go has to go first. */
  readonly isAlone: boolean;
}

/** Memory that is reserved, from the permit until the operating system has it back. */
export interface Holding {
  readonly need: PoolBytes;
  readonly group: string | null;
  /** Told to go; taken back while it still drains and nobody needs its memory any more. */
  readonly isEvicted: boolean;
}

/** Who holds memory and who waits for some. */
export interface ArbiterState {
  readonly held: ReadonlyMap<string, Holding>;
  readonly queue: readonly Claim[];
  readonly budget: PoolBytes;
  /** By key, since when nothing but other programs keeps a claim from its memory. */
  readonly starvedSince: ReadonlyMap<string, number>;
}

/** What the arbiter may know of a model that holds memory. Times are monotonic milliseconds. */
export interface Standing {
  readonly presence: 'loading' | 'serving' | 'draining' | 'leaving';
  readonly leases: number;
  readonly isPinned: boolean;
  /** It was started for requests and has not finished one yet. */
  readonly owesService: boolean;
  readonly readySince: number;
  readonly idleSince: number;
  readonly loadMs: number | null;
  /** What its processes were last seen to use. */
  readonly used: PoolBytes;
  /** How much dearer than others its load is. */
  readonly weight: number;
  /** Milliseconds it stays at least once it is ready; null takes what the limits give it. */
  readonly minResidencyMs: number | null;
  /** Milliseconds after which a busy model is cut for others; null means never. */
  readonly evictBusyAfterMs: number | null;
}

/** The moment a decision is made in. */
export interface ArbiterView {
  readonly now: number;
  readonly standings: ReadonlyMap<string, Standing>;
  /** Free memory as measured; a pool that is not named cannot be measured. */
  readonly free: PoolBytes;
  readonly limits: ArbiterLimits;
}

/** The figures the decisions depend on, in milliseconds. */
export interface ArbiterLimits {
  /** A request that has waited so long is not overtaken any more. */
  readonly maxOvertakeMs: number;
  /**
   * A model that has no minimum of its own stays for twice its load time, within these bounds. Neither holds once somebody
   * has waited for `maxOvertakeMs`.
   */
  readonly minResidencyMs: number;
  readonly maxResidencyMs: number;
  /** How long memory that other programs hold is waited for. */
  readonly starvedMs: number;
}

export type ArbiterEvent =
  | { readonly type: 'ask'; readonly claim: Claim }
  /** Leaves the queue; what is held stays so. */
  | { readonly type: 'withdraw'; readonly key: string }
  /** The memory is back, or was not used: leaves the queue too. */
  | { readonly type: 'release'; readonly key: string }
  /** It was measured, or went to sleep. Growth is bounded by what is left of the budget. */
  | { readonly type: 'resize'; readonly key: string; readonly need: PoolBytes }
  | { readonly type: 'regroup'; readonly key: string; readonly group: string | null }
  | { readonly type: 'budget'; readonly budget: PoolBytes }
  /** Something the decisions depend on may have changed: a lease ended, time passed. */
  | { readonly type: 'look' };

/** Why a claim can never be met as things are. */
export type RefusalCause = 'too-large' | 'pinned' | 'no-free-memory';

export type ArbiterEffect =
  | { readonly type: 'permit'; readonly key: string; readonly generation: number }
  | { readonly type: 'evict'; readonly key: string; readonly deadlineMs: number | null }
  | { readonly type: 'reprieve'; readonly key: string }
  | {
      readonly type: 'refuse';
      readonly key: string;
      readonly generation: number;
      readonly cause: RefusalCause;
      readonly need: PoolBytes;
    }
  /** Look again after so long: one timer, arming replaces. */
  | { readonly type: 'arm'; readonly delayMs: number };

export interface ArbiterTransition {
  readonly state: ArbiterState;
  readonly effects: readonly ArbiterEffect[];
}

export function initialArbiterState(budget: PoolBytes): ArbiterState {
  return { held: new Map(), queue: [], budget, starvedSince: new Map() };
}
