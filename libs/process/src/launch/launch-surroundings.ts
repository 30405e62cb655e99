import type { ProcessSurroundings } from '../child/managed-process.js';
import type { PortAllocator } from '../child/port-allocator.js';
import type { MemoryGauge } from '../memory/memory-gauge.js';
import type { ProcessIdentity } from '../process-table/process-table.js';

/** What every engine of one supervisor shares. Times are in milliseconds. */
export interface LaunchSurroundings extends Omit<ProcessSurroundings, 'log'> {
  readonly ports: PortAllocator;
  readonly gauge: MemoryGauge;
  readonly supervisor: ProcessIdentity;
  /** Longest silence of a loading engine, and longest load whatever it prints. */
  readonly startTimeoutMs: number;
  readonly startCapMs: number;
  isLoopbackPortAllowed(port: number): boolean;
  nextInstanceId(): string;
}
