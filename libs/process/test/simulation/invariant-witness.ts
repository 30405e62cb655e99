import type { InstanceEffect } from '../../src/instance/lifecycle/instance-effect.js';
import type { InstanceEvent } from '../../src/instance/lifecycle/instance-event.js';
import { fits, plus, shortage } from '../../src/memory/pool-bytes.js';
import type { PoolBytes } from '../../src/memory/pool-bytes.js';
import type { MachineWitness, SimulatedMachine } from './simulated-machine.js';
import { arbiterLimits } from './simulated-machine.js';
import type { SimulatedModel } from './simulated-model.js';
import type { SimulatedTicket } from './simulated-script.js';

/** Numbers of the invariants as the design lists them; 25 and 26 are those of work for callers who have left. */
export type Invariant = 1 | 3 | 4 | 5 | 6 | 7 | 8 | 11 | 17 | 19 | 22 | 25 | 26;

/** Watches every step of a machine and writes down which invariant broke, in its own words and from its own books. */
export class InvariantWitness implements MachineWitness {
  readonly broken = new Map<Invariant, string>();
  readonly settled = new Set<string>();
  #allowed: PoolBytes;
  readonly #coldGrants = new Map<string, number>();
  readonly #lastUseMs = new Map<string, number>();
  readonly #askedSinceMs = new Map<string, number>();

  constructor(private readonly machine: SimulatedMachine) {
    this.#allowed = machine.budget;
    machine.witness = this;
  }

  onEffect(model: SimulatedModel, effect: InstanceEffect, cause: InstanceEvent): void {
    if (effect.type === 'grant') this.#onGrant(model, effect);
    if (effect.type === 'ask') this.#askedSinceMs.set(model.key, effect.since);
    if (effect.type === 'spawn') this.#onSpawn(model);
    // An engine that crashed or was stopped by hand while it was leaving is none of the arbiter's.
    if (!['evicted', 'lease-released', 'timer'].includes(cause.type)) return;
    if (effect.type === 'lose-leases') this.#onLoss(model);
    if (effect.type === 'end') this.#onEnd(model);
  }

  onSettled(model: SimulatedModel, ticket: SimulatedTicket, outcome: string): void {
    const name = `${model.key}/${ticket.id}`;
    if (this.settled.has(name)) this.#note(8, `${name} ended twice, the second time as ${outcome}`);
    this.settled.add(name);
  }

  onStep(): void {
    const { machine } = this;
    this.#allowed = this.#stillAllowed();
    for (const [pool, bytes] of Object.entries(shortage(machine.held, this.#allowed))) {
      this.#note(4, `${bytes} too many are reserved of ${pool}`);
    }
    const groups = new Set<string>();
    for (const model of machine.models) {
      this.#checkModel(model);
      const { group } = model.script;
      if (group === null || model.live.size === 0) continue;
      if (groups.has(group)) this.#note(11, `two of ${group} live`);
      groups.add(group);
    }
  }

  /** To be asked between commands, when everything that was due has run. */
  checkDeadlines(): void {
    const now = this.machine.time.nowMs;
    for (const model of this.machine.models) {
      for (const { id, deadlineMs } of model.waiting.values()) {
        if (deadlineMs < now) this.#note(17, `${model.key}/${id} waits after its deadline`);
      }
      this.#checkIdleTime(model, now);
      const [oldest = now] = model.state.abandoned;
      const forMs = now - oldest;
      if (forMs > (this.machine.limits.abandonedWorkMs ?? 0)) {
        this.#note(26, `${model.key} counts work for nobody after ${forMs} ms`);
      }
    }
  }

  #checkIdleTime(model: SimulatedModel, now: number): void {
    const { idleStopMs, canSleep } = this.machine.limits;
    const { phase, leases, isPinned, idleSince, abandoned } = model.state;
    // It cannot sleep while it works, be it for nobody.
    const isKept = isPinned || (canSleep && abandoned.length > 0);
    const isIdle = phase === 'ready' && leases === 0 && !isKept;
    if (!isIdle || idleStopMs === null) return;
    if (now - idleSince > idleStopMs)
      this.#note(22, `${model.key} idles for ${now - idleSince} ms`);
  }

  #checkModel(model: SimulatedModel): void {
    const { state, key } = model;
    if (model.live.size > 1) this.#note(1, `${key} has ${model.live.size} generations`);
    const isHolding = model.live.size > 0 || state.phase === 'reclaiming';
    if (isHolding && !this.machine.arbiter.held.has(key)) this.#note(4, `${key} holds unreserved`);
    if (model.isDeciding) return;
    const { maxLeases } = this.machine.limits;
    if (state.leases > (maxLeases ?? Infinity)) this.#note(7, `${key} has ${state.leases} leases`);
    const isKeptWaiting = state.phase === 'ready' && state.tickets.length > 0;
    const taken = state.leases + state.abandoned.length;
    if (isKeptWaiting && taken < (maxLeases ?? Infinity)) this.#note(17, `${key} lets wait`);
    const atWork = model.leases.size + model.unwanted.size;
    if (atWork > (maxLeases ?? Infinity)) this.#note(25, `${key} works on ${atWork} requests`);
    const isServing = ['ready', 'suspect', 'draining'].includes(state.phase);
    if (isServing && state.leases !== model.leases.size) {
      this.#note(7, `${key} counts ${state.leases} leases, ${model.leases.size} are held`);
    }
    if (!isServing && state.leases !== 0) this.#note(7, `${key} counts leases in ${state.phase}`);
    if (!isServing && state.abandoned.length > 0)
      this.#note(26, `${key} counts it in ${state.phase}`);
    const known = [...state.tickets].sort((a, b) => a - b).join();
    const waiting = [...model.waiting.keys()].sort((a, b) => a - b).join();
    if (known !== waiting) this.#note(8, `${key} knows tickets ${known}, ${waiting} wait`);
  }

  /** A budget that is lowered takes nothing from who holds memory already. */
  #stillAllowed(): PoolBytes {
    const { held, arbiter } = this.machine;
    const pools = Object.entries(arbiter.budget).map(([pool, bytes]) => {
      return [pool, Math.max(bytes, Math.min(this.#allowed[pool] ?? 0, held[pool] ?? 0))];
    });
    return Object.fromEntries(pools) as PoolBytes;
  }

  #onGrant(model: SimulatedModel, effect: Extract<InstanceEffect, { type: 'grant' }>): void {
    const { generation } = model.state;
    const name = `${model.key}/${generation}`;
    const isProven = model.verified.has(generation) && model.live.has(generation);
    if (!isProven) this.#note(3, `${name} was leased unproven`);
    this.#lastUseMs.set(model.key, model.now);
    if (effect.isCold) {
      this.#coldGrants.set(name, (this.#coldGrants.get(name) ?? 0) + 1);
      return;
    }
    const born = model.waiting.get(effect.ticket)?.bornMs ?? model.now;
    if (this.#isOvertaking(model, born)) this.#note(19, `${name} was leased before its turn`);
  }

  #onSpawn(model: SimulatedModel): void {
    const { generation } = model.state;
    const born = this.#askedSinceMs.get(model.key) ?? model.now;
    if (this.#isOvertaking(model, born)) {
      this.#note(19, `${model.key}/${generation} was started before its turn`);
    }
  }

  /** True when the oldest claim is over its time, was there first, and cannot start unless this model leaves. */
  #isOvertaking(model: SimulatedModel, bornMs: number): boolean {
    const { arbiter, pressureBytes } = this.machine;
    const [claim] = arbiter.queue;
    if (claim === undefined || model.state.isPinned || pressureBytes > 0) return false;
    const isDue = model.now - claim.since > arbiterLimits.maxOvertakeMs && claim.since < bornMs;
    if (!isDue || claim.key === model.key) return false;
    const isGroupFree = claim.group === null || claim.group !== model.script.group;
    const beside = plus(arbiter.budget, arbiter.held.get(model.key)?.need ?? {}, -1);
    return !claim.options.some((need) => fits(need, beside)) || !isGroupFree;
  }

  #onLoss(model: SimulatedModel): void {
    const { stopReason } = model.state;
    const isProtected =
      stopReason === 'idle' || (stopReason === 'evicted' && model.script.evictBusyAfterMs === null);
    if (isProtected) this.#note(5, `${model.key} was cut for being ${stopReason}`);
  }

  #onEnd(model: SimulatedModel): void {
    const { stopReason, generation } = model.state;
    const name = `${model.key}/${generation}`;
    const { idleStopMs } = this.machine.limits;
    if (stopReason === 'evicted') {
      const isPromised = (this.#coldGrants.get(name) ?? 0) > 0;
      const isKept = (model.finished.get(generation) ?? 0) > 0;
      if (isPromised && !isKept) this.#note(6, `${name} left before it served`);
    }
    const idleMs = model.now - (this.#lastUseMs.get(model.key) ?? -Infinity);
    if (stopReason === 'idle' && idleStopMs !== null && idleMs < idleStopMs) {
      this.#note(22, `${name} was stopped ${idleMs} ms after its use`);
    }
  }

  #note(invariant: Invariant, story: string): void {
    if (!this.broken.has(invariant)) this.broken.set(invariant, `${invariant}: ${story}`);
  }
}
