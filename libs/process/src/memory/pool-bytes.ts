/**
 * Bytes per memory pool, by its name. A pool that is not named counts zero as a need, and no limit as a budget or as
 * free memory.
 */
export type PoolBytes = Readonly<Record<string, number>>;

/** `a` plus `factor` times `b`, over the pools of `a`: a pool without a limit stays without one. */
export function plus(a: PoolBytes, b: PoolBytes, factor = 1): PoolBytes {
  const sum: Record<string, number> = {};
  for (const [pool, bytes] of Object.entries(a)) sum[pool] = bytes + factor * (b[pool] ?? 0);
  return sum;
}

export function zeroed(pools: PoolBytes): PoolBytes {
  return Object.fromEntries(Object.keys(pools).map((pool) => [pool, 0]));
}

/** What is missing in each limited pool; pools where the need fits are left out. */
export function shortage(need: PoolBytes, room: PoolBytes): PoolBytes {
  const missing: Record<string, number> = {};
  for (const [pool, bytes] of Object.entries(need)) {
    const left = room[pool];
    if (left !== undefined && bytes > 0 && bytes > left) missing[pool] = bytes - left;
  }
  return missing;
}

export function fits(need: PoolBytes, room: PoolBytes): boolean {
  return Object.keys(shortage(need, room)).length === 0;
}

/** The need, cut in each of its pools to what is there. */
export function cutTo(need: PoolBytes, limit: PoolBytes): PoolBytes {
  const cut: Record<string, number> = {};
  for (const [pool, bytes] of Object.entries(need))
    cut[pool] = Math.min(bytes, limit[pool] ?? bytes);
  return cut;
}

export function totalOf(pools: PoolBytes): number {
  return Object.values(pools).reduce((sum, bytes) => sum + bytes, 0);
}

/** The smaller of both in each pool; a pool only one of them limits keeps that limit. */
export function smaller(a: PoolBytes, b: PoolBytes): PoolBytes {
  const least: Record<string, number> = { ...a };
  for (const [pool, bytes] of Object.entries(b)) least[pool] = Math.min(bytes, a[pool] ?? bytes);
  return least;
}
