import { reduce } from '../src/instance/lifecycle/instance-reducer.js';
import { initialState } from '../src/instance/lifecycle/instance-state.js';
import type { InstanceEffect } from '../src/instance/lifecycle/instance-effect.js';
import type { InstanceEvent } from '../src/instance/lifecycle/instance-event.js';
import type {
  InstanceFailure,
  InstanceLimits,
  InstanceState,
  TimerName,
} from '../src/instance/lifecycle/instance-state.js';

const downPhases = ['cold', 'queued', 'reclaiming', 'backoff', 'quarantined', 'unavailable'];

interface SimulatedLease {
  readonly generation: number;
  isLost: boolean;
}

export const failure = (isRetryable: boolean): InstanceFailure => ({
  code: 'start-failed',
  reason: 'start-failed',
  message: 'It broke.',
  lastLines: [],
  isRetryable,
});

/**
 * Runs the reducer on virtual time with memory for everybody, and keeps its own books, against which the state is
 * checked.
 */
export class SimulatedWorld {
  state: InstanceState = initialState;
  nowMs = 0;
  /** Generations that have a process. */
  readonly live = new Set<number>();
  readonly ending = new Set<number>();
  readonly leases: SimulatedLease[] = [];
  readonly waiting = new Set<number>();
  spawns = 0;
  probes = 0;
  /** Its engine answers no probe. */
  isHung = false;
  granted = 0;
  rejected = 0;
  readonly #timers = new Map<TimerName, number>();
  readonly #answers: InstanceEvent[] = [];
  #tickets = 0;

  constructor(readonly limits: InstanceLimits) {}

  request(): void {
    const ticket = ++this.#tickets;
    this.waiting.add(ticket);
    this.send({ type: 'request', ticket, now: this.nowMs });
  }

  leave(index: number): void {
    const ticket = [...this.waiting][index % Math.max(this.waiting.size, 1)];
    if (ticket === undefined) return;
    this.waiting.delete(ticket);
    this.send({ type: 'ticket-left', ticket, now: this.nowMs });
  }

  release(index: number, isAbandoned = false): void {
    const [lease] = this.leases.splice(index % Math.max(this.leases.length, 1), 1);
    if (lease === undefined) return;
    const { generation } = lease;
    this.send({ type: 'lease-released', generation, isAbandoned, now: this.nowMs });
  }

  becomeReady(): void {
    for (const generation of this.live) {
      this.send({ type: 'became-ready', generation, now: this.nowMs });
    }
  }

  fail(isRetryable: boolean): void {
    for (const generation of this.live) {
      const event = { type: 'failed', generation, failure: failure(isRetryable) } as const;
      this.send({ ...event, now: this.nowMs });
    }
  }

  finishEnding(): void {
    for (const generation of this.ending) {
      this.ending.delete(generation);
      this.live.delete(generation);
      this.send({ type: 'gone', generation, jitter: 0.5, now: this.nowMs });
    }
  }

  advance(byMs: number): void {
    const until = this.nowMs + byMs;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a[1] - b[1]);
      if (next === undefined || next[1] > until) break;
      this.#timers.delete(next[0]);
      this.nowMs = Math.max(this.nowMs, next[1]);
      this.send({ type: 'timer', timer: next[0], now: this.nowMs });
    }
    this.nowMs = until;
  }

  send(event: InstanceEvent): void {
    const before = this.state;
    const { state, effects } = reduce(before, event, this.limits);
    this.state = state;
    for (const effect of effects) this.#run(effect, event);
    for (let next = this.#answers.shift(); next !== undefined; next = this.#answers.shift()) {
      this.send(next);
    }
    this.check();
  }

  /** Everything that must hold after every single event. */
  check(): void {
    const { state } = this;
    if (this.live.size > 1) throw new Error('Two generations live at once.');
    const isServing = ['ready', 'suspect', 'draining'].includes(state.phase);
    const held = this.leases.filter((each) => each.generation === state.generation && !each.isLost);
    if (state.leases !== (isServing ? held.length : 0)) throw new Error('Leases are miscounted.');
    if (!isServing && state.abandoned.length > 0) throw new Error('Work outlives its process.');
    const tickets = [...state.tickets].sort((a, b) => a - b).join();
    const waiting = [...this.waiting].sort((a, b) => a - b).join();
    if (tickets !== waiting) throw new Error(`Tickets ${tickets} are known, ${waiting} wait.`);
    const isDown = !this.live.has(state.generation);
    const isRest = downPhases.includes(state.phase);
    if (isDown && !isRest) {
      throw new Error(`No process is there in phase ${state.phase}.`);
    }
    if (!isDown && isRest) {
      throw new Error(`A process is left in phase ${state.phase}.`);
    }
  }

  #run(effect: InstanceEffect, cause: InstanceEvent): void {
    switch (effect.type) {
      case 'ask':
        this.#answers.push({
          type: 'permitted',
          generation: effect.generation,
          now: this.nowMs,
        });
        break;
      case 'reclaim':
        this.#answers.push({
          type: 'reclaimed',
          generation: effect.generation,
          now: this.nowMs,
        });
        break;
      case 'probe':
        this.#answers.push({
          type: 'probed',
          generation: effect.generation,
          failure: this.isHung ? failure(true) : null,
          now: this.nowMs,
        });
        this.probes += 1;
        break;
      case 'wake':
        this.#answers.push({ type: 'woken', generation: effect.generation, now: this.nowMs });
        break;
      case 'spawn':
        this.spawns += 1;
        this.live.add(effect.generation);
        break;
      case 'end':
        if (!this.live.has(effect.generation)) throw new Error('A dead generation is ended.');
        this.#checkIdleStop(cause);
        this.ending.add(effect.generation);
        break;
      case 'grant':
        this.#settle(effect.ticket);
        this.granted += 1;
        this.leases.push({ generation: this.state.generation, isLost: false });
        break;
      case 'reject':
        this.#settle(effect.ticket);
        this.rejected += 1;
        break;
      case 'lose-leases':
        for (const lease of this.leases) lease.isLost = true;
        break;
      case 'withdraw':
      case 'release-memory':
      case 'sleep':
      case 'count-work':
        break;
      case 'arm':
        this.#timers.set(effect.timer, this.nowMs + effect.delayMs);
        break;
    }
  }

  #settle(ticket: number): void {
    if (!this.waiting.delete(ticket)) throw new Error(`Ticket ${ticket} ended twice.`);
  }

  #checkIdleStop(cause: InstanceEvent): void {
    if (cause.type !== 'timer' || cause.timer !== 'idle') return;
    const isLeased = this.leases.some(
      (each) => each.generation === this.state.generation && !each.isLost,
    );
    if (isLeased) throw new Error('An engine with leases was stopped for being idle.');
    const idleMs = this.nowMs - this.state.idleSince;
    if (idleMs < (this.limits.idleStopMs ?? Infinity)) throw new Error('It was stopped too early.');
  }
}
