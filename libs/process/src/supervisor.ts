import { isKeptRecord } from './adoption/adoption.js';
import { isProven, recoverEngines } from './adoption/recover-engines.js';
import type { RecoveryResult } from './adoption/recover-engines.js';
import type { LogReader } from './child/log-ring.js';
import type { SweepResult } from './child/orphan-sweep.js';
import { sweepOrphans } from './child/orphan-sweep.js';
import { pause } from './clock.js';
import type { EngineDetection, EngineProtocol } from './engine-preset.js';
import type { InstanceView, ModelView } from './instance-view.js';
import { Deployment } from './instance/deployment.js';
import type { LeaseRequest } from './instance/waiting-requests.js';
import type { Lease } from './lease.js';
import type { EngineId, LocalModelSpec } from './local-model-spec.js';
import { memoryUse } from './memory/memory-use.js';
import type { MemoryUse } from './memory/memory-use.js';
import type { PoolBytes } from './memory/pool-bytes.js';
import type { ModelOutlook } from './model-outlook.js';
import { ProcessError } from './process-error.js';
import type { SupervisorOptions } from './supervisor-options.js';
import { openSurroundings } from './supervisor-surroundings.js';
import type { SupervisorSurroundings } from './supervisor-surroundings.js';

/**
 * Starts local engines when they are asked for, leases them to requests, and makes sure that none outlives
 * its use or this process. One supervisor per data folder.
 */
export class Supervisor {
  readonly #models = new Map<string, Deployment>();
  #isClosed = false;
  #closing: Promise<void> | null = null;
  #stopAlls = 0;

  /**
   * Ends what a former run left behind, apart from engines that were to be kept. Rejects when the folder is not writable.
   * `recover` decides about the kept ones; without it the next sweep ends them.
   */
  static async open(options: SupervisorOptions): Promise<Supervisor> {
    const supervisor = new Supervisor(await openSurroundings(options));
    const { sweep } = supervisor.surroundings;
    await sweepOrphans(sweep, async (record) => isKeptRecord(record) && isProven(sweep, record));
    return supervisor;
  }

  private constructor(private readonly surroundings: SupervisorSurroundings) {}

  /**
   * Goes on with the engines an earlier process was to leave running, where they are those that these models would
   * start now, and ends the others. Such an engine is ready at once. To be called once, before any request.
   */
  recover(specs: readonly LocalModelSpec[]): Promise<RecoveryResult> {
    const { sweep, model, guardian } = this.surroundings;
    // before the first request, so that a guardian is at work when its engine starts
    if (specs.length > 0) guardian?.start();
    return recoverEngines(specs, {
      sweep,
      launch: model.launch,
      presets: model.presets,
      adopt: async (spec, adoption) => {
        const opened = this.#open(spec);
        return opened instanceof ProcessError ? false : opened.adopt(spec, adoption);
      },
    });
  }

  /**
   * A lease on the model's engine, which is started when it is cold; all callers share one start. A ready
   * engine is leased without timers or I/O. Rejects with a `ProcessError`.
   */
  acquire(spec: LocalModelSpec, request: LeaseRequest): Promise<Lease> {
    const model = this.#open(spec);
    return model instanceof ProcessError ? Promise.reject(model) : model.acquire(spec, request);
  }

  /**
   * Starts the engine without a request; also ends a backoff or a failed state. Resolves when its process
   * exists, which is before it is ready. Rejects with a `ProcessError`.
   */
  async start(spec: LocalModelSpec): Promise<InstanceView> {
    const model = this.#open(spec);
    if (model instanceof ProcessError) throw model;
    return model.start(spec);
  }

  /**
   * Stops a model's engine and resolves when no process of it is left. Waits for its leases, unless forced:
   * then they are lost and the engine is killed. Does nothing for a cold or unknown model.
   */
  async stop(modelId: string, options: { readonly force?: boolean } = {}): Promise<void> {
    await this.#models.get(modelId)?.stop(options.force ?? false);
  }

  /** Stops every engine; whatever is left after `graceMs` loses its leases and is killed. */
  async stopAll({ graceMs }: { readonly graceMs: number }): Promise<void> {
    const models = [...this.#models.values()];
    const graceOver = new AbortController();
    this.#stopAlls += 1;
    const stopped = Promise.all(models.map((model) => model.shutDown()));
    void pause(this.surroundings.clock, graceMs, graceOver.signal).then(() => {
      if (!graceOver.signal.aborted) for (const model of models) void model.stop(true);
    });
    await stopped;
    graceOver.abort();
    this.#stopAlls -= 1;
    if (!this.#isClosed && this.#stopAlls === 0)
      for (const model of models) model.order({ type: 'reopened' });
  }

  /** Refuses further work, stops every engine, and lets the guardian go. A second call joins the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  view(modelId: string): ModelView {
    const cold: ModelView = { state: 'cold', reason: null, instance: null };
    return this.#models.get(modelId)?.view() ?? cold;
  }

  /** A pinned model is neither stopped for being idle nor for another one, whatever its settings say. */
  pin(spec: LocalModelSpec, isPinned: boolean): void {
    const model = this.#open(spec);
    if (!(model instanceof ProcessError)) model.order({ type: 'pinned', isPinned });
  }

  /**
   * Takes over changed settings now instead of with the next request. Only settings on the command line restart the
   * engine: where memory allows by starting another beside it, else when those it serves have finished.
   */
  configure(spec: LocalModelSpec): void {
    this.#models.get(spec.id)?.configure(spec);
  }

  /** Stops a model when those it serves have finished, however long they take. Returns at once. */
  unload(modelId: string): void {
    this.#models.get(modelId)?.unload();
  }

  /** Lets an idle engine that can sleep give its memory back; does nothing for others. Returns at once. */
  sleep(modelId: string): void {
    this.#models.get(modelId)?.order({ type: 'nap' });
  }

  /** While paused nothing is loaded or woken; models that are in memory or load already go on. */
  pauseLoading(isPaused: boolean): void {
    this.surroundings.model.loading.isPaused = isPaused;
    for (const model of this.#models.values()) model.order({ type: 'paused', isPaused });
  }

  get isLoadingPaused(): boolean {
    return this.surroundings.model.loading.isPaused;
  }

  /** What memory is given out, and to whom. */
  memoryUse(): MemoryUse {
    return memoryUse(this.surroundings.model.arbiter);
  }

  /** Bytes for all models together by pool; pools that are not named give what they have. Takes effect at once. */
  changeMemoryBudget(declared: PoolBytes): void {
    this.surroundings.model.arbiter.changeBudget(declared);
  }

  /** What a request with this spec would meet now, without any side effect. */
  outlook(spec: LocalModelSpec): ModelOutlook {
    const model = this.#models.get(spec.id) ?? new Deployment(spec, this.surroundings.model);
    return model.outlook(spec);
  }

  /** Live instances, then the last fifty ended ones, those of earlier runs included, newest first. */
  list(): InstanceView[] {
    return this.surroundings.registry.list();
  }

  /** The log of a live or ended instance; null for an unknown one. */
  log(instanceId: string): LogReader | null {
    return this.surroundings.registry.find(instanceId)?.log ?? null;
  }

  /** Calls the listener when an instance begins, changes its state or ends. */
  onChange(listener: (view: InstanceView) => void): () => void {
    return this.surroundings.registry.onChange(listener);
  }

  /** Ends engines of former runs of this data folder that still live. Strangers are counted, never touched. */
  sweepOrphans(): Promise<SweepResult> {
    return sweepOrphans(this.surroundings.sweep);
  }

  /** Looks at every idle ready engine that traffic has not just proved; those that fail become suspects. */
  async sweepHealth(): Promise<void> {
    await Promise.all([...this.#models.values()].map((model) => model.checkHealth()));
  }

  /** Reads what ready engines tell of themselves, where there may be something new. Wakes none and loads nothing. */
  async readFigures(): Promise<void> {
    const instances = this.surroundings.registry.ready();
    await Promise.all(instances.map((instance) => instance.meter.refresh(instance)));
  }

  /** Whether an engine can be used on this machine; may run it to learn its version. */
  async detectEngine(engine: EngineId): Promise<EngineDetection> {
    const preset = this.surroundings.model.presets.get(engine);
    if (preset !== undefined) return preset.detect(this.surroundings.environment);
    const reason = `There is no engine called "${engine}".`;
    return { isAvailable: false, path: null, version: null, reason };
  }

  /** What an engine speaks, without starting it; nothing for an unknown one. */
  protocolsOf(engine: EngineId): readonly EngineProtocol[] {
    return this.surroundings.model.presets.get(engine)?.protocols ?? [];
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    await this.stopAll({ graceMs: this.surroundings.model.stopGraceMs });
    for (const model of this.#models.values()) model.dispose();
    this.surroundings.model.arbiter.dispose();
    await this.surroundings.model.learned.flush();
    await this.surroundings.ended.flush();
    await this.surroundings.guardian?.close();
  }

  #open(spec: LocalModelSpec): Deployment | ProcessError {
    const model = this.#models.get(spec.id);
    if (model !== undefined) return model;
    // The models that exist answer for themselves: they are shut down one by one.
    if (this.#isClosed || this.#stopAlls > 0) {
      return new ProcessError('shutting-down', 'Local models are being shut down.');
    }
    const opened = new Deployment(spec, this.surroundings.model);
    this.#models.set(spec.id, opened);
    return opened;
  }
}
