import type { GatewayError } from '#translation';

/**
 * May the next target be tried after this failure? Never for the caller's own mistakes, a refusal by the key's budget or
 * a caller that has left; those would fail the same way, or cost twice, elsewhere.
 */
export function mayTryNext(failure: GatewayError): boolean {
  return failure.row.mayFailOver;
}
