import type { MemoryRule } from '../../engine-traits.js';
import type { MemoryNeed } from '../estimate-need.js';
import type { GraphicsCard, MemoryPool } from '../memory-pool.js';
import { totalOf } from '../pool-bytes.js';
import type { PoolBytes } from '../pool-bytes.js';

interface PlacedOnCard extends GraphicsCard {
  /** What is reserved there, and what the card has. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/** Where a start was permitted to put its model, for engines that are told. */
export interface Placement {
  /** None: it stays in main memory although there are cards. */
  readonly cards: readonly PlacedOnCard[];
  /** Share of what would go on cards that does, from 0 to 1. */
  readonly cardShare: number;
}

/**
 * Null where there is nothing to tell: the engine uses no cards, the machine has none, or nobody knows how large the
 * model is. Nor is an engine that never went on a card kept from it: it may have been replaced by one that does.
 */
export function placementOf(
  reserved: PoolBytes,
  need: MemoryNeed,
  rule: MemoryRule,
  pools: readonly MemoryPool[],
): Placement | null {
  const usable = pools.flatMap(({ name, card, totalBytes }) =>
    card !== null && rule.cards.includes(card.maker)
      ? [{ ...card, totalBytes, bytes: reserved[name] ?? 0 }]
      : [],
  );
  if (usable.length === 0 || totalOf(reserved) === 0 || need.cardBytes === 0) return null;
  const cards = usable.filter(({ bytes }) => bytes > 0);
  const placedBytes = cards.reduce((sum, { bytes }) => sum + bytes, 0);
  const wantedBytes = need.cardBytes ?? need.bytes;
  return { cards, cardShare: Math.min(1, placedBytes / Math.max(1, wantedBytes)) };
}

const variables = { nvidia: 'CUDA_VISIBLE_DEVICES', amd: 'HIP_VISIBLE_DEVICES' } as const;
/** An index no card has hides them all. */
const NO_CARD = '-1';

/** The environment that shows an engine the cards it was given and no others. */
export function cardEnvironment(
  placement: Placement | null,
  { cards: makers }: MemoryRule,
): Readonly<Record<string, string>> {
  if (placement === null) return {};
  const entries = makers.map((maker) => {
    const own = placement.cards.filter((card) => card.maker === maker);
    return [variables[maker], own.map(({ index }) => index).join(',') || NO_CARD];
  });
  const isCuda = makers.includes('nvidia');
  // Without it CUDA counts the fastest card first, and not as the driver's program does.
  const order = isCuda ? { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' } : {};
  return { ...order, ...(Object.fromEntries(entries) as Record<string, string>) };
}
