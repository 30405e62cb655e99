/** Who made a graphics card, which decides how engines are told to use it. */
export type CardMaker = 'nvidia' | 'amd';

/** A graphics card as its maker's libraries count them. */
export interface GraphicsCard {
  readonly maker: CardMaker;
  readonly index: number;
}

/** Memory that is given out as one: `ram`, `unified` (main memory that graphics share), or that of one card. */
export interface MemoryPool {
  /** `ram`, `unified`, `gpu0`, `gpu1`… */
  readonly name: string;
  readonly totalBytes: number;
  /** What models may take of it while nobody has set a budget. */
  readonly usableBytes: number;
  /** Null for main memory. */
  readonly card: GraphicsCard | null;
}

/** Every machine has one: `ram` or `unified`. */
export function mainPoolOf(pools: readonly MemoryPool[]): string {
  return pools.find(({ card }) => card === null)?.name ?? 'ram';
}
