/** One pool of memory as people see it, in bytes. */
export interface MemoryView {
  /** `ram`, `unified`, `gpu0`… */
  readonly pool: string;
  readonly totalBytes: number;
  /** What all local models together may take of it, and what they hold. */
  readonly budgetBytes: number;
  readonly heldBytes: number;
  /** As last measured; null where it cannot be. */
  readonly freeBytes: number | null;
}
