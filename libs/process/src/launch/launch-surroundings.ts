import type { ProcessSurroundings } from '../child/managed-process.js';
import type { GatewayDeathPolicy } from '../local-model-spec.js';
import type { MemoryGauge } from '../memory/memory-gauge.js';
import type { ProcessIdentity } from '../process-table/process-table.js';
import type { AddressAllocator } from './address-allocator.js';

/** What every engine of one supervisor shares. Times are in milliseconds. */
export interface LaunchSurroundings extends Omit<ProcessSurroundings, 'log'> {
  readonly addresses: AddressAllocator;
  readonly gauge: MemoryGauge;
  readonly supervisor: ProcessIdentity;
  /** For models that do not say it themselves. */
  readonly onGatewayDeath: GatewayDeathPolicy;
  /** Longest silence of a loading engine, and longest load whatever it prints. */
  readonly startTimeoutMs: number;
  readonly startCapMs: number;
  isLoopbackPortAllowed(port: number): boolean;
  nextInstanceId(): string;
}
