import type { InstanceView, ModelView } from '../instance-view.js';
import type { EngineInstance } from '../launch/engine-instance.js';
import type { Lease } from '../lease.js';
import { hasSameLaunch, launchHash } from '../local-model-spec.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { ProcessError } from '../process-error.js';
import type { ModelOutlook } from '../model-outlook.js';
import { Generation } from './generation.js';
import type { GenerationEvents } from './generation.js';
import { reduce } from './lifecycle/instance-reducer.js';
import { initialState } from './lifecycle/instance-state.js';
import type {
  InstanceEffect,
  InstanceEvent,
  InstanceFailure,
  InstanceLimits,
  InstanceState,
} from './lifecycle/instance-state.js';
import type { ModelSurroundings } from './model-surroundings.js';
import { ModelTimers } from './model-timers.js';
import { modelView } from './model-view.js';
import { predictOutlook } from './predict-outlook.js';
import { rejectionError } from './rejection-error.js';
import { WaitingRequests } from './waiting-requests.js';
import type { LeaseRequest } from './waiting-requests.js';
import { WaitingStarts } from './waiting-starts.js';

/**
 * Runs the decisions of the reducer for one local model. It decides nothing itself: everything that happens
 * becomes an event, and all effects of one event are run before the next event is looked at.
 */
export class LocalModel {
  #spec: LocalModelSpec;
  #state: InstanceState = initialState;
  #limits: InstanceLimits;
  #generation: Generation | null = null;
  #isDispatching = false;
  readonly #queue: InstanceEvent[] = [];
  readonly #waiting: WaitingRequests;
  readonly #starts = new WaitingStarts();
  readonly #timers: ModelTimers;

  constructor(
    spec: LocalModelSpec,
    private readonly surroundings: ModelSurroundings,
  ) {
    const { clock } = surroundings;
    this.#spec = spec;
    this.#limits = surroundings.limits(spec);
    this.#waiting = new WaitingRequests(clock, (ticket) =>
      this.#dispatch({ type: 'ticket-left', ticket, now: this.#now() }),
    );
    this.#timers = new ModelTimers(clock, (timer) =>
      this.#dispatch({ type: 'timer', timer, now: this.#now() }),
    );
  }

  /** A lease as soon as the engine is ready; a cold one is started. Rejects with a `ProcessError`. */
  acquire(spec: LocalModelSpec, request: LeaseRequest): Promise<Lease> {
    if (request.signal.aborted) {
      return Promise.reject(new ProcessError('cancelled', 'The request was cancelled.'));
    }
    this.#configure(spec);
    return this.#waiting.add(request, (ticket) =>
      this.#dispatch({ type: 'request', ticket, now: this.#now() }),
    );
  }

  /** Starts the engine; resolves when its process exists, or at once when it runs already. */
  start(spec: LocalModelSpec): Promise<InstanceView> {
    this.#configure(spec);
    this.#dispatch({ type: 'start', now: this.#now() });
    const started = this.#starts.add();
    this.#settleStarts();
    return started;
  }

  /** Resolves when no process of the engine that runs now is left. */
  async stop(isForced: boolean): Promise<void> {
    await this.#leave({ type: 'stop', isForced, now: this.#now() });
  }

  /** Refuses new requests and stops when the leases are released, until `reopen`. */
  async shutDown(): Promise<void> {
    await this.#leave({ type: 'shut-down', now: this.#now() });
  }

  reopen(): void {
    this.#dispatch({ type: 'reopened' });
  }

  /** Lets the event loop end: nothing may be asked of this model afterwards. */
  dispose(): void {
    this.#timers.cancelAll();
  }

  /** Stops an idle engine that no longer answers. */
  async checkHealth(): Promise<void> {
    const generation = this.#generation;
    const instance = generation?.instance ?? null;
    if (generation === null || instance === null || !this.#isIdle()) return;
    // Traffic that came meanwhile judges the engine better than a probe does.
    if ((await instance.isResponding()) || !this.#isIdle()) return;
    this.#events.onFailure(generation.number, unresponsive(this.#spec, instance));
  }

  /** What a request with this spec would meet now. */
  outlook(spec: LocalModelSpec): ModelOutlook {
    return predictOutlook({
      state: this.#state,
      limits: this.#limits,
      figure: this.surroundings.learned.of(launchHash(spec)),
      modelName: spec.name,
      slots: spec.parallelSlots,
      now: this.#now(),
    });
  }

  view(): ModelView {
    return modelView(this.#state, this.#generation?.instance?.view() ?? null);
  }

  #isIdle(): boolean {
    return this.#state.phase === 'ready' && this.#state.leases === 0;
  }

  #now(): number {
    return this.surroundings.clock.monotonicMs();
  }

  #configure(spec: LocalModelSpec): void {
    if (spec === this.#spec) return;
    const isLaunchChanged = !hasSameLaunch(spec, this.#spec);
    this.#spec = spec;
    this.#limits = this.surroundings.limits(spec);
    this.#dispatch({ type: 'reconfigured', isLaunchChanged, now: this.#now() });
  }

  async #leave(event: InstanceEvent): Promise<void> {
    const isRunning = !['cold', 'backoff', 'failed'].includes(this.#state.phase);
    const ended = isRunning ? this.#generation?.ended : undefined;
    this.#dispatch(event);
    await ended;
  }

  /** One event at a time: an effect that causes another event does not run inside the first. */
  #dispatch(event: InstanceEvent): void {
    this.#queue.push(event);
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const phaseBefore = this.#state.phase;
      const { state, effects } = reduce(this.#state, next, this.#limits);
      this.#state = state;
      for (const effect of effects) this.#run(effect);
      if (state.phase !== phaseBefore) this.#notePhase();
    }
    this.#isDispatching = false;
    if (this.#starts.size > 0) this.#settleStarts();
  }

  #run(effect: InstanceEffect): void {
    switch (effect.type) {
      case 'spawn':
        this.#generation = this.#createGeneration(effect.generation);
        this.#generation.launch();
        break;
      case 'end':
        this.#generation?.end(effect.isForced);
        break;
      case 'grant':
        this.#grant(effect.ticket, effect.isCold);
        break;
      case 'reject': {
        const { ticket, cause, retryAfterMs } = effect;
        const { failure } = this.#state;
        this.#waiting.reject(ticket, rejectionError(this.#spec.name, cause, retryAfterMs, failure));
        break;
      }
      case 'lose-leases':
        this.#generation?.loseLeases();
        break;
      case 'arm':
        this.#timers.arm(effect.timer, effect.delayMs);
        break;
    }
  }

  #grant(ticket: number, isCold: boolean): void {
    const enqueuedMs = this.#waiting.enqueuedMs(ticket);
    const lease = enqueuedMs === null ? null : this.#generation?.lease(isCold ? enqueuedMs : null);
    if (lease != null) this.#waiting.resolve(ticket, lease);
  }

  #createGeneration(number: number): Generation {
    return new Generation(number, this.#spec, this.surroundings, this.#events);
  }

  readonly #events: GenerationEvents = {
    onSpawn: (generation) => {
      const current = this.#generation;
      const instance = current?.number === generation ? current.instance : null;
      if (instance === null) return;
      this.surroundings.onChange(instance);
      this.#starts.resolve(instance.view());
    },
    onReady: (generation) => {
      const now = this.#now();
      this.surroundings.learned.noteLoad(launchHash(this.#spec), now - this.#state.startedAt);
      this.#dispatch({ type: 'became-ready', generation, now });
    },
    onFailure: (generation, failure) =>
      this.#dispatch({ type: 'failed', generation, failure, now: this.#now() }),
    onRelease: (generation, heldMs) => {
      this.#noteService(heldMs);
      this.#dispatch({ type: 'lease-released', generation, now: this.#now() });
    },
    onGone: (generation) => {
      this.#noteEnd();
      const jitter = Math.random();
      this.#dispatch({ type: 'gone', generation, jitter, now: this.#now() });
    },
  };

  /** The engine works on a few requests at once: the others only waited for part of the time they held a lease. */
  #noteService(heldMs: number): void {
    const rounds = Math.max(1, this.#state.leases / this.#spec.parallelSlots);
    this.surroundings.learned.noteService(launchHash(this.#spec), heldMs / rounds);
  }

  #noteEnd(): void {
    const { stopReason, failure } = this.#state;
    const isFailure = stopReason === 'failed' && failure !== null;
    const instance = this.#generation?.instance ?? null;
    if (instance === null) return;
    instance.noteEnd(isFailure ? failure.reason : stopReason, isFailure);
    this.surroundings.onChange(instance);
  }

  #notePhase(): void {
    const { phase } = this.#state;
    const instance = this.#generation?.instance ?? null;
    const isLive = phase !== 'cold' && phase !== 'backoff' && phase !== 'failed';
    if (phase === 'cold') this.#timers.cancelAll();
    if (instance === null || !isLive) return;
    instance.state = phase;
    this.surroundings.onChange(instance);
  }

  #settleStarts(): void {
    const { phase, stopReason, failure, isWanted } = this.#state;
    const isUp = phase === 'ready' || phase === 'starting';
    const { instance } = this.view();
    if (isUp && instance !== null) this.#starts.resolve(instance);
    if (isUp || isWanted) return;
    const cause = this.#state.isShutDown
      ? 'shutting-down'
      : failure !== null && stopReason === 'failed'
        ? 'failure'
        : 'stopped';
    this.#starts.reject(rejectionError(this.#spec.name, cause, null, failure));
  }
}

function unresponsive(spec: LocalModelSpec, instance: EngineInstance): InstanceFailure {
  return {
    code: 'crashed',
    reason: 'unresponsive',
    message: `The engine of "${spec.name}" no longer answered and was stopped. It is started again on the next request.`,
    lastLines: instance.log.last(50),
    isRetryable: true,
  };
}
