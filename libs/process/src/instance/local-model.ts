import type { InstanceView, ModelView } from '../instance-view.js';
import type { Lease } from '../lease.js';
import { hasSameLaunch, launchHash } from '../local-model-spec.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { Mailbox } from '../mailbox.js';
import type { Standing } from '../memory/arbiter-state.js';
import type { ModelOutlook } from '../model-outlook.js';
import { ProcessError } from '../process-error.js';
import { Generation } from './generation.js';
import type { GenerationEvents } from './generation.js';
import type { InstanceEffect } from './lifecycle/instance-effect.js';
import type { InstanceEvent, ModelOrder } from './lifecycle/instance-event.js';
import { reduce } from './lifecycle/instance-reducer.js';
import { initialState } from './lifecycle/instance-state.js';
import type { InstanceLimits, InstancePhase, InstanceState } from './lifecycle/instance-state.js';
import { isAtRest } from './lifecycle/transitions.js';
import { LaunchObserver } from './launch-observer.js';
import type { ModelSurroundings } from './model-surroundings.js';
import { createModelTenant } from './permit/model-tenant.js';
import { ModelTimers } from './model-timers.js';
import { endOf, livePhase, modelView } from './model-view.js';
import { PermitDesk } from './permit/permit-desk.js';
import { createPlainNews } from './plain-news.js';
import type { PlainNews } from './plain-news.js';
import { predictOutlook } from './predict-outlook.js';
import { rejectionError } from './rejection-error.js';
import { standingOf } from './permit/standing-of.js';
import { WaitingRequests } from './waiting-requests.js';
import type { LeaseRequest } from './waiting-requests.js';
import { WaitingStarts } from './waiting-starts.js';

let modelCount = 0;

/**
 * Runs the decisions of the reducer for one local model. It decides nothing itself: everything that happens
 * becomes an event, and all effects of one event are run before the next event is looked at.
 */
export class LocalModel {
  #spec: LocalModelSpec;
  #observer: LaunchObserver;
  #state: InstanceState;
  #limits: InstanceLimits;
  #generation: Generation | null = null;
  readonly #mailbox = new Mailbox<InstanceEvent>((event) => this.#take(event));
  readonly #waiting: WaitingRequests;
  readonly #starts = new WaitingStarts();
  readonly #timers: ModelTimers;
  readonly #desk: PermitDesk;
  readonly #news: GenerationEvents;

  constructor(
    spec: LocalModelSpec,
    private readonly surroundings: ModelSurroundings,
  ) {
    const { clock } = surroundings;
    this.#spec = spec;
    this.#observer = new LaunchObserver(spec, surroundings);
    this.#limits = surroundings.limits(spec);
    this.#waiting = new WaitingRequests(clock, (ticket) =>
      this.#post({ type: 'ticket-left', ticket, now: this.#now() }),
    );
    this.#timers = new ModelTimers(clock, (timer) =>
      this.#post({ type: 'timer', timer, now: this.#now() }),
    );
    const tenant = createModelTenant({
      surroundings,
      modelName: () => this.#spec.name,
      standing: () => this.#standing(),
      post: (event) => this.#post(event),
    });
    this.#desk = new PermitDesk(`${spec.id}#${++modelCount}`, tenant, surroundings);
    this.#news = { ...createPlainNews(clock, (event) => this.#post(event)), ...this.#ownNews };
    this.#state = { ...initialState, isPaused: surroundings.loading.isPaused };
    if (spec.isPinned === true) this.order({ type: 'pinned', isPinned: true });
  }

  get spec(): LocalModelSpec {
    return this.#spec;
  }
  get phase(): InstancePhase {
    return this.#state.phase;
  }

  /** A lease as soon as the engine is ready; a cold one is started. Rejects with a `ProcessError`. */
  acquire(request: LeaseRequest): Promise<Lease> {
    if (request.signal.aborted) {
      return Promise.reject(new ProcessError('cancelled', 'The request was cancelled.'));
    }
    return this.#waiting.add(request, (ticket) =>
      this.#post({ type: 'request', ticket, now: this.#now() }),
    );
  }

  /** Starts the engine; resolves when its process exists, or at once when it runs already. */
  start(): Promise<InstanceView> {
    const started = this.#starts.add();
    this.#post({ type: 'start', now: this.#now() });
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

  /** Carried out as far as the state allows it, which then tells what came of it. */
  order(order: ModelOrder): void {
    this.#post({ ...order, now: this.#now() });
  }

  /** Lets the event loop end: nothing may be asked of this model afterwards. */
  dispose(): void {
    this.#timers.cancelAll();
  }

  /** Doubts an idle engine that does not answer or generate; a probe then decides. */
  async checkHealth(): Promise<void> {
    const generation = this.#generation;
    const instance = generation?.instance ?? null;
    if (generation === null || instance === null || !this.#isIdle()) return;
    const fault = await instance.health.findFault(() => this.#isIdle());
    // Traffic that came meanwhile judges the engine better than a probe does.
    if (fault !== null && this.#isIdle()) this.#news.onSuspicion(generation.number, fault);
  }

  /** What a request with this spec would meet now. */
  outlook(spec: LocalModelSpec): ModelOutlook {
    const now = this.#now();
    const claim = this.phase === 'ready' ? null : this.#desk.claimFor(spec, this.#state, now);
    return predictOutlook({
      state: this.#state,
      limits: this.#limits,
      figure: this.surroundings.learned.of(launchHash(spec)),
      modelName: spec.name,
      isEnabled: spec.isEnabled ?? true,
      slots: Math.min(spec.parallelSlots, this.#limits.maxLeases ?? Infinity),
      memory: claim === null ? null : this.surroundings.arbiter.preview(claim),
      now,
    });
  }

  /** True when another engine with this spec would fit beside the one that runs. */
  hasRoomBeside(spec: LocalModelSpec): Promise<boolean> {
    return this.#desk.hasRoomBeside(spec, this.#now());
  }

  view(): ModelView {
    return modelView(this.#state, this.#generation?.instance?.view() ?? null);
  }

  configure(spec: LocalModelSpec): void {
    if (spec === this.#spec) return;
    const before = this.#spec;
    const isLaunchChanged = !hasSameLaunch(spec, before);
    this.#spec = spec;
    this.#observer = new LaunchObserver(spec, this.surroundings);
    this.#limits = this.surroundings.limits(spec);
    this.#post({ type: 'reconfigured', isLaunchChanged, now: this.#now() });
    if (!isLaunchChanged) this.#desk.adjust(spec, before);
    const isPinned = spec.isPinned ?? false;
    if (isPinned !== (before.isPinned ?? false)) this.order({ type: 'pinned', isPinned });
  }

  #isIdle(): boolean {
    return isAtRest(this.#state);
  }

  #now(): number {
    return this.surroundings.clock.monotonicMs();
  }

  async #leave(event: InstanceEvent): Promise<void> {
    const ended = livePhase(this.#state) === null ? undefined : this.#generation?.ended;
    this.#post(event);
    await ended;
  }

  #post(event: InstanceEvent): void {
    this.#mailbox.post(event);
  }

  #take(event: InstanceEvent): void {
    const phaseBefore = this.#state.phase;
    const { state, effects } = reduce(this.#state, event, this.#limits);
    this.#state = state;
    this.#generation?.noteAbandoned(state.abandoned.length);
    for (const effect of effects) this.#run(effect);
    if (state.phase !== phaseBefore) this.#notePhase();
    if (this.#starts.size > 0) this.#starts.settle(this.#spec.name, state, this.view().instance);
    this.surroundings.arbiter.look();
  }

  #run(effect: InstanceEffect): void {
    const generation = this.#generation;
    switch (effect.type) {
      case 'ask':
        return this.#desk.ask(this.#spec, effect);
      case 'withdraw':
        return this.#desk.withdraw();
      case 'release-memory':
        return this.#desk.release();
      case 'spawn':
        return this.#spawn(effect.generation);
      case 'end':
        return generation?.end(effect.isForced);
      case 'reclaim':
        this.#observer.noteEnd(generation?.instance ?? null, this.#desk);
        return generation?.reclaim(this.#limits.reclaimMs);
      case 'probe':
        return generation?.probe(this.#state.suspicion);
      case 'count-work':
        return generation?.countWork();
      case 'sleep':
        return generation?.sleep();
      case 'wake':
        return generation?.wake();
      case 'grant':
        return this.#grant(effect.ticket, effect.isCold);
      case 'reject':
        return this.#reject(effect);
      case 'lose-leases':
        return generation?.loseLeases();
      case 'arm':
        return this.#timers.arm(effect.timer, effect.delayMs);
    }
  }

  #spawn(number: number): void {
    const plan = { spec: this.#spec, permit: this.#desk.takePermit(this.#spec) };
    this.#generation = new Generation(number, plan, this.surroundings, this.#news);
    this.#generation.launch();
  }

  #grant(ticket: number, isCold: boolean): void {
    const enqueuedMs = this.#waiting.enqueuedMs(ticket);
    const lease = enqueuedMs === null ? null : this.#generation?.lease(isCold ? enqueuedMs : null);
    if (lease != null) this.#waiting.resolve(ticket, lease);
  }

  #reject({ ticket, cause, retryAfterMs }: Extract<InstanceEffect, { type: 'reject' }>): void {
    const { failure } = this.#state;
    const isFull = cause === 'queue-full';
    const waitMs = isFull ? this.outlook(this.#spec).unavailable?.retryAfterMs : retryAfterMs;
    this.#waiting.reject(ticket, rejectionError(this.#spec.name, cause, waitMs ?? null, failure));
  }

  #standing(): Standing | null {
    return standingOf(this.#state, {
      loadMs: this.#limits.expectedLoadMs,
      weight: this.#spec.keepWeight ?? 1,
      minResidencyMs: this.#spec.minResidencyMs ?? null,
      evictBusyAfterMs: this.#spec.evictBusyAfterMs ?? null,
      used: this.#generation?.instance?.run.footprint ?? {},
    });
  }

  readonly #ownNews: Omit<GenerationEvents, keyof PlainNews> = {
    onSpawn: (generation) => {
      const instance = this.#generation?.instance ?? null;
      if (instance === null || this.#generation?.number !== generation) return;
      this.surroundings.onChange(instance);
      this.#starts.resolve(instance.view());
    },
    onReady: (generation) => {
      const now = this.#now();
      this.#observer.noteLoad(now - this.#state.startedAt, this.#generation?.instance ?? null);
      this.#limits = this.surroundings.limits(this.#spec);
      this.#post({ type: 'became-ready', generation, now });
    },
    onAsleep: (_generation, footprint) => {
      if (footprint !== null && this.#state.phase === 'sleeping') this.#desk.noteUse(footprint);
    },
    onRelease: (generation, { heldMs, isAbandoned }) => {
      this.#observer.noteService(heldMs, this.#state.leases);
      this.#post({ type: 'lease-released', generation, isAbandoned, now: this.#now() });
    },
    onGone: (generation) => {
      const instance = this.#generation?.instance ?? null;
      instance?.noteEnd(endOf(this.#state));
      if (instance !== null) this.surroundings.onChange(instance);
      this.#post({ type: 'gone', generation, jitter: Math.random(), now: this.#now() });
    },
  };

  #notePhase(): void {
    const phase = livePhase(this.#state);
    const instance = this.#generation?.instance ?? null;
    if (this.#state.phase === 'cold') this.#timers.cancelAll();
    if (instance === null || phase === null) return;
    instance.notePhase(phase, this.#state.suspicion);
    this.surroundings.onChange(instance);
  }
}
