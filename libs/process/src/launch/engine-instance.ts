import type { KeptRecord } from '../adoption/adoption.js';
import { pause } from '../clock.js';
import type { Clock } from '../clock.js';
import { LogRing } from '../child/log-ring.js';
import type { EnginePlacement, EnginePreset } from '../engine-preset.js';
import type { ExitView, InstanceView, InstanceViewState } from '../instance-view.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { totalOf } from '../memory/pool-bytes.js';
import { checkReadiness } from '../readiness/check-readiness.js';
import { AttachedRun } from './attached-run.js';
import type { EngineRun } from './engine-run.js';
import type { LaunchSurroundings } from './launch-surroundings.js';
import { ManagedRun } from './managed-run.js';
import { answersWithToken } from './probe-token.js';

/** Lines kept in the exit record of an ended instance. */
const EXIT_LINES = 50;
const SLOT_WAIT_MS = 10_000;

interface EngineProgram {
  /** The program `preflight` found; not used for attached engines. */
  readonly file: string;
  /** Where its model goes; null where there is nothing to tell. */
  readonly placement: EnginePlacement | null;
  /** The instance to go on with, which keeps its id and its times. */
  readonly adopted: KeptRecord | null;
}

/** One engine with its log, its figures and, later, its exit record. */
export class EngineInstance {
  readonly id: string;
  readonly log: LogRing;
  readonly run: EngineRun;
  state: InstanceViewState = 'starting';
  leases = 0;
  requestsServed = 0;
  lastUsedAt: number | null = null;
  readonly #startedAt: number;
  readonly #adopted: KeptRecord | null;
  readonly #clock: Clock;
  #readyAt: number | null = null;
  #endedAt: number | null = null;
  #exit: ExitView | null = null;

  constructor(
    private readonly preset: EnginePreset,
    private readonly spec: LocalModelSpec,
    { file, placement, adopted }: EngineProgram,
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
        : new ManagedRun({ preset, spec, instanceId, file, placement, log, adopted }, surroundings);
  }

  get protocols(): EnginePreset['protocols'] {
    return this.preset.protocols;
  }

  get wasReady(): boolean {
    return this.#readyAt !== null;
  }

  noteReady(): void {
    this.#readyAt = this.#adopted?.kept.readyAt ?? this.#clock.now();
  }

  /** True when an earlier gateway started it. */
  get isAdopted(): boolean {
    return this.#adopted !== null;
  }

  noteUse(): void {
    this.lastUsedAt = this.#clock.now();
  }

  /** Writes the exit record. */
  noteEnd({ reason, isFailure }: { readonly reason: string; readonly isFailure: boolean }): void {
    this.state = isFailure ? 'failed' : 'stopped';
    this.leases = 0;
    this.#endedAt = this.#clock.now();
    const { code = null, signal = null } = this.run.exitStatus ?? {};
    this.#exit = { code, signal, reason, lastLines: this.log.last(EXIT_LINES) };
  }

  get sleepRule(): EnginePreset['sleep'] {
    return this.preset.sleep;
  }

  /** True when the engine still answers, and still is the one we mean. */
  async isResponding(): Promise<boolean> {
    const { origin } = this.run;
    const { preset, spec, id: instanceId } = this;
    if (origin === null) return false;
    const { status } = await checkReadiness({ preset, spec, instanceId, origin });
    return status === 'ready' || status === 'loading';
  }

  /**
   * True when it also makes a token. An engine whose slots are all taken could not answer, so a free one is waited
   * for; while there is none, only the server can be judged.
   */
  async isGenerating(hasFreeSlot: () => boolean): Promise<boolean> {
    const { origin, servedModel } = this.run;
    if (!(await this.isResponding()) || origin === null || servedModel === null) return false;
    const until = this.#clock.monotonicMs() + SLOT_WAIT_MS;
    while (!hasFreeSlot() && this.#clock.monotonicMs() < until) await pause(this.#clock, 50);
    return !hasFreeSlot() || answersWithToken(origin, servedModel, this.protocols);
  }

  view(): InstanceView {
    const { pid, origin, footprint } = this.run;
    const isLive = this.#endedAt === null && pid !== null;
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
      requestsServed: this.requestsServed,
      lastUsedAt: this.lastUsedAt,
      rssBytes: isLive ? this.surroundings.table.residentBytes(pid) : null,
      footprintBytes: isLive && footprint !== null ? totalOf(footprint) : null,
      exit: this.#exit,
    };
  }
}
