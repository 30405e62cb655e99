import { createHash } from 'node:crypto';

import type { AbandonedPolicy } from './instance/lifecycle/instance-state.js';

/** Id of an engine preset: `embedded`, `llama-server` or `attached` in the shipped list. */
export type EngineId = string;

/** What becomes of an engine when its gateway is killed: it ends too, or the next gateway goes on with it. */
export type GatewayDeathPolicy = 'stop' | 'keep';

/** A configured local model. Two specs with equal launch fields can share one running engine. */
export interface LocalModelSpec {
  readonly id: string;
  readonly name: string;
  /** Grows with every change of the settings: older ones, which a request may still hold, change nothing back. */
  readonly revision?: number;
  /** False: it is not started and takes no requests; default true. */
  readonly isEnabled?: boolean;
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
  /** Bytes it takes in memory, where its owner knows better than what is learned and guessed. */
  readonly memoryBytes?: number | null;
  /** At most one model of an exclusive group is in memory at a time. */
  readonly exclusiveGroup?: string | null;
  /** Never stopped for being idle nor for another model. */
  readonly isPinned?: boolean;
  /** What becomes of a load nobody waits for any more; default `auto`: it is finished when most of it is done. */
  readonly abandoned?: AbandonedPolicy;
  /** Milliseconds it stays once it is ready, although others want its memory; default null: by its load time. */
  readonly minResidencyMs?: number | null;
  /** Milliseconds after which it is cut for others although it serves; default null: never. */
  readonly evictBusyAfterMs?: number | null;
  /** Lets engines sleep that do so only when they were started for it; default false. */
  readonly isSleepEnabled?: boolean;
  /** How much dearer than others its load is when somebody has to leave; default 1. */
  readonly keepWeight?: number;
  /** Default: what holds for the host. A change takes effect with the next start of the engine. */
  readonly onGatewayDeath?: GatewayDeathPolicy | null;
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
  return a === b || launchHash(a) === launchHash(b);
}

/** A spec never changes, and its hash is asked for with every request. */
const hashes = new WeakMap<LocalModelSpec, string>();

/** Equal for specs with the same launch, and only for those: what was learned of a launch is kept under it. */
export function launchHash(spec: LocalModelSpec): string {
  const known = hashes.get(spec);
  if (known !== undefined) return known;
  const switches = spec.isSleepEnabled === true ? ['sleeps'] : [];
  const launch = JSON.stringify([...launchFields.map((field) => spec[field]), ...switches]);
  const hash = createHash('sha256').update(launch).digest('hex').slice(0, 16);
  hashes.set(spec, hash);
  return hash;
}
