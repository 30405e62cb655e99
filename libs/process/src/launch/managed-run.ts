import type { KeptRecord } from '../adoption/adoption.js';
import { pause } from '../clock.js';
import type { LogRing } from '../child/log-ring.js';
import { ManagedProcess } from '../child/managed-process.js';
import { portOrigin } from '../readiness/engine-origin.js';
import type { EnginePlacement, LaunchPlan, ManagedEnginePreset } from '../engine-preset.js';
import { mainMemory } from '../engine-traits.js';
import type { InstanceFailure } from '../instance/lifecycle/instance-state.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { mainPoolOf } from '../memory/memory-pool.js';
import { cardEnvironment } from '../memory/placement/placement.js';
import type { PoolBytes } from '../memory/pool-bytes.js';
import { waitUntilReady } from '../readiness/wait-until-ready.js';
import type { ReadinessOutcome } from '../readiness/wait-until-ready.js';
import { originOf } from './address-allocator.js';
import type { EngineAddress } from './address-allocator.js';
import { CpuMeter } from './cpu-meter.js';
import { FootprintWatch } from './footprint-watch.js';
import type { EngineRun } from './engine-run.js';
import { hashLaunchLine } from './hash-launch-line.js';
import { KEPT_LINES, exitFailure } from './instance-failure.js';
import type { LaunchSurroundings } from './launch-surroundings.js';

const PORT_ATTEMPTS = 3;
/** How long the last output of a dead engine is waited for: a grandchild may hold the pipe. */
const DRAIN_MS = 200;

interface ManagedRunOptions {
  readonly preset: ManagedEnginePreset;
  readonly spec: LocalModelSpec;
  readonly instanceId: string;
  /** The program, as `locate` found it. */
  readonly file: string;
  readonly placement: EnginePlacement | null;
  /** What the arbiter reserved for it. */
  readonly reserved: PoolBytes;
  readonly log: LogRing;
  /** The process to go on with instead of starting one. */
  readonly adopted: KeptRecord | null;
}

/** An engine process of ours: spawned or adopted, watched until it proves who it is, and ended with all it forked. */
export class ManagedRun implements EngineRun {
  origin: string | null = null;
  servedModel: string | null = null;
  onSpawn: () => void = () => undefined;
  onDeath: (failure: InstanceFailure) => void = () => undefined;
  onProgress: (share: number) => void = () => undefined;
  #process: ManagedProcess | null = null;
  #address: EngineAddress = { port: 0, socketPath: null };
  #footprint: FootprintWatch | null = null;
  #cpu = new CpuMeter();

  constructor(
    private readonly options: ManagedRunOptions,
    private readonly surroundings: LaunchSurroundings,
  ) {}

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  get footprint(): PoolBytes | null {
    return this.#footprint?.current ?? null;
  }

  get peakFootprint(): PoolBytes | null {
    return this.#footprint?.peak ?? null;
  }

  get cpuPercent(): number | null {
    return this.#cpu.percent;
  }

  async measure(): Promise<PoolBytes | null> {
    await this.#footprint?.look();
    return this.footprint;
  }

  get exitStatus(): EngineRun['exitStatus'] {
    return this.#process?.exit ?? null;
  }

  async start(signal: AbortSignal): Promise<InstanceFailure | null> {
    for (let attempt = 1; ;) {
      const failure = await this.#startOnce(signal);
      if (failure === null || signal.aborted || this.options.adopted !== null) return failure;
      const isSocketRefused = this.#address.socketPath !== null && isPlaceRefused(failure);
      const isPortTaken = failure.code === 'port-conflict' && attempt < PORT_ATTEMPTS;
      if (!isSocketRefused && !isPortTaken) return failure;
      if (isSocketRefused) this.surroundings.addresses.noteRefusal(this.options.file);
      else attempt += 1;
      await this.end(0);
    }
  }

  async end(graceMs: number): Promise<number[]> {
    const signals = this.options.preset.traits?.stop?.signals;
    const survivors = (await this.#process?.end(graceMs, signals)) ?? [];
    if (this.#process !== null) await this.#drain(this.#process);
    this.#footprint?.stop();
    this.surroundings.addresses.release(this.#address);
    return survivors;
  }

  async #startOnce(signal: AbortSignal): Promise<InstanceFailure | null> {
    const unwatch = this.#watchLines();
    const { adopted } = this.options;
    const spawned = await (adopted === null ? this.#spawn(signal) : this.#adopt(adopted));
    const outcome = spawned === null ? null : await this.#waitUntilReady(spawned, signal);
    unwatch();
    if (spawned === null || outcome === null) return this.#failure('cancelled');
    if (spawned.exit !== null && !signal.aborted) {
      await this.#drain(spawned);
      return this.#exitFailure(spawned, false);
    }
    if (outcome.status !== 'ready') return this.#failure(outcome.status);
    this.servedModel = outcome.servedModel;
    await this.#keep(spawned);
    void this.#footprint?.settle();
    void this.#tellDeath(spawned);
    return null;
  }

  async #tellDeath(spawned: ManagedProcess): Promise<void> {
    await spawned.exited;
    await this.#drain(spawned);
    this.onDeath(this.#exitFailure(spawned, true));
  }

  /** The last words of an engine are read a moment after its end, and say why it ended. */
  async #drain(spawned: ManagedProcess): Promise<void> {
    const read = new AbortController();
    const limit = pause(this.surroundings.clock, DRAIN_MS, read.signal);
    await Promise.race([spawned.drained, limit]);
    read.abort();
  }

  async #spawn(signal: AbortSignal): Promise<ManagedProcess | null> {
    const { preset, spec, instanceId, file } = this.options;
    const { addresses, table, supervisor, clock } = this.surroundings;
    addresses.release(this.#address);
    this.#address = await addresses.reserve(preset, instanceId, file);
    this.origin = originOf(this.#address);
    const record = {
      instanceId,
      modelId: spec.id,
      engine: preset.id,
      bootId: table.bootId,
      supervisor,
      createdAt: clock.now(),
    };
    const order = { plan: this.#placedPlan(), record, mayOutlive: this.#mayOutlive };
    return this.#watch(await ManagedProcess.spawn(order, this.#processSurroundings, signal));
  }

  async #adopt(record: KeptRecord): Promise<ManagedProcess | null> {
    const { supervisor } = this.surroundings;
    this.#address = record.kept;
    this.origin = record.kept.origin;
    const ours = { ...record, supervisor };
    return this.#watch(await ManagedProcess.adopt(ours, this.#processSurroundings));
  }

  get #mayOutlive(): boolean {
    return (this.options.spec.onGatewayDeath ?? this.surroundings.onGatewayDeath) === 'keep';
  }

  get #processSurroundings() {
    return { ...this.surroundings, log: this.options.log };
  }

  /** With the cards it was given. What it is known by later is the plan without them: they are chosen anew each time. */
  #placedPlan(): LaunchPlan {
    const { preset, placement } = this.options;
    const plan = this.#plan(placement);
    const cards = cardEnvironment(placement, preset.traits?.memory ?? mainMemory);
    return { ...plan, env: { ...cards, ...plan.env } };
  }

  #plan(placement: EnginePlacement | null = null): LaunchPlan {
    const { preset, spec, instanceId, file } = this.options;
    return preset.launch({
      spec,
      placement,
      instanceId,
      file,
      ...this.#address,
      mayOutlive: this.#mayOutlive,
    });
  }

  /** A ready engine is written down with all a later gateway must know to go on with it. */
  async #keep(spawned: ManagedProcess): Promise<void> {
    const { origin, options } = this;
    if (options.adopted !== null || origin === null || !this.#mayOutlive) return;
    const { environment, clock } = this.surroundings;
    const launchLine = await hashLaunchLine(this.#plan(), environment, options.spec.modelPath);
    const { port, socketPath } = this.#address;
    const { reserved } = options;
    const readyAt = clock.now();
    await spawned.keep({ origin, port, socketPath, launchLine, readyAt, reserved });
  }

  #watch(process: ManagedProcess | null): ManagedProcess | null {
    this.#process = process;
    if (process?.pid != null) this.onSpawn();
    this.#watchFootprint(process);
    return process;
  }

  async #waitUntilReady(spawned: ManagedProcess, signal: AbortSignal): Promise<ReadinessOutcome> {
    const { preset, spec, instanceId } = this.options;
    const { clock, startTimeoutMs, startCapMs } = this.surroundings;
    const ended = new AbortController();
    void spawned.exited.then(() => ended.abort());
    return waitUntilReady({
      clock,
      signal: AbortSignal.any([signal, ended.signal]),
      stallMs: startTimeoutMs,
      capMs: startCapMs,
      target: () =>
        this.origin === null ? null : { preset, spec, instanceId, origin: this.origin },
      lastSignMs: () => Math.max(spawned.lastOutputMs, this.#footprint?.lastGrowthMs ?? 0),
    });
  }

  /** To be called before the spawn: the line may be there before the spawn has returned to us. */
  #watchLines(): () => void {
    const { preset, log } = this.options;
    return log.watch(({ stream, text }) => {
      const share = preset.loadProgress?.(text) ?? null;
      if (share !== null) this.onProgress(Math.min(Math.max(share, 0), 1));
      const port = stream === 'stdout' && this.origin === null ? preset.announcedPort(text) : null;
      if (port !== null) this.origin = portOrigin(port);
    });
  }

  #watchFootprint(spawned: ManagedProcess | null): void {
    const { clock, table, gauge } = this.surroundings;
    this.#footprint?.stop();
    if (spawned === null) return;
    const cpu = new CpuMeter();
    this.#cpu = cpu;
    const watch = new FootprintWatch(clock, async () => {
      const pids = spawned.memberPids();
      cpu.note(await table.cpuSeconds(pids), clock.monotonicMs());
      const bytes = await table.footprint(pids);
      return bytes === null ? null : { [mainPoolOf(gauge.pools)]: bytes, ...gauge.usedBy(pids) };
    });
    this.#footprint = watch;
    watch.start();
    void spawned.exited.then(() => watch.stop());
  }

  #exitFailure(spawned: ManagedProcess, wasReady: boolean): InstanceFailure {
    const { preset, file, log } = this.options;
    const exit = spawned.exit ?? { code: null, signal: null, spawnError: null };
    return exitFailure(preset, file, exit, { lastLines: log.last(KEPT_LINES), wasReady });
  }

  #failure(status: 'stranger' | 'timed-out' | 'aborted' | 'cancelled'): InstanceFailure {
    const name = this.options.spec.name;
    const lastLines = this.options.log.last(KEPT_LINES);
    if (status === 'stranger') {
      const message = `Another program answers on the port chosen for "${name}". Nothing was sent to it. Try again.`;
      const reason = 'port-taken';
      return { code: 'port-conflict', reason, message, lastLines, isRetryable: true };
    }
    if (status === 'timed-out') {
      const seconds = Math.round(this.surroundings.startTimeoutMs / 1000);
      const message = `The engine of "${name}" showed no progress for ${seconds} s and was stopped. Its log says how far it came.`;
      const reason = 'start-timeout';
      return { code: 'start-timeout', reason, message, lastLines, isRetryable: true };
    }
    const message = `The start of "${name}" was cancelled.`;
    return { code: 'cancelled', reason: 'cancelled', message, lastLines, isRetryable: true };
  }
}

/** Versions that know no sockets take it for a host they cannot bind, or refuse the flag. */
function isPlaceRefused({ code, reason }: InstanceFailure): boolean {
  return code === 'port-conflict' || reason === 'bad-flag';
}
