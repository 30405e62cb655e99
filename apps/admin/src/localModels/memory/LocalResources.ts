/** `/api/local-resources`: what all local models together may take, and what they take. */
export interface LocalResources {
  /** What was set; null = as the machine or its environment says. */
  readonly memoryBudgetBytes: number | null;
  readonly isPaused: boolean;
  readonly pools: readonly MemoryPool[];
}

export interface MemoryPool {
  /** `ram`, or a graphics card. */
  readonly pool: string;
  readonly budgetBytes: number;
  readonly reservedBytes: number;
  readonly freeBytes: number | null;
}

/** What may be changed of it. */
export type LocalResourcesChange = Partial<Pick<LocalResources, 'memoryBudgetBytes' | 'isPaused'>>;
