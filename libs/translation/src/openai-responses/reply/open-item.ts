/** How an item ended: `incomplete` when the answer was cut in it. */
export type ItemEnd = 'completed' | 'incomplete';

/** An item on the wire that is not done yet. */
export interface OpenItem {
  close(end: ItemEnd): void;
}
