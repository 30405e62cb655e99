import type { CapabilityOverrides } from '../capabilities/capabilities.js';

export type LocalModelState =
  | 'cold'
  | 'queued'
  | 'starting'
  | 'ready'
  | 'suspect'
  | 'draining'
  | 'sleeping'
  | 'waking'
  | 'stopping'
  | 'reclaiming'
  | 'backoff'
  | 'quarantined'
  | 'unavailable';

/** One row of `/api/local-models`. */
export interface LocalModel {
  readonly id: string;
  readonly name: string;
  /** Id of an engine, see `engineChoices`. */
  readonly engine: string;
  readonly modelPath: string | null;
  readonly endpoint: string | null;
  readonly upstreamModel: string | null;
  readonly contextTokens: number | null;
  readonly parallelSlots: number;
  readonly idleStopMs: number | null;
  readonly memoryBytes: number | null;
  readonly isPinned: boolean;
  readonly exclusiveGroup: string | null;
  readonly whenAbandoned: 'auto' | 'finish' | 'cancel';
  readonly minResidencyMs: number | null;
  readonly evictBusyAfterMs: number | null;
  readonly keepWeight: number;
  readonly isSleepEnabled: boolean;
  readonly onGatewayDeath: 'stop' | 'keep' | null;
  readonly capabilities: CapabilityOverrides | null;
  readonly isEnabled: boolean;
  readonly state: LocalModelState;
  readonly stateReason: string | null;
  /** Commands that would change something now. */
  readonly commands: readonly string[];
}
