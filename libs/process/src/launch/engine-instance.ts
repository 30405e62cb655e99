import type { KeptRecord } from '../adoption/adoption.js';
import type { Clock } from '../clock.js';
import { LogRing } from '../child/log-ring.js';
import type { EnginePlacement, EnginePreset } from '../engine-preset.js';
import { EngineHealth } from '../health/engine-health.js';
import { createEngineProbes } from '../health/engine-probes.js';
import { describeSuspicion } from '../health/suspicion.js';
import type { SuspicionCause } from '../health/suspicion.js';
import type { ExitView, InstanceView, InstanceViewState, SuspicionView } from '../instance-view.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { mainPoolOf } from '../memory/memory-pool.js';
import { totalOf } from '../memory/pool-bytes.js';
import type { PoolBytes } from '../memory/pool-bytes.js';
import { AttachedRun } from './attached-run.js';
import { EngineMeter } from '../metrics/engine-meter.js';
import type { EngineRun } from './engine-run.js';
import { KEPT_LINES } from './instance-failure.js';
import type { LaunchSurroundings } from './launch-surroundings.js';
import { ManagedRun } from './managed-run.js';

/** How an engine ended: a stable word, the same in words, and whether it should not have. */
export interface InstanceEnd {
  readonly reason: string;
  readonly message: string;
  readonly isFailure: boolean;
}

interface EngineProgram {
  /** The program `preflight` found; not used for attached engines. */
  readonly file: string;
  /** Where its model goes; null where there is nothing to tell. */
  readonly placement: EnginePlacement | null;
  /** What the arbiter reserved for it. */
  readonly reserved: PoolBytes;
  /** The instance to go on with, which keeps its id and its times. */
  readonly adopted: KeptRecord | null;
}

/** One engine with its log, its figures and, later, its exit record. */
export class EngineInstance {
  readonly id: string;
  readonly log: LogRing;
  readonly run: EngineRun;
  readonly health: EngineHealth;
  readonly meter: EngineMeter;
  state: InstanceViewState = 'starting';
  leases = 0;
  abandoned = 0;
  requestsServed = 0;
  lastUsedAt: number | null = null;
  readonly #startedAt: number;
  readonly #adopted: KeptRecord | null;
  readonly #clock: Clock;
  #readyAt: number | null = null;
  #endedAt: number | null = null;
  #exit: ExitView | null = null;
  #suspicion: SuspicionView | null = null;

  constructor(
    private readonly preset: EnginePreset,
    private readonly spec: LocalModelSpec,
    { adopted, ...program }: EngineProgram,
    private readonly surroundings: LaunchSurroundings,
  ) {
    this.#adopted = adopted;
    this.#clock = surroundings.clock;
    this.#startedAt = adopted?.createdAt ?? this.#clock.now();
    this.id = adopted?.instanceId ?? surroundings.nextInstanceId();
    this.log = new LogRing(() => this.#clock.now());
    const { id: instanceId, log } = this;
    this.run =
      preset.kind === 'attached'
        ? new AttachedRun(preset, spec, instanceId, surroundings)
        : new ManagedRun({ ...program, preset, spec, instanceId, log, adopted }, surroundings);
    const probes = createEngineProbes({ preset, spec, instanceId, run: this.run });
    const tokenProbeEveryMs = preset.traits?.tokenProbeEveryMs ?? null;
    this.meter = new EngineMeter(this.#clock, { preset, run: this.run, probes });
    this.health = new EngineHealth(this.#clock, probes, tokenProbeEveryMs);
  }

  get protocols(): EnginePreset['protocols'] {
    return this.preset.protocols;
  }

  get wasReady(): boolean {
    return this.#readyAt !== null;
  }

  noteReady(): void {
    this.#readyAt = this.#adopted?.kept.readyAt ?? this.#clock.now();
    this.health.noteProof();
  }

  /** True when an earlier gateway started it. */
  get isAdopted(): boolean {
    return this.#adopted !== null;
  }

  /** Its state changed; `cause` is why it is doubted. */
  notePhase(state: InstanceViewState, cause: SuspicionCause | null): void {
    this.state = state;
    this.#suspicion =
      state !== 'suspect' || cause === null
        ? null
        : { cause, message: describeSuspicion(cause), since: this.#clock.now() };
  }

  noteUse(): void {
    this.lastUsedAt = this.#clock.now();
  }

  /** Writes the exit record. */
  noteEnd({ reason, message, isFailure }: InstanceEnd): void {
    this.state = isFailure ? 'failed' : 'stopped';
    this.leases = 0;
    this.abandoned = 0;
    this.#suspicion = null;
    this.#endedAt = this.#clock.now();
    const { code = null, signal = null } = this.run.exitStatus ?? {};
    this.#exit = { code, signal, reason, message, lastLines: this.log.last(KEPT_LINES) };
  }

  get sleepRule(): EnginePreset['sleep'] {
    return this.preset.sleep;
  }

  view(): InstanceView {
    const { pid, origin, footprint } = this.run;
    const isLive = this.#endedAt === null && pid !== null;
    const mainPool = mainPoolOf(this.surroundings.gauge.pools);
    return {
      id: this.id,
      localModelId: this.spec.id,
      localModelName: this.spec.name,
      engine: this.spec.engine,
      state: this.state,
      pid,
      origin,
      isAdopted: this.isAdopted,
      startedAt: this.#startedAt,
      readyAt: this.#readyAt,
      endedAt: this.#endedAt,
      leases: this.leases,
      abandoned: this.abandoned,
      requestsServed: this.requestsServed,
      lastUsedAt: this.lastUsedAt,
      rssBytes: isLive ? this.surroundings.table.residentBytes(pid) : null,
      footprintBytes: isLive ? (footprint?.[mainPool] ?? null) : null,
      cpuPercent: isLive ? this.run.cpuPercent : null,
      gpuBytes: isLive ? cardBytes(footprint, mainPool) : null,
      figures: this.#endedAt === null ? this.meter.reading : null,
      suspicion: this.#suspicion,
      provenAt: this.health.provenAt,
      exit: this.#exit,
    };
  }
}

/** What it takes on graphics cards; null where that is not known. */
function cardBytes(footprint: PoolBytes | null, mainPool: string): number | null {
  const onCards = Object.entries(footprint ?? {}).filter(([pool]) => pool !== mainPool);
  return onCards.length === 0 ? null : totalOf(Object.fromEntries(onCards));
}
