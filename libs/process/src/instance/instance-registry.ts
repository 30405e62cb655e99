import type { InstanceView } from '../instance-view.js';
import type { EngineInstance } from '../launch/engine-instance.js';

/** Ended instances kept for the panel. */
const KEPT_ENDED = 50;

/** Every live instance and the last ended ones, with those who want to hear of changes. */
export class InstanceRegistry {
  readonly #live = new Map<string, EngineInstance>();
  readonly #ended: EngineInstance[] = [];
  readonly #listeners = new Set<(view: InstanceView) => void>();

  /** Notes that an instance began, changed or ended, and tells the listeners. */
  update(instance: EngineInstance): void {
    const view = instance.view();
    if (view.endedAt === null) {
      this.#live.set(instance.id, instance);
    } else {
      this.#live.delete(instance.id);
      this.#ended.unshift(instance);
      this.#ended.length = Math.min(this.#ended.length, KEPT_ENDED);
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

  find(instanceId: string): EngineInstance | null {
    const ended = () => this.#ended.find(({ id }) => id === instanceId);
    return this.#live.get(instanceId) ?? ended() ?? null;
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
