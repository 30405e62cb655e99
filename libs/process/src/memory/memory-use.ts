import type { PoolBytes } from './pool-bytes.js';

/** One kind of memory: `ram`, unified memory included, or a graphics card. */
export interface PoolUse {
  readonly pool: string;
  /** What all models together may take of it. */
  readonly budgetBytes: number;
  /** Reserved for models that are loaded, load, or are on their way out. */
  readonly reservedBytes: number;
  /** Free on the machine as measured now; null where that cannot be told. */
  readonly freeBytes: number | null;
}

/** Who has how much of the memory that is given out. */
export interface MemoryUse {
  readonly pools: readonly PoolUse[];
  /** Bytes by pool; a model that is being replaced is listed once, with both its engines. */
  readonly models: readonly { readonly localModelId: string; readonly bytes: PoolBytes }[];
}

/** What the arbiter knows, put together for people. Its keys are `<model id>#<number>`. */
export function memoryUse(arbiter: {
  readonly budget: PoolBytes;
  readonly held: ReadonlyMap<string, PoolBytes>;
  free(): PoolBytes;
}): MemoryUse {
  const { budget, held } = arbiter;
  const free = arbiter.free();
  const models = new Map<string, PoolBytes>();
  for (const [key, bytes] of held) {
    const id = key.slice(0, key.lastIndexOf('#'));
    models.set(id, sum(models.get(id) ?? {}, bytes));
  }
  const reserved = [...held.values()].reduce(sum, {});
  return {
    pools: Object.entries(budget).map(([pool, budgetBytes]) => ({
      pool,
      budgetBytes,
      reservedBytes: reserved[pool] ?? 0,
      freeBytes: free[pool] ?? null,
    })),
    models: [...models].map(([localModelId, bytes]) => ({ localModelId, bytes })),
  };
}

function sum(a: PoolBytes, b: PoolBytes): PoolBytes {
  const pools = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...pools].map((pool) => [pool, (a[pool] ?? 0) + (b[pool] ?? 0)]));
}
