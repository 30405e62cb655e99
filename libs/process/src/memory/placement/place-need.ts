/** Where on a machine a model may go: pure, from what it needs, what its engine can do, and what the budget is. */
import type { MemoryRule } from '../../engine-traits.js';
import type { MemoryNeed } from '../estimate-need.js';
import { mainPoolOf } from '../memory-pool.js';
import type { MemoryPool } from '../memory-pool.js';
import type { PoolBytes } from '../pool-bytes.js';

interface Card {
  readonly name: string;
  readonly maker: string;
  readonly totalBytes: number;
  readonly budgetBytes: number;
}

interface Parts {
  /** What goes on cards, and what stays in main memory beside. */
  readonly cardBytes: number;
  readonly besideBytes: number;
  readonly main: string;
}

/** How many cards an engine divides a model among in equal parts. */
const EQUAL_PARTS = [2, 4, 8];

/**
 * One entry for each place, the preferred first, never empty: a card that holds all of it; where none does, several
 * cards, or cards and main memory, as the engine can; main memory where there is no card for it.
 */
export function placeNeed(
  need: MemoryNeed,
  rule: MemoryRule,
  pools: readonly MemoryPool[],
  budget: PoolBytes,
): readonly PoolBytes[] {
  const main = mainPoolOf(pools);
  const cards = usableCards(rule, pools, budget);
  const cardBytes = need.cardBytes ?? need.bytes;
  if (cards.length === 0 || cardBytes === 0) return [{ [main]: need.bytes }];
  const parts = { cardBytes, besideBytes: need.bytes - cardBytes, main };
  const single = cards.filter(({ budgetBytes }) => budgetBytes >= cardBytes);
  if (single.length > 0) return single.map((card) => onCards([card], parts, need, rule));
  switch (rule.split) {
    case 'none':
      return [{ [main]: need.bytes }];
    case 'shares':
      return [inEqualParts(cards, parts, need, rule)];
    case 'layers':
      return [inLayers(cards, parts)];
  }
}

function usableCards(
  { cards }: MemoryRule,
  pools: readonly MemoryPool[],
  budget: PoolBytes,
): Card[] {
  return pools.flatMap(({ name, card, totalBytes }) => {
    const budgetBytes = budget[name] ?? totalBytes;
    const isUsable = card !== null && cards.includes(card.maker) && budgetBytes > 0;
    return isUsable ? [{ name, maker: card.maker, totalBytes, budgetBytes }] : [];
  });
}

/** Equal parts on each of the cards; an engine that takes a fixed share of a card takes that. */
function onCards(
  cards: readonly Card[],
  { cardBytes, besideBytes, main }: Parts,
  { source }: MemoryNeed,
  { fixedShare }: MemoryRule,
): PoolBytes {
  const part = Math.ceil(cardBytes / cards.length);
  const placed = cards.map(({ name, totalBytes, budgetBytes }) => {
    const isTaken = fixedShare !== null && source !== 'declared';
    const taken = isTaken ? Math.min(Math.floor(fixedShare * totalBytes), budgetBytes) : part;
    return [name, Math.max(part, taken)];
  });
  return withMain(Object.fromEntries(placed) as PoolBytes, main, besideBytes);
}

/** The fewest cards that hold it; all that can be used where even they do not, so that its refusal says what is missing. */
function inEqualParts(
  cards: readonly Card[],
  parts: Parts,
  need: MemoryNeed,
  rule: MemoryRule,
): PoolBytes {
  const roomiest = biggestMaker(cards).toSorted((a, b) => b.budgetBytes - a.budgetBytes);
  const counts = EQUAL_PARTS.filter((count) => count <= roomiest.length);
  const enough = counts.find((count) => {
    const least = roomiest[count - 1]?.budgetBytes ?? 0;
    return Math.ceil(parts.cardBytes / count) <= least;
  });
  return onCards(roomiest.slice(0, enough ?? counts.at(-1) ?? 1), parts, need, rule);
}

/** Over all cards of one maker by their size; what they do not hold stays in main memory. */
function inLayers(cards: readonly Card[], { cardBytes, besideBytes, main }: Parts): PoolBytes {
  const own = biggestMaker(cards);
  const roomBytes = own.reduce((sum, { budgetBytes }) => sum + budgetBytes, 0);
  const placedBytes = Math.min(cardBytes, roomBytes);
  const placed: Record<string, number> = {};
  let restBytes = placedBytes;
  for (const { name, budgetBytes } of own) {
    placed[name] = Math.floor((placedBytes * budgetBytes) / roomBytes);
    restBytes -= placed[name];
  }
  // What rounding left over is a few bytes, and goes where there is room for them.
  for (const { name, budgetBytes } of own) {
    const more = Math.min(restBytes, budgetBytes - (placed[name] ?? 0));
    placed[name] = (placed[name] ?? 0) + more;
    restBytes -= more;
  }
  return withMain(placed, main, besideBytes + cardBytes - placedBytes);
}

/** Cards of different makers never serve one model: no engine mixes their libraries. */
function biggestMaker(cards: readonly Card[]): readonly Card[] {
  const roomOf = (group: readonly Card[]): number =>
    group.reduce((sum, { budgetBytes }) => sum + budgetBytes, 0);
  const makers = [...new Set(cards.map(({ maker }) => maker))];
  const groups = makers.map((maker) => cards.filter((card) => card.maker === maker));
  return groups.toSorted((a, b) => roomOf(b) - roomOf(a))[0] ?? [];
}

function withMain(placed: PoolBytes, main: string, bytes: number): PoolBytes {
  return bytes > 0 ? { ...placed, [main]: bytes } : placed;
}
