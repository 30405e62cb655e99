/** The gateway's boot settings: read once, checked once, frozen. Runtime settings live in the database. */
export abstract class AppConfig {
  /** Address the one port listens on. */
  abstract readonly host: string;
  /** 0 = any free port. */
  abstract readonly port: number;
  /** Absolute path of the folder that holds everything the gateway keeps. */
  abstract readonly dataDir: string;
  /** Host names, besides loopback and `host`, that a request may carry in its Host header. */
  abstract readonly allowedHosts: readonly string[];
  /** Folders in which local models may lie, besides the usual ones. */
  abstract readonly modelFolders: readonly string[];
  /** How long streams may go on after a stop was asked for. */
  abstract readonly drainMs: number;
  /** How long a local engine may be silent in the middle of an answer. */
  abstract readonly engineSilenceMs: number;
  /** Bytes all local models together may take, by pool (`ram`, `gpu0`…); what is not named is told from the machine. */
  abstract readonly memoryBudget: Readonly<Record<string, number>>;
  /** What becomes of engines when the gateway is killed, where a local model does not say. */
  abstract readonly onGatewayDeath: 'stop' | 'keep';
  /** What may go to paid providers in an hour before the owner is told; null = no alarm. */
  abstract readonly spillOverLimits: {
    readonly percent: number | null;
    readonly nanosPerHour: number | null;
  };
  abstract readonly isEmbeddedEngineAllowed: boolean;
  /** Shall the machine be searched for engines, servers and models at start? */
  abstract readonly isDiscoveryEnabled: boolean;
  /** May models be fetched from a hub? */
  abstract readonly isModelDownloadEnabled: boolean;
  abstract readonly hub: HubSettings;
  abstract readonly logLevel: LogLevel;
  /** A llama-server binary that is not on the PATH. */
  abstract readonly llamaServerPath: string | null;
  abstract readonly version: string;
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export interface HubSettings {
  /** Without a slash at its end. */
  readonly url: string;
  /** May it, and what it redirects to, lie in a private network or on this machine? */
  readonly allowPrivateNetwork: boolean;
  /** Absolute path of the cache that models are fetched into. */
  readonly cacheFolder: string;
  /** A token of the environment, used while none is stored. Never shown. */
  readonly token: string | null;
}
