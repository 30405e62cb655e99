import { randomUUID } from 'node:crypto';

/** Tells the rows of this run from those of an earlier one that may have died. */
export const bootId = randomUUID();
