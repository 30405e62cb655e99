import type { Standing } from '../../memory/arbiter-state.js';
import type { Tenant } from '../../memory/memory-arbiter.js';
import type { InstanceEvent } from '../lifecycle/instance-event.js';
import { memoryRefusal } from './memory-refusal.js';
import type { ModelSurroundings } from '../model-surroundings.js';

/** What the arbiter's answers need to become events of a local model. */
interface TenantOptions {
  readonly surroundings: Pick<ModelSurroundings, 'arbiter' | 'clock'>;
  modelName(): string;
  standing(): Standing | null;
  readonly post: (event: InstanceEvent) => void;
}

/** A local model as the arbiter knows it: each answer becomes an event. */
export function createModelTenant(options: TenantOptions): Tenant {
  const { post, surroundings } = options;
  const { clock, arbiter } = surroundings;
  const now = (): number => clock.monotonicMs();
  return {
    get standing() {
      return options.standing();
    },
    onPermitted: (generation) => post({ type: 'permitted', generation, now: now() }),
    onRefused(generation, cause, need) {
      const failure = memoryRefusal(options.modelName(), cause, { need, budget: arbiter.budget });
      post({ type: 'refused', generation, failure, now: now() });
    },
    onEvicted: (deadlineMs) => post({ type: 'evicted', deadlineMs, now: now() }),
    onReprieved: () => post({ type: 'reprieved', now: now() }),
  };
}
