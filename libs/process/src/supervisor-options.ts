import { existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './child/child-environment.js';
import type { Clock } from './clock.js';
import type { EnginePreset } from './engine-preset.js';
import type { FigureStore } from './learned/figure-store.js';
import type { GatewayDeathPolicy } from './local-model-spec.js';
import type { ArbiterLimits } from './memory/arbiter-state.js';
import { packageRoot } from './launch/package-root.js';
import type { PoolBytes } from './memory/pool-bytes.js';
import type { MemoryGauge } from './memory/memory-gauge.js';

/** All times are in milliseconds. */
export interface SupervisorOptions {
  /** Folder of the gateway's data; instance records are kept in `instances` below it. */
  readonly dataDir: string;
  /** Default: the shipped list. */
  readonly engines?: readonly EnginePreset[];
  /** What engines may inherit from, reduced to an allow-list. Default: a plain PATH, HOME and TMPDIR. */
  readonly environment?: Environment;
  readonly clock?: Clock;
  /** Longest time a loading engine may stay silent. Default 120 s. */
  readonly startTimeoutMs?: number;
  /** Longest load, however much the engine prints. Default 30 min. */
  readonly startCapMs?: number;
  /** Time between the polite and the forced end of an engine. Default 5 s. */
  readonly stopGraceMs?: number;
  /** How long an ordered stop waits for requests that are being served. Default 60 s. */
  readonly drainMs?: number;
  /** How long a start goes on when every client that waited for it has left. Default 5 s. */
  readonly lingerMs?: number;
  /**
   * Bytes all models together may take of a pool: `ram` for main memory of either kind, `gpu0`… for cards. Pools that
   * are not named give what they have, main memory less a part for the rest.
   */
  readonly memoryBudget?: PoolBytes;
  /** Measures memory. Default: this machine. */
  readonly memoryGauge?: MemoryGauge;
  /** How models that do not fit together take turns; see `ArbiterLimits` for what each means. */
  readonly turns?: Partial<ArbiterLimits>;
  /** Longest time the memory of an ended engine is waited for. Default 10 s. */
  readonly reclaimMs?: number;
  /** Where load times and sizes are kept. Default: a file in the data folder. */
  readonly figureStore?: FigureStore;
  /** Requests that may wait for one model to start. Default 512. */
  readonly maxQueue?: number;
  /** False for loopback ports no engine may use, such as the gateway's own. Default: all are allowed. */
  readonly isLoopbackPortAllowed?: (port: number) => boolean;
  /** What becomes of engines when this process is killed, where their models do not say. Default `stop`. */
  readonly onGatewayDeath?: GatewayDeathPolicy;
  /** Compiled guardian script. Default: the one built beside this file; null runs without a guardian. */
  readonly guardianEntry?: string | null;
}

/** Enough for engines to be found and to run, without reading the gateway's own environment. */
export function defaultEnvironment(): Environment {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
    HOME: homedir(),
    TMPDIR: tmpdir(),
  };
}

/** The compiled guardian. @throws Error when it is not built */
export function defaultGuardianEntry(): string {
  const path = join(packageRoot(), 'dist/libs/process/src/guardian/main.js');
  if (existsSync(path)) return path;
  throw new Error(`The guardian script is not built: ${path} is missing. Run "npm run build".`);
}
