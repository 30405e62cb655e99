import type { Adoption } from '../adoption/adoption.js';
import { PendingAdoption } from '../adoption/pending-adoption.js';
import type { InstanceView, ModelView } from '../instance-view.js';
import type { Lease } from '../lease.js';
import { hasSameLaunch } from '../local-model-spec.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import type { ModelOutlook } from '../model-outlook.js';
import type { ProcessError } from '../process-error.js';
import type { ModelOrder } from './lifecycle/instance-event.js';
import { LocalModel } from './local-model.js';
import type { ModelSurroundings } from './model-surroundings.js';
import { rejectionError } from './rejection-error.js';
import type { LeaseRequest } from './waiting-requests.js';

/** A load may take as long as its own limits allow; nobody waits behind it. */
const PATIENCE_MS = 24 * 60 * 60_000;

/**
 * One configured model across changes of its settings. Where memory allows, the engine with the new settings is
 * started beside the one that serves, which is only then drained: no request waits for the change. Where it does not,
 * the old engine leaves first. Outside of such a change there is one engine.
 */
export class Deployment {
  #current: LocalModel;
  #successor: LocalModel | null = null;
  /** New settings, while it is found out whether they fit beside the old ones. */
  #weighed: LocalModelSpec | null = null;
  readonly #retired = new Set<LocalModel>();
  #newest: LocalModelSpec;

  constructor(
    spec: LocalModelSpec,
    private readonly surroundings: ModelSurroundings,
  ) {
    this.#current = new LocalModel(spec, surroundings);
    this.#newest = spec;
  }

  acquire(spec: LocalModelSpec, request: LeaseRequest): Promise<Lease> {
    const refusal = this.configure(spec);
    return refusal === null ? this.#serving().acquire(request) : Promise.reject(refusal);
  }

  start(spec: LocalModelSpec): Promise<InstanceView> {
    const refusal = this.configure(spec);
    return refusal === null ? this.#serving().start() : Promise.reject(refusal);
  }

  /** Goes on with an engine of an earlier gateway; false when there is one already, or none can be had. */
  async adopt(spec: LocalModelSpec, adoption: Adoption): Promise<boolean> {
    const before = this.#current;
    if (before.phase !== 'cold') return false;
    const pending = new PendingAdoption(adoption);
    this.#current = new LocalModel(spec, { ...this.surroundings, adoption: pending });
    const isAdopted = await this.#current.start().then(
      () => true,
      () => false,
    );
    if (!isAdopted) this.#current = before;
    return isAdopted;
  }

  async stop(isForced: boolean): Promise<void> {
    this.#weighed = null;
    this.#dropSuccessor();
    await Promise.all(this.#all().map((model) => model.stop(isForced)));
  }

  async shutDown(): Promise<void> {
    await Promise.all(this.#all().map((model) => model.shutDown()));
  }

  /** Waits for nobody: those being served finish, however long they take. */
  unload(): void {
    this.#weighed = null;
    this.#dropSuccessor();
    this.order({ type: 'stop', isForced: false, isPatient: true });
  }

  order(order: ModelOrder): void {
    for (const model of this.#all()) model.order(order);
  }

  dispose(): void {
    for (const model of this.#all()) model.dispose();
  }

  async checkHealth(): Promise<void> {
    await this.#current.checkHealth();
  }

  view(): ModelView {
    return this.#current.view();
  }

  outlook(spec: LocalModelSpec): ModelOutlook {
    return this.#current.outlook(this.#successor === null ? spec : this.#current.spec);
  }

  /** Who takes requests: during a change the old one, as long as it takes them at once. */
  #serving(): LocalModel {
    const isReady = this.#current.phase === 'ready';
    return isReady ? this.#current : (this.#successor ?? this.#current);
  }

  #all(): LocalModel[] {
    const models = [this.#current, ...this.#retired];
    return this.#successor === null ? models : [...models, this.#successor];
  }

  /**
   * Takes over settings, unless newer ones came before; an engine is restarted only where its launch differs.
   * @returns why it takes no requests, or null.
   */
  configure(asked: LocalModelSpec): ProcessError | null {
    const isOld = (asked.revision ?? 0) < (this.#newest.revision ?? 0);
    const spec = isOld ? this.#newest : asked;
    this.#newest = spec;
    if (spec.isEnabled === false) return rejectionError(spec.name, 'disabled', null, null);
    this.#change(spec);
    return null;
  }

  #change(spec: LocalModelSpec): void {
    const isWeighed = this.#weighed !== null && hasSameLaunch(spec, this.#weighed);
    if (spec === this.#current.spec || isWeighed) return;
    if (hasSameLaunch(spec, this.#current.spec)) {
      this.#weighed = null;
      this.#dropSuccessor();
      this.#current.configure(spec);
      return;
    }
    // Until it is resumed, the engine that serves is the only one there can be.
    if (this.surroundings.loading.isPaused && this.#current.phase === 'ready') return;
    const successor = this.#successor;
    if (successor !== null && hasSameLaunch(spec, successor.spec)) {
      successor.configure(spec);
      return;
    }
    this.#dropSuccessor();
    if (this.#current.phase === 'ready') void this.#weigh(spec);
    else this.#current.configure(spec);
  }

  async #weigh(spec: LocalModelSpec): Promise<void> {
    this.#weighed = spec;
    const hasRoom = await this.#current.hasRoomBeside(spec);
    if (this.#weighed !== spec) return;
    this.#weighed = null;
    if (hasRoom && this.#current.phase === 'ready') this.#replace(spec);
    else this.#current.configure(spec);
  }

  #replace(spec: LocalModelSpec): void {
    const successor = new LocalModel(spec, this.surroundings);
    this.#successor = successor;
    const patience = { signal: new AbortController().signal, maxWaitMs: PATIENCE_MS };
    void successor.acquire(patience).then(
      (lease) => {
        lease.release();
        if (this.#successor !== successor) return;
        this.#successor = null;
        const old = this.#current;
        this.#current = successor;
        this.#retire(old);
      },
      () => {
        if (this.#successor !== successor) return;
        // The old settings are not those that were asked for: what is wrong with the new ones must be seen.
        this.#dropSuccessor();
        if (!this.surroundings.loading.isPaused) this.#current.configure(successor.spec);
      },
    );
  }

  #dropSuccessor(): void {
    if (this.#successor !== null) this.#retire(this.#successor);
    this.#successor = null;
  }

  #retire(model: LocalModel): void {
    this.#retired.add(model);
    void model.shutDown().then(() => {
      this.#retired.delete(model);
      model.dispose();
    });
  }
}
