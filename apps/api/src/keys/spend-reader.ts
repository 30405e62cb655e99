/** Tells what a key has spent in the budget window that is open now, and what is held for requests that still run. */
export abstract class SpendReader {
  abstract read(keyId: string): { readonly spentNanos: number; readonly heldNanos: number };
}
