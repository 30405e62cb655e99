import type { ModelOutlook } from '#process';
import { GatewayError, type ErrorCode } from '#translation';
import type { PlannedTarget } from './plan-attempts.js';
import type { ReasonCode } from '../common/reason-codes.js';
import type { LocalTarget } from './resolved-target.js';
import type { WhenCold } from '../routes/when-cold.js';

/** What a request asks of a target, apart from what is in its body. */
export interface Demand {
  readonly whenCold: WhenCold;
  /** How long the caller still waits for a local model. */
  readonly patienceMs: number;
  /** An estimate: it may prefer another target, but alone it refuses none. */
  readonly promptTokens: number;
  /** A context of so many tokens has proved too small. */
  readonly tooSmallTokens: number | null;
}

/** What a local target would do with a request now; null for a provider, of which nothing is known. */
export type Look = (target: PlannedTarget) => ModelOutlook | null;

/** A target that is not used now, and why. */
export interface PassedOver {
  readonly target: PlannedTarget;
  readonly reason: ReasonCode;
  /** What the caller is told when no other target serves it either. */
  readonly error: GatewayError;
  /** Shall its model be loaded for the next request? */
  readonly isWarmed: boolean;
}

export interface Choice {
  readonly passedOver: readonly PassedOver[];
  /** Null when there is none left, or when waiting was ruled out. */
  readonly chosen: { readonly target: PlannedTarget; readonly maxWaitMs: number } | null;
  /** What is left to be tried after it. */
  readonly rest: readonly PlannedTarget[];
}

/** `last-resort`: passed over now, and waited for when everything else has failed. */
type Verdict =
  | { readonly type: 'use' }
  | { readonly type: 'next' | 'last-resort' | 'refuse'; readonly passedOver: PassedOver };

/** The first target that promises an answer in time. Pure: the same targets, demand and outlooks give the same choice. */
export function chooseTarget(
  targets: readonly PlannedTarget[],
  demand: Demand,
  look: Look,
): Choice {
  const passedOver: PassedOver[] = [];
  let rest = targets;
  for (let [target] = rest; target !== undefined; [target] = rest) {
    const later = rest.slice(1);
    const verdict = judge(target, later, demand, look);
    if (verdict.type === 'use')
      return { passedOver, chosen: { target, maxWaitMs: demand.patienceMs }, rest: later };
    passedOver.push(verdict.passedOver);
    if (verdict.type === 'refuse') return { passedOver, chosen: null, rest: [] };
    rest = verdict.type === 'last-resort' ? [...later, target] : later;
  }
  return { passedOver, chosen: null, rest: [] };
}

function judge(
  target: PlannedTarget,
  later: readonly PlannedTarget[],
  demand: Demand,
  look: Look,
): Verdict {
  if (!hasRoom(target, demand, later)) return next(target, 'context_too_long', tooLong(target));
  const outlook = look(target);
  if (target.kind === 'provider' || outlook === null) return { type: 'use' };
  const { unavailable, predictedWaitMs, isServingNow, state } = outlook;
  // the last one is refused by the supervisor, which knows best why and looks again in time
  if (unavailable !== null && later.length === 0) return { type: 'use' };
  if (unavailable !== null) {
    const { code, reason } = wordsOf(unavailable.code);
    const retryAfterMs = unavailable.retryAfterMs ?? predictedWaitMs ?? undefined;
    return next(target, reason, new GatewayError(code, unavailable.message, { retryAfterMs }));
  }
  const isTooSlow = predictedWaitMs !== null && predictedWaitMs > demand.patienceMs;
  // one that is busy is loaded: what it lacks is a free place
  if (isServingNow || state === 'ready') {
    return isTooSlow
      ? next(target, 'predicted_wait', tooSlow(target, outlook, demand))
      : { type: 'use' };
  }
  // the rest after a failure is over: the supervisor tries again
  if (restingStates.has(state)) return { type: 'use' };
  const isWarmed = sleepingStates.has(state);
  const cold = { target, reason: 'cold', error: notLoaded(target, outlook) } as const;
  if (demand.whenCold === 'fail')
    return { type: 'refuse', passedOver: { ...cold, isWarmed: false } };
  if (
    demand.whenCold === 'cloud-then-warm' &&
    later.some((each) => isImmediate(each, demand, look))
  )
    return { type: 'last-resort', passedOver: { ...cold, isWarmed } };
  // who would have waited would have loaded it too
  return isTooSlow
    ? next(target, 'predicted_wait', tooSlow(target, outlook, demand), isWarmed)
    : { type: 'use' };
}

const restingStates: ReadonlySet<string> = new Set([
  'backoff',
  'failed',
  'quarantined',
  'unavailable',
]);
const sleepingStates: ReadonlySet<string> = new Set(['cold', 'sleeping']);

function next(
  target: PlannedTarget,
  reason: ReasonCode,
  error: GatewayError,
  isWarmed = false,
): Verdict {
  return { type: 'next', passedOver: { target, reason, error, isWarmed } };
}

/** Would it begin without a load? */
export function isImmediate(target: PlannedTarget, demand: Demand, look: Look): boolean {
  const outlook = look(target);
  if (outlook === null) return true;
  return outlook.isServingNow && (outlook.predictedWaitMs ?? 0) <= demand.patienceMs;
}

/** Estimates are rough: one rules a target out only where another has more room. What was proved rules it out for good. */
function hasRoom(
  target: PlannedTarget,
  { promptTokens, tooSmallTokens }: Demand,
  later: readonly PlannedTarget[],
): boolean {
  const context = contextOf(target);
  if (context === null) return true;
  if (tooSmallTokens !== null && context <= tooSmallTokens) return false;
  return promptTokens <= context || !later.some((each) => (contextOf(each) ?? Infinity) > context);
}

/** Tokens of prompt and answer that fit one slot; null when nobody said. */
export function contextOf(target: PlannedTarget): number | null {
  return target.kind === 'local' ? target.spec.contextTokens : null;
}

function tooLong({ label }: PlannedTarget): GatewayError {
  return new GatewayError(
    'context_length_exceeded',
    `${label}: the request does not fit its context. Shorten it, or route to a model with a larger one.`,
  );
}

function notLoaded({ upstreamModel }: LocalTarget, outlook: ModelOutlook): GatewayError {
  return new GatewayError(
    'engine_not_ready',
    `The local model \`${upstreamModel}\` is not loaded (${outlook.state}) and this request may not wait for it. Start it in the panel, or try again.`,
    { retryAfterMs: outlook.predictedWaitMs ?? undefined },
  );
}

function tooSlow(
  { upstreamModel }: LocalTarget,
  { state, predictedWaitMs }: ModelOutlook,
  { patienceMs }: Demand,
): GatewayError {
  const seconds = (waitMs: number): string => `${Math.ceil(waitMs / 100) / 10} s`;
  const isBusy = state === 'ready';
  return new GatewayError(
    isBusy ? 'engine_queue_full' : 'engine_not_ready',
    `The local model \`${upstreamModel}\` would ${isBusy ? 'get to this request' : 'be loaded'} in ${seconds(predictedWaitMs ?? 0)}, and the caller waits ${seconds(patienceMs)}. Try again then, or wait longer (\`x-spillway-max-wait\`).`,
    { retryAfterMs: predictedWaitMs ?? undefined },
  );
}

type Unavailable = NonNullable<ModelOutlook['unavailable']>['code'];

const unavailableWords: Readonly<Record<Unavailable, { code: ErrorCode; reason: ReasonCode }>> = {
  not_installed: { code: 'engine_not_installed', reason: 'not_installed' },
  platform_unsupported: { code: 'engine_platform_unsupported', reason: 'platform_unsupported' },
  model_missing: { code: 'engine_model_missing', reason: 'model_missing' },
  disabled: { code: 'engine_disabled', reason: 'disabled' },
  resource_paused: { code: 'engine_paused', reason: 'resource_paused' },
  backoff: { code: 'engine_backoff', reason: 'backoff' },
  quarantined: { code: 'engine_start_failed', reason: 'quarantined' },
  queue_full: { code: 'engine_queue_full', reason: 'queue_full' },
  out_of_memory: { code: 'engine_out_of_memory', reason: 'oom' },
  shutting_down: { code: 'shutting_down', reason: 'shutting_down' },
};

function wordsOf(code: Unavailable): { code: ErrorCode; reason: ReasonCode } {
  return unavailableWords[code];
}
