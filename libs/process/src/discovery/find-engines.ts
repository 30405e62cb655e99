import type { EnginePreset } from '../engine-preset.js';
import type { FoundEngine } from './discovery.js';

/** Engine programs that are installed, with the version each tells. */
export async function findEngines(
  presets: readonly EnginePreset[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundEngine[]> {
  const found = await Promise.all(
    presets.map(async (preset) => ({ id: preset.id, ...(await preset.detect(environment)) })),
  );
  return found.flatMap(({ id, path, version, isAvailable }) =>
    isAvailable && path !== null ? [{ id, path, version }] : [],
  );
}
