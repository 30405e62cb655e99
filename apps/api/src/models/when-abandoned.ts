import type { LocalModel } from './local-model.entity.js';

/**
 * What becomes of a load that nobody waits for any more. `auto`: it is finished when most of it is done. `finish`: it is
 * always finished, for the next request. `cancel`: it is ended at once.
 */
export const whenAbandonedChoices = [
  'auto',
  'finish',
  'cancel',
] as const satisfies readonly LocalModel['whenAbandoned'][];

export type WhenAbandoned = (typeof whenAbandonedChoices)[number];
