import { createHash } from 'node:crypto';

/** Id of an engine preset: `embedded`, `llama-server` or `attached` in the shipped list. */
export type EngineId = string;

/** A configured local model. Two specs with equal launch fields can share one running engine. */
export interface LocalModelSpec {
  readonly id: string;
  readonly name: string;
  readonly engine: EngineId;
  /** Absolute path of the model file; null for attached engines. */
  readonly modelPath: string | null;
  /** `http://127.0.0.1:port` of an engine somebody else runs; null for managed engines. */
  readonly endpoint: string | null;
  /** The model name an attached engine knows; null takes the first one it lists. */
  readonly upstreamModel: string | null;
  /** Context window in tokens per slot; null leaves the engine's default. */
  readonly contextTokens: number | null;
  readonly parallelSlots: number;
  /** Milliseconds without a lease after which the engine is stopped; null means never. */
  readonly idleStopMs: number | null;
}

/** The settings that appear on the command line of an engine. */
const launchFields = [
  'engine',
  'modelPath',
  'endpoint',
  'upstreamModel',
  'contextTokens',
  'parallelSlots',
] as const;

/** True when a running engine started for `a` also serves `b`: nothing on its command line differs. */
export function hasSameLaunch(a: LocalModelSpec, b: LocalModelSpec): boolean {
  return a === b || launchFields.every((field) => a[field] === b[field]);
}

/** Equal for specs with the same launch, and only for those: what was learned of a launch is kept under it. */
export function launchHash(spec: LocalModelSpec): string {
  const launch = JSON.stringify(launchFields.map((field) => spec[field]));
  return createHash('sha256').update(launch).digest('hex').slice(0, 16);
}
