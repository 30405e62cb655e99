import type { InstanceEffect } from '../../src/instance/lifecycle/instance-effect.js';
import type { InstanceEvent } from '../../src/instance/lifecycle/instance-event.js';
import { reduce } from '../../src/instance/lifecycle/instance-reducer.js';
import { initialState } from '../../src/instance/lifecycle/instance-state.js';
import type {
  InstanceFailure,
  InstanceLimits,
  InstanceState,
  TimerName,
} from '../../src/instance/lifecycle/instance-state.js';
import { standingOf } from '../../src/instance/permit/standing-of.js';
import { Mailbox } from '../../src/mailbox.js';
import type { Claim, Standing } from '../../src/memory/arbiter-state.js';
import { cutTo } from '../../src/memory/pool-bytes.js';
import type { PoolBytes } from '../../src/memory/pool-bytes.js';
import type { ProcessErrorCode } from '../../src/process-error.js';
import type { SimulatedScript, SimulatedTicket, StartOutcome } from './simulated-script.js';
import { UnwantedWork } from './unwanted-work.js';
import type { SimulatedWork } from './unwanted-work.js';
import type { VirtualTime } from './virtual-time.js';

interface SimulatedLease extends SimulatedWork {
  readonly generation: number;
  readonly cancelEnd: () => void;
}

/** What a model asks of the machine it runs on. */
export interface SimulatedSurroundings {
  readonly time: VirtualTime;
  readonly limits: InstanceLimits;
  ask(claim: Claim): void;
  withdraw(key: string): void;
  release(key: string): void;
  resize(key: string, need: PoolBytes): void;
  /** What is reserved for it. */
  reserved(key: string): PoolBytes;
  look(): void;
  /** A decision that may break an invariant was taken. */
  onEffect(model: SimulatedModel, effect: InstanceEffect, cause: InstanceEvent): void;
  /** A ticket ended: served, refused with a cause, or gone. */
  onSettled(model: SimulatedModel, ticket: SimulatedTicket, outcome: string): void;
  onStep(): void;
}

const asleep: PoolBytes = { ram: 1, gpu0: 1, gpu1: 1 };

export function failureWith(code: ProcessErrorCode, isRetryable: boolean): InstanceFailure {
  return { code, reason: code, message: 'It broke.', lastLines: [], isRetryable };
}

/** A local model whose engine is played on virtual time. It keeps its own books of what exists and who waits. */
export class SimulatedModel {
  state: InstanceState = initialState;
  /** Generations that have a process. */
  readonly live = new Set<number>();
  /** Generations whose engine proved who it is. */
  readonly verified = new Set<number>();
  /** Requests that were finished, by generation. */
  readonly finished = new Map<number, number>();
  readonly waiting = new Map<number, SimulatedTicket>();
  readonly leases = new Map<number, SimulatedLease>();
  readonly unwanted: UnwantedWork;
  nextStart: StartOutcome = 'ready';
  isHung = false;
  /** In the middle of a decision: its state is ahead of its effects. */
  isDeciding = false;
  spawns = 0;
  footprint: PoolBytes = {};
  #placed: PoolBytes = {};
  readonly #ending = new Set<number>();
  readonly #timers = new Map<TimerName, () => void>();
  readonly #mailbox = new Mailbox<InstanceEvent>((event) => this.#take(event));
  #tickets = 0;

  constructor(
    readonly key: string,
    readonly script: SimulatedScript,
    private readonly around: SimulatedSurroundings,
  ) {
    this.unwanted = new UnwantedWork(around.time);
  }

  get now(): number {
    return this.around.time.nowMs;
  }

  get standing(): Standing | null {
    const { loadMs, minResidencyMs, evictBusyAfterMs } = this.script;
    const used = this.footprint;
    const worth = { loadMs, weight: 1, minResidencyMs, evictBusyAfterMs, used };
    return standingOf(this.state, worth);
  }

  send(event: InstanceEvent): void {
    this.#mailbox.post(event);
  }

  request(serviceMs: number, maxWaitMs: number): void {
    const id = ++this.#tickets;
    const { time } = this.around;
    const cancelDeadline = time.schedule(maxWaitMs, () => this.leave(id, 'deadline'));
    const deadlineMs = this.now + maxWaitMs;
    const ticket = { id, bornMs: this.now, deadlineMs, serviceMs, cancelDeadline };
    this.waiting.set(id, ticket);
    this.send({ type: 'request', ticket: id, now: this.now });
  }

  leave(id: number, outcome: 'deadline' | 'cancelled'): void {
    if (!this.waiting.has(id)) return;
    this.#settle(id, outcome);
    this.send({ type: 'ticket-left', ticket: id, now: this.now });
  }

  /** Its caller has the whole answer, or gave it up; an engine that does not notice goes on with that. */
  finish(leaseId: number, isAbandoned = false): void {
    const lease = this.leases.get(leaseId);
    if (lease === undefined) return;
    const { generation } = lease;
    const { abandonedWorkMs } = this.around.limits;
    lease.cancelEnd();
    this.leases.delete(leaseId);
    this.finished.set(generation, (this.finished.get(generation) ?? 0) + 1);
    if (isAbandoned && abandonedWorkMs !== null) this.unwanted.add(lease, abandonedWorkMs);
    this.send({ type: 'lease-released', generation, isAbandoned, now: this.now });
  }

  crash(): void {
    for (const generation of this.live) {
      if (!this.#ending.has(generation)) this.#fail(generation, failureWith('crashed', true));
    }
  }

  #fail(generation: number, failure: InstanceFailure): void {
    this.send({ type: 'failed', generation, failure, now: this.now });
  }

  #take(event: InstanceEvent): void {
    const { state, effects } = reduce(this.state, event, this.around.limits);
    this.state = state;
    this.isDeciding = true;
    for (const effect of effects) {
      this.around.onEffect(this, effect, event);
      this.#run(effect);
    }
    if (state.phase === 'cold') {
      for (const cancel of this.#timers.values()) cancel();
      this.#timers.clear();
    }
    this.isDeciding = false;
    this.around.look();
    this.around.onStep();
  }

  #run(effect: InstanceEffect): void {
    switch (effect.type) {
      case 'ask':
        this.#ask(effect);
        break;
      case 'withdraw':
        this.around.withdraw(this.key);
        break;
      case 'release-memory':
        this.footprint = {};
        this.around.release(this.key);
        break;
      case 'spawn':
        this.#spawn(effect.generation);
        break;
      case 'end':
        this.#end(effect.generation, effect.isForced);
        break;
      case 'reclaim':
        this.#answerAfter(this.script.reclaimMs, { ...effect, type: 'reclaimed' });
        break;
      case 'probe':
        this.#probe(effect.generation);
        break;
      case 'count-work':
        this.#answerCount(effect.generation);
        break;
      case 'sleep':
        this.footprint = cutTo(this.footprint, asleep);
        this.around.resize(this.key, this.footprint);
        break;
      case 'wake':
        this.footprint = this.#placed;
        this.#answerAfter(this.script.loadMs / 10, { ...effect, type: 'woken' });
        break;
      case 'grant':
        this.#grant(effect.ticket);
        break;
      case 'reject':
        this.#settle(effect.ticket, effect.cause);
        break;
      case 'lose-leases':
        for (const lease of this.leases.values()) lease.cancelEnd();
        this.leases.clear();
        break;
      case 'arm':
        this.#arm(effect.timer, effect.delayMs);
        break;
    }
  }

  #ask({ generation, since, isAfterOutOfMemory }: Extract<InstanceEffect, { type: 'ask' }>): void {
    const { group } = this.script;
    // One that sleeps wakes where it is.
    const options = this.state.isAsleep ? [this.#placed] : this.script.options;
    const claim = { key: this.key, generation, options, group, since };
    this.around.ask({ ...claim, isAlone: isAfterOutOfMemory });
  }

  #spawn(generation: number): void {
    this.live.add(generation);
    this.spawns += 1;
    this.isHung = false;
    this.#placed = this.around.reserved(this.key);
    this.footprint = this.#placed;
    const outcome = this.nextStart;
    this.nextStart = 'ready';
    const loadMs = this.script.loadMs * (outcome === 'slow' ? 20 : 1);
    this.around.time.schedule(loadMs, () => {
      if (!this.live.has(generation) || this.#ending.has(generation)) return;
      if (outcome === 'ready' || outcome === 'slow') {
        this.verified.add(generation);
        this.send({ type: 'became-ready', generation, now: this.now });
        return;
      }
      const code = outcome === 'out-of-memory' ? 'out-of-memory' : 'start-failed';
      this.#fail(generation, failureWith(code, outcome !== 'fails-for-good'));
    });
  }

  #end(generation: number, isForced: boolean): void {
    if (this.#ending.has(generation) && !isForced) return;
    this.#ending.add(generation);
    this.around.time.schedule(isForced ? 0 : this.script.endMs, () => {
      if (!this.live.delete(generation)) return;
      this.#ending.delete(generation);
      this.unwanted.clear();
      this.send({ type: 'gone', generation, jitter: 0.5, now: this.now });
    });
  }

  #probe(generation: number): void {
    this.around.time.schedule(500, () => {
      const failure = this.isHung ? failureWith('crashed', true) : null;
      this.send({ type: 'probed', generation, failure, now: this.now });
    });
  }

  /** It tells the truth, which is old when it arrives. */
  #answerCount(generation: number): void {
    const asked = { askedAt: this.now, underWay: this.unwanted.countWith(this.leases.values()) };
    this.around.time.schedule(100, () => {
      this.send({ type: 'work-counted', generation, ...asked, now: this.now });
    });
  }

  #answerAfter(
    delayMs: number | null,
    { type, generation }: { readonly type: 'reclaimed' | 'woken'; readonly generation: number },
  ): void {
    if (delayMs === null) return;
    this.around.time.schedule(delayMs, () => this.send({ type, generation, now: this.now }));
  }

  #grant(id: number): void {
    const ticket = this.waiting.get(id);
    this.#settle(id, 'served');
    if (ticket === undefined) return;
    const { time } = this.around;
    const { generation } = this.state;
    const leaseId = id;
    // An engine that hangs finishes nothing; its holder reports the stall.
    const cancelEnd = time.schedule(ticket.serviceMs, () => {
      if (!this.isHung) this.finish(leaseId);
      else this.send({ type: 'suspected', generation, cause: 'stalled' });
    });
    const endsMs = this.now + ticket.serviceMs;
    this.leases.set(leaseId, { generation, grantedMs: this.now, endsMs, cancelEnd });
  }

  #settle(id: number, outcome: string): void {
    const ticket = this.waiting.get(id);
    if (ticket === undefined) throw new Error(`Ticket ${id} of ${this.key} ended twice.`);
    this.waiting.delete(id);
    ticket.cancelDeadline();
    this.around.onSettled(this, ticket, outcome);
  }

  #arm(timer: TimerName, delayMs: number): void {
    this.#timers.get(timer)?.();
    const cancel = this.around.time.schedule(delayMs, () => {
      this.#timers.delete(timer);
      this.send({ type: 'timer', timer, now: this.now });
    });
    this.#timers.set(timer, cancel);
  }
}
