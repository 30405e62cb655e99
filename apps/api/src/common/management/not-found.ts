import { GatewayError } from '#translation';

/** Answers the row or refuses: a repository never hands out a row for an id that is not one. */
export function orNotFound<T>(row: T | null, what: string): T {
  if (row === null) throw new GatewayError('not_found', `This ${what} does not exist (any more).`);
  return row;
}
