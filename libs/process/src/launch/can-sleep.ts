import type { EnginePreset } from '../engine-preset.js';
import type { LocalModelSpec } from '../local-model-spec.js';

/** Whether the engine of this model can be told to give its memory back and keep its process. */
export function canSleep(
  { sleep }: Pick<EnginePreset, 'sleep'>,
  { isSleepEnabled = false }: Pick<LocalModelSpec, 'isSleepEnabled'>,
): boolean {
  return sleep?.sleep !== undefined && (isSleepEnabled || sleep.isOptional !== true);
}
