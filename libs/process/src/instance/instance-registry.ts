import type { LogReader } from '../child/log-ring.js';
import type { InstanceView } from '../instance-view.js';
import type { EngineInstance } from '../launch/engine-instance.js';

/** An instance as it is kept: of this run with its engine, of an earlier one as it was written down. */
export interface KeptInstance {
  readonly id: string;
  readonly log: LogReader;
  view(): InstanceView;
}

interface EndedStore {
  readonly maxCount: number;
  /** Those of earlier runs, newest first. */
  readonly found: readonly KeptInstance[];
  /** Writes one down. */
  add(instance: KeptInstance): void;
}

/** Every live instance and the last ended ones, with those who want to hear of changes. */
export class InstanceRegistry {
  readonly #live = new Map<string, EngineInstance>();
  readonly #ended: KeptInstance[];
  readonly #listeners = new Set<(view: InstanceView) => void>();

  constructor(private readonly store: EndedStore) {
    this.#ended = [...store.found];
  }

  /** Notes that an instance began, changed or ended, and tells the listeners. */
  update(instance: EngineInstance): void {
    const view = instance.view();
    if (view.endedAt === null) {
      this.#live.set(instance.id, instance);
    } else {
      this.#live.delete(instance.id);
      this.#ended.unshift(instance);
      this.#ended.length = Math.min(this.#ended.length, this.store.maxCount);
      this.store.add(instance);
    }
    for (const listener of this.#listeners) {
      try {
        listener(view);
      } catch {
        // A broken listener must not stop the lifecycle in the middle of a change.
      }
    }
  }

  isLive(instanceId: string): boolean {
    return this.#live.has(instanceId);
  }

  hasEnded(instanceId: string): boolean {
    return this.#ended.some(({ id }) => id === instanceId);
  }

  find(instanceId: string): KeptInstance | null {
    const ended = () => this.#ended.find(({ id }) => id === instanceId);
    return this.#live.get(instanceId) ?? ended() ?? null;
  }

  /** Engines that serve: none that loads, sleeps, leaves or is doubted. */
  ready(): EngineInstance[] {
    return [...this.#live.values()].filter(({ state }) => state === 'ready');
  }

  /** Live instances first, then the ended ones, newest first. */
  list(): InstanceView[] {
    return [...this.#live.values(), ...this.#ended].map((instance) => instance.view());
  }

  onChange(listener: (view: InstanceView) => void): () => void {
    const own = (view: InstanceView) => listener(view);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }
}
