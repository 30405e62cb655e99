import type { EnginePreset } from '../engine-preset.js';
import { EngineInstance } from '../launch/engine-instance.js';
import { preflightFailure, unexpectedFailure } from '../launch/instance-failure.js';
import { preflight } from '../launch/preflight.js';
import { HeldLease } from '../lease.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { ProcessError } from '../process-error.js';
import type { InstanceFailure } from './lifecycle/instance-state.js';
import type { ModelSurroundings } from './model-surroundings.js';

/** What a generation reports, each with its own number, so that late news can be told from new. */
export interface GenerationEvents {
  /** The engine's process exists. */
  onSpawn(generation: number): void;
  onReady(generation: number): void;
  onFailure(generation: number, failure: InstanceFailure): void;
  onGone(generation: number): void;
  /** A lease was given back after so many milliseconds. */
  onRelease(generation: number, heldMs: number): void;
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
  readonly #startedMs: number;
  readonly #abort = new AbortController();
  readonly #leases = new Set<HeldLease>();

  constructor(
    readonly number: number,
    private readonly spec: LocalModelSpec,
    private readonly surroundings: ModelSurroundings,
    private readonly events: GenerationEvents,
  ) {
    this.#startedMs = surroundings.clock.monotonicMs();
    this.#graceMs = surroundings.stopGraceMs;
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
    void this.#end();
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
    const lease = new HeldLease(terms, this.#release);
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
    const { spec, surroundings } = this;
    const preset = surroundings.presets.get(spec.engine) ?? null;
    if (preset === null) return preflightFailure(unknownEngine(spec, surroundings));
    const found = await preflight(preset, spec, surroundings.launch);
    if (found instanceof ProcessError) return preflightFailure(found);
    const instance = this.#createInstance(preset, found);
    const failure = await instance.run.start(this.#abort.signal);
    if (failure === null) instance.noteReady();
    return failure;
  }

  #createInstance(preset: EnginePreset, file: string): EngineInstance {
    const instance = new EngineInstance(preset, this.spec, file, this.surroundings.launch);
    this.#instance = instance;
    instance.run.onDeath = (failure) => this.events.onFailure(this.number, failure);
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

  // One function for all leases: one per request would cost the path of a ready engine an allocation.
  readonly #release = (lease: HeldLease): void => {
    this.#leases.delete(lease);
    const instance = this.#instance;
    if (instance !== null) {
      instance.leases = this.#leases.size;
      instance.requestsServed += 1;
      instance.noteUse();
    }
    this.events.onRelease(this.number, this.surroundings.clock.monotonicMs() - lease.grantedMs);
  };
}

function unknownEngine(spec: LocalModelSpec, { presets }: ModelSurroundings): ProcessError {
  const known = [...presets.keys()].join(', ');
  const message = `The local model "${spec.name}" names the engine "${spec.engine}", which does not exist. Choose one of: ${known}.`;
  return new ProcessError('not-installed', message);
}
