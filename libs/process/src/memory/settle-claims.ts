/** Goes through the claims, oldest first, and finds for each what can be done for it now. */
import type {
  ArbiterEffect,
  ArbiterState,
  ArbiterTransition,
  ArbiterView,
  Claim,
  Holding,
  Standing,
} from './arbiter-state.js';
import { isAged, mayLeave, msUntilMayLeave, victimCost } from './eviction-rules.js';
import { chooseVictims } from './choose-victims.js';
import type { Candidate } from './choose-victims.js';
import { fits, plus, shortage, smaller, zeroed } from './pool-bytes.js';
import type { PoolBytes } from './pool-bytes.js';
import { refusalOf } from './refuse-claims.js';

const LOOK_EVERY_MS = 1000;

/** Memory while the claims are gone through: what earlier claims were promised is taken off for later ones. */
interface Ledger {
  readonly held: Map<string, Holding>;
  readonly effects: ArbiterEffect[];
  /** Left of the budget, less what was promised: below zero while the promised memory still comes. */
  room: PoolBytes;
  /** Left as measured, less what loading models will still take. */
  free: PoolBytes;
  /** As it was measured, less what loading models will still take: nothing promised is taken off. */
  readonly unpromised: PoolBytes;
  /** On its way back from models that leave. */
  coming: PoolBytes;
  isPromised: boolean;
}

function isGoing(key: string, { isEvicted }: Holding, view: ArbiterView): boolean {
  const presence = view.standings.get(key)?.presence;
  return isEvicted || presence === 'draining' || presence === 'leaving';
}

function openLedger(state: ArbiterState, view: ArbiterView): Ledger {
  let [room, free, coming] = [state.budget, view.free, zeroed(state.budget)];
  for (const [key, holding] of state.held) {
    room = plus(room, holding.need, -1);
    free = plus(free, stillToTake(holding, view.standings.get(key)), -1);
    if (isGoing(key, holding, view)) coming = plus(coming, holding.need);
  }
  const held = new Map(state.held);
  return { held, effects: [], room, free, unpromised: free, coming, isPromised: false };
}

/** What a loading model will take beyond what it has; one the view does not know yet has its permit on the way. */
function stillToTake({ need }: Holding, standing: Standing | undefined): PoolBytes {
  if (standing === undefined) return need;
  return standing.presence === 'loading'
    ? shortage(need, { ...zeroed(need), ...standing.used })
    : {};
}

/** Permits what fits, tells those to leave who must, takes that back where it is no longer needed. */
export function settle(state: ArbiterState, view: ArbiterView): ArbiterTransition {
  const ledger = openLedger(state, view);
  shed(ledger, view);
  const queue: Claim[] = [];
  const starvedSince = new Map<string, number>();
  let isClosed = false;
  for (const claim of state.queue) {
    const isStarved = isStarvedByOthers(state, claim, ledger, view);
    const since = isStarved ? (state.starvedSince.get(claim.key) ?? view.now) : null;
    const refusal = refusalOf(claim, state, view, since);
    if (refusal !== null) {
      const { key, generation } = claim;
      ledger.effects.push({ type: 'refuse', key, generation, ...refusal });
      continue;
    }
    if (since !== null) starvedSince.set(claim.key, since);
    if (!isClosed && isPermitted(claim, ledger, view)) continue;
    queue.push(claim);
    if (isClosed || isMadeRoomFor(claim, ledger, view)) continue;
    // Smaller ones may go first for a while, but not for ever.
    isClosed = isAged(claim, view);
  }
  if (!ledger.isPromised) reprieveAll(ledger, view);
  armNextLook(queue, ledger, view);
  return { state: { ...state, held: ledger.held, queue, starvedSince }, effects: ledger.effects };
}

/** A budget that was lowered costs the idle models; those that serve stay. */
function shed(ledger: Ledger, view: ArbiterView): void {
  const over = Object.entries(plus(ledger.room, ledger.coming)).filter(([, bytes]) => bytes < 0);
  if (over.length === 0) return;
  const missing = Object.fromEntries(over.map(([pool, bytes]) => [pool, -bytes]));
  const idle = [...ledger.held].flatMap(([key, holding]) => {
    const standing = view.standings.get(key);
    const isIdle = standing?.presence === 'serving' && standing.leases === 0;
    if (!isIdle || standing.isPinned || isGoing(key, holding, view)) return [];
    const { idleSince } = standing;
    return [{ key, frees: holding.need, cost: victimCost(standing, view.now), idleSince }];
  });
  for (const { key } of chooseVictims(idle, missing) ?? idle) evict(key, ledger, view);
  ledger.isPromised = true;
}

/** What the claim takes beyond what its model already holds, as a sleeping one does. */
function addition(key: string, need: PoolBytes, { held }: Pick<Ledger, 'held'>): PoolBytes {
  return plus(need, held.get(key)?.need ?? {}, -1);
}

function rivals(
  { key, group, isAlone }: Claim,
  { held }: Ledger,
  { standings }: ArbiterView,
): string[] {
  return [...held]
    .filter(([other, holding]) => {
      // A pinned model is no reason to wait for ever where it is only asked to go for safety.
      const isUnwanted = isAlone && standings.get(other)?.isPinned !== true;
      return other !== key && (isUnwanted || (group !== null && holding.group === group));
    })
    .map(([other]) => other);
}

function isPermitted(claim: Claim, ledger: Ledger, view: ArbiterView): boolean {
  const { key, generation, options, group } = claim;
  const room = smaller(ledger.room, ledger.free);
  const need = options.find((each) => fits(addition(key, each, ledger), room));
  if (need === undefined || rivals(claim, ledger, view).length > 0) return false;
  const extra = addition(key, need, ledger);
  ledger.held.set(key, { need, group, isEvicted: false });
  ledger.room = plus(ledger.room, extra, -1);
  ledger.free = plus(ledger.free, extra, -1);
  ledger.effects.push({ type: 'permit', key, generation });
  return true;
}

/** True when the claim can be met once those have left who are leaving by now. */
function isMadeRoomFor(claim: Claim, ledger: Ledger, view: ArbiterView): boolean {
  const going = (key: string): boolean => {
    const holding = ledger.held.get(key);
    return holding === undefined || isGoing(key, holding, view);
  };
  const mustGo = rivals(claim, ledger, view).filter((key) => !going(key));
  if (!mustGo.every((key) => isEvictable(claim, key, view))) return false;
  const expected = mustGo.reduce(
    (sum, key) => plus(sum, ledger.held.get(key)?.need ?? {}),
    ledger.coming,
  );
  const reachable = smaller(plus(ledger.room, expected), plus(ledger.free, expected));
  const candidates = candidatesFor(claim, ledger, view, mustGo);
  const cheapest = claim.options
    .flatMap((need) => {
      const extra = addition(claim.key, need, ledger);
      const victims = chooseVictims(candidates, shortage(extra, reachable));
      return victims === null ? [] : [{ extra, victims }];
    })
    .sort((a, b) => costOf(a.victims) - costOf(b.victims))[0];
  if (cheapest === undefined) return false;
  const { extra, victims } = cheapest;
  for (const key of [...mustGo, ...victims.map((victim) => victim.key)]) evict(key, ledger, view);
  ledger.room = plus(ledger.room, extra, -1);
  ledger.free = plus(ledger.free, extra, -1);
  ledger.isPromised = true;
  return true;
}

function costOf(victims: readonly Candidate[]): number {
  return victims.reduce((sum, { cost }) => sum + cost, 0);
}

function isEvictable(claim: Claim, key: string, view: ArbiterView): boolean {
  const standing = view.standings.get(key);
  return standing !== undefined && mayLeave(standing, claim, view);
}

function candidatesFor(claim: Claim, ledger: Ledger, view: ArbiterView, spent: readonly string[]) {
  return [...ledger.held].flatMap(([key, holding]) => {
    const standing = view.standings.get(key);
    const isOther = key !== claim.key && !spent.includes(key) && !isGoing(key, holding, view);
    if (!isOther || standing === undefined || !mayLeave(standing, claim, view)) return [];
    const { idleSince } = standing;
    return [{ key, frees: holding.need, cost: victimCost(standing, view.now), idleSince }];
  });
}

function evict(key: string, ledger: Ledger, { standings }: ArbiterView): void {
  const holding = ledger.held.get(key);
  if (holding === undefined) return;
  ledger.held.set(key, { ...holding, isEvicted: true });
  ledger.coming = plus(ledger.coming, holding.need);
  const standing = standings.get(key);
  // Who was started for a request finishes it first, whatever the policy says.
  const deadlineMs = standing?.owesService === true ? null : (standing?.evictBusyAfterMs ?? null);
  ledger.effects.push({ type: 'evict', key, deadlineMs });
}

/** Nobody was promised the memory of those who were told to go: who still drains may stay. */
function reprieveAll(ledger: Ledger, { standings }: ArbiterView): void {
  for (const [key, holding] of ledger.held) {
    const presence = standings.get(key)?.presence;
    if (!holding.isEvicted || presence === 'leaving') continue;
    ledger.held.set(key, { ...holding, isEvicted: false });
    ledger.effects.push({ type: 'reprieve', key });
  }
}

/** True when the budget would allow it and nobody of ours could leave: then it is up to other programs. */
function isStarvedByOthers(
  state: ArbiterState,
  claim: Claim,
  ledger: Ledger,
  { standings }: ArbiterView,
): boolean {
  const soon = plus(ledger.unpromised, ledger.coming);
  return claim.options.every((need) => {
    const missing = shortage(addition(claim.key, need, ledger), soon);
    return isOutOfReach(claim.key, missing, state, standings);
  });
}

/** True when somebody is missing memory that none of our own models could give back. */
function isOutOfReach(
  claimant: string,
  missing: PoolBytes,
  { held }: ArbiterState,
  standings: ArbiterView['standings'],
): boolean {
  if (Object.keys(missing).length === 0) return false;
  const isOurs = ([key, { need }]: [string, Holding]): boolean => {
    const isUseful = Object.keys(missing).some((pool) => (need[pool] ?? 0) > 0);
    return key !== claimant && isUseful && standings.get(key)?.isPinned !== true;
  };
  return ![...held].some(isOurs);
}

/** Time alone may make a victim of somebody or let a claim age; measured memory tells nobody that it changed. */
function armNextLook(queue: readonly Claim[], ledger: Ledger, view: ArbiterView): void {
  if (queue.length === 0) return;
  const waits = [LOOK_EVERY_MS];
  for (const claim of queue) {
    waits.push(claim.since + view.limits.maxOvertakeMs - view.now);
    for (const key of ledger.held.keys()) {
      const standing = view.standings.get(key);
      if (standing !== undefined) waits.push(msUntilMayLeave(standing, view));
    }
  }
  const delayMs = Math.min(...waits.filter((each) => each > 0));
  ledger.effects.push({ type: 'arm', delayMs });
}
