import type { PendingAdoption } from '../adoption/pending-adoption.js';
import type { Clock } from '../clock.js';
import type { EnginePreset } from '../engine-preset.js';
import type { EngineInstance } from '../launch/engine-instance.js';
import type { LaunchSurroundings } from '../launch/launch-surroundings.js';
import type { LearnedFigures } from '../learned/learned-figures.js';
import type { EngineId, LocalModelSpec } from '../local-model-spec.js';
import type { MemoryArbiter } from '../memory/memory-arbiter.js';
import type { InstanceLimits } from './lifecycle/instance-state.js';

/** What a local model needs of its supervisor. */
export interface ModelSurroundings {
  readonly clock: Clock;
  readonly presets: ReadonlyMap<EngineId, EnginePreset>;
  readonly launch: LaunchSurroundings;
  readonly learned: LearnedFigures;
  readonly arbiter: MemoryArbiter;
  /** While it is paused nothing is loaded; models that are opened meanwhile begin so. */
  readonly loading: { isPaused: boolean };
  /** Milliseconds between the polite and the forced end of an engine. */
  readonly stopGraceMs: number;
  /** What the first generation goes on with instead of starting an engine. */
  readonly adoption?: PendingAdoption;
  limits(spec: LocalModelSpec): InstanceLimits;
  /** Called when an instance begins, changes its state, and ends. */
  onChange(instance: EngineInstance): void;
}
