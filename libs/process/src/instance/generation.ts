import type { Adoption } from '../adoption/adoption.js';
import { readGgufHeader } from '../discovery/read-gguf-header.js';
import type { EnginePlacement, EnginePreset } from '../engine-preset.js';
import { EngineInstance } from '../launch/engine-instance.js';
import { preflightFailure, unexpectedFailure } from '../launch/instance-failure.js';
import { preflight } from '../launch/preflight.js';
import { isReclaimedAtOnce, waitForMemory } from '../launch/wait-for-memory.js';
import { HeldLease } from '../lease.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { mainPoolOf } from '../memory/memory-pool.js';
import type { PoolBytes } from '../memory/pool-bytes.js';
import { ProcessError } from '../process-error.js';
import { EngineNap } from './engine-nap.js';
import type { SuspicionCause } from '../health/suspicion.js';
import type { InstanceFailure } from './lifecycle/instance-state.js';
import type { ModelSurroundings } from './model-surroundings.js';
import type { MemoryPermit } from './permit/memory-permit.js';

/** What a generation reports, each with its own number, so that late news can be told from new. */
export interface GenerationEvents {
  /** The engine's process exists. */
  onSpawn(generation: number): void;
  /** So much of the load is done, from 0 to 1. */
  onProgress(generation: number, share: number): void;
  onReady(generation: number): void;
  onFailure(generation: number, failure: InstanceFailure): void;
  onSuspicion(generation: number, cause: SuspicionCause): void;
  /** A probe is over, or a caller got a whole answer; null when it was good. */
  onProbed(generation: number, failure: InstanceFailure | null): void;
  onAsleep(generation: number, footprint: PoolBytes | null): void;
  onWoken(generation: number): void;
  onGone(generation: number): void;
  /** Its memory is back. */
  onReclaimed(generation: number): void;
  /** It told at a monotonic time how many requests it had under way. */
  onWorkCounted(generation: number, underWay: number, askedAt: number): void;
  /** A lease was given back after so many milliseconds; an abandoned one before its answer had ended. */
  onRelease(generation: number, lease: { heldMs: number; isAbandoned: boolean }): void;
}

/** What is started, and where its memory was reserved. */
interface StartPlan {
  readonly spec: LocalModelSpec;
  readonly permit: MemoryPermit;
}

/** One start of a local model: its engine, its leases, and its end. Carries out, never decides. */
export class Generation {
  /** Resolves when no process of this generation is left. */
  readonly ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;
  #instance: EngineInstance | null = null;
  #launched: Promise<void> = Promise.resolve();
  #isSpawned = false;
  #isEnding = false;
  #graceMs: number;
  #freeBeforeEnd: PoolBytes = {};
  #nap: EngineNap | null = null;
  readonly #startedMs: number;
  readonly #adoption: Adoption | null;
  readonly #abort = new AbortController();
  readonly #leases = new Set<HeldLease>();

  constructor(
    readonly number: number,
    private readonly plan: StartPlan,
    private readonly surroundings: ModelSurroundings,
    private readonly events: GenerationEvents,
  ) {
    const { spec } = plan;
    this.#adoption = surroundings.adoption?.take() ?? null;
    this.#startedMs = surroundings.clock.monotonicMs();
    const preset = surroundings.presets.get(spec.engine);
    this.#graceMs = preset?.traits?.stop?.graceMs ?? surroundings.stopGraceMs;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** Null until the engine's process exists. */
  get instance(): EngineInstance | null {
    return this.#isSpawned ? this.#instance : null;
  }

  /** Begins the start; how it goes comes back as events. */
  launch(): void {
    this.#launched = this.#launch().then(
      (failure) => {
        if (failure === null) this.events.onReady(this.number);
        else this.events.onFailure(this.number, failure);
      },
      (error: unknown) => this.events.onFailure(this.number, unexpectedFailure(error)),
    );
  }

  /** Ends the engine, whatever it is doing; a forced call hurries an ending under way. */
  end(isForced: boolean): void {
    this.#abort.abort();
    if (isForced) {
      this.#graceMs = 0;
      if (this.#isEnding) void this.#instance?.run.end(0);
    }
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#freeBeforeEnd = this.surroundings.arbiter.free();
    void this.#end();
  }

  /** Waits until the memory of the ended engine is back, at the latest until `limitMs` have passed. */
  reclaim(limitMs: number): void {
    const { clock, arbiter } = this.surroundings;
    const watch = {
      clock,
      limitMs,
      taken: this.#taken(),
      freeBefore: this.#freeBeforeEnd,
      free: () => arbiter.free(),
    };
    if (isReclaimedAtOnce(watch)) this.events.onReclaimed(this.number);
    else void waitForMemory(watch).then(() => this.events.onReclaimed(this.number));
  }

  /** Finds out whether the engine still generates, which is doubted for this reason. */
  probe(cause: SuspicionCause | null): void {
    const instance = this.#instance;
    if (instance === null) return;
    const { parallelSlots } = this.plan.spec;
    const hasFreeSlot = (): boolean => this.#leases.size + instance.abandoned < parallelSlots;
    void instance.health.isSound(cause, hasFreeSlot).then((isAlive) => {
      this.events.onProbed(this.number, isAlive ? null : unresponsive(this.plan.spec, instance));
    });
  }

  /** So many requests it may still work on for callers who have left. */
  noteAbandoned(count: number): void {
    if (this.#instance !== null) this.#instance.abandoned = count;
  }

  /** Asks the engine what it works on; nothing comes of it where it does not tell. */
  countWork(): void {
    const askedAt = this.surroundings.clock.monotonicMs();
    void this.#instance?.meter.countRequests().then((underWay) => {
      if (underWay !== null) this.events.onWorkCounted(this.number, underWay, askedAt);
    });
  }

  sleep(): void {
    const instance = this.#instance;
    if (instance === null) return;
    this.#nap = new EngineNap(instance, this.surroundings);
    void this.#nap.begin().then((outcome) => {
      if (outcome.isAsleep) this.events.onAsleep(this.number, outcome.footprint);
      else this.events.onFailure(this.number, unresponsive(this.plan.spec, instance));
    });
  }

  wake(): void {
    const instance = this.#instance;
    if (instance === null) return;
    void this.#nap?.end(this.#abort.signal).then((isAwake) => {
      if (isAwake) this.events.onWoken(this.number);
      else this.events.onFailure(this.number, unresponsive(this.plan.spec, instance));
    });
  }

  /** A lease on the ready engine. `waitedSinceMs` is null for a request that did not have to wait. */
  lease(waitedSinceMs: number | null): HeldLease | null {
    const instance = this.#instance;
    const origin = instance?.run.origin ?? null;
    const servedModel = instance?.run.servedModel ?? null;
    if (instance === null || origin === null || servedModel === null) return null;
    const { id: instanceId, protocols } = instance;
    const waited = this.#waited(waitedSinceMs);
    const grantedMs = this.surroundings.clock.monotonicMs();
    const terms = { instanceId, origin, servedModel, protocols, grantedMs, ...waited };
    const lease = new HeldLease(terms, this.#holder);
    this.#leases.add(lease);
    instance.leases = this.#leases.size;
    instance.noteUse();
    return lease;
  }

  loseLeases(): void {
    const lost = [...this.#leases];
    this.#leases.clear();
    for (const lease of lost) lease.lose();
  }

  #waited(sinceMs: number | null) {
    if (sinceMs === null) return { startedCold: false, queueMs: 0, loadMs: 0 };
    const nowMs = this.surroundings.clock.monotonicMs();
    const loadFromMs = Math.max(sinceMs, this.#startedMs);
    const queueMs = Math.round(loadFromMs - sinceMs);
    return { startedCold: true, queueMs, loadMs: Math.round(nowMs - loadFromMs) };
  }

  async #launch(): Promise<InstanceFailure | null> {
    const { surroundings } = this;
    const { spec } = this.plan;
    const preset = surroundings.presets.get(spec.engine) ?? null;
    if (preset === null) return preflightFailure(unknownEngine(spec, surroundings));
    const found = this.#adoption?.file ?? (await preflight(preset, spec, surroundings.launch));
    if (found instanceof ProcessError) return preflightFailure(found);
    const placement = await this.#describePlacement();
    const instance = this.#createInstance(preset, { file: found, placement });
    const failure = await instance.run.start(this.#abort.signal);
    if (failure === null) instance.noteReady();
    return failure;
  }

  /** What it took of each pool, as far as that was measured; what was reserved on cards that cannot tell. */
  #taken(): PoolBytes {
    const footprint = this.#instance?.run.footprint ?? null;
    if (footprint === null) return {};
    const main = mainPoolOf(this.surroundings.arbiter.pools);
    const { [main]: _, ...onCards } = this.plan.permit.reserved;
    return { ...onCards, ...footprint };
  }

  /** Who puts a part of a model on cards has to know in how many parts it comes. */
  async #describePlacement(): Promise<EnginePlacement | null> {
    const { placement } = this.plan.permit;
    const { modelPath } = this.plan.spec;
    if (placement === null) return null;
    const isDivided = placement.cards.length > 0 && placement.cardShare < 1;
    const header =
      isDivided && modelPath !== null ? await readGgufHeader(modelPath).catch(() => null) : null;
    return { ...placement, layerCount: header?.layerCount ?? null };
  }

  #createInstance(
    preset: EnginePreset,
    launch: { readonly file: string; readonly placement: EnginePlacement | null },
  ): EngineInstance {
    const { reserved } = this.plan.permit;
    const program = { ...launch, reserved, adopted: this.#adoption?.record ?? null };
    const instance = new EngineInstance(preset, this.plan.spec, program, this.surroundings.launch);
    this.#instance = instance;
    instance.run.onDeath = (failure) => this.events.onFailure(this.number, failure);
    instance.run.onProgress = (share) => this.events.onProgress(this.number, share);
    instance.run.onSpawn = () => {
      this.#isSpawned = true;
      this.events.onSpawn(this.number);
    };
    return instance;
  }

  async #end(): Promise<void> {
    // The start may be about to spawn: only when it is over is it certain what there is to end.
    await this.#launched;
    await this.#instance?.run.end(this.#graceMs);
    this.events.onGone(this.number);
    this.#resolveEnded();
  }

  #release(lease: HeldLease): void {
    this.#leases.delete(lease);
    const instance = this.#instance;
    if (instance !== null) {
      instance.leases = this.#leases.size;
      instance.requestsServed += 1;
      instance.noteUse();
    }
    const heldMs = this.surroundings.clock.monotonicMs() - lease.grantedMs;
    this.events.onRelease(this.number, { heldMs, isAbandoned: lease.isAbandoned });
  }

  #noteAnswer(): void {
    const instance = this.#instance;
    instance?.health.noteProof();
    // While nobody doubts it, no event is needed.
    if (instance !== null && instance.state !== 'ready') this.events.onProbed(this.number, null);
  }

  // One for all leases: one per request would cost the path of a ready engine an allocation.
  readonly #holder = {
    release: (lease: HeldLease) => this.#release(lease),
    stall: () => this.events.onSuspicion(this.number, 'stalled'),
    answer: () => this.#noteAnswer(),
  };
}

function unknownEngine(spec: LocalModelSpec, { presets }: ModelSurroundings): ProcessError {
  const known = [...presets.keys()].join(', ');
  const message = `The local model "${spec.name}" names the engine "${spec.engine}", which does not exist. Choose one of: ${known}.`;
  return new ProcessError('not-installed', message);
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
