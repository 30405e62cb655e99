import type { EnginePreset } from '#process';

/** The engines a local model may name. */
export class EngineCatalog {
  constructor(readonly presets: readonly EnginePreset[]) {}

  find(id: string): EnginePreset | undefined {
    return this.presets.find((preset) => preset.id === id);
  }

  get ids(): string[] {
    return this.presets.map(({ id }) => id);
  }
}
