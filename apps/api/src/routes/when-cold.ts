import type { ModelRoute } from './model-route.entity.js';

/**
 * What to do with a request whose local model would have to be loaded first. `wait`: load it, unless that would take
 * longer than the caller waits and another target may be used. `cloud-then-warm`: serve it elsewhere and load the model
 * for the next one. `fail`: refuse it and start nothing.
 */
export const whenColdChoices = [
  'wait',
  'cloud-then-warm',
  'fail',
] as const satisfies readonly ModelRoute['whenCold'][];

export type WhenCold = (typeof whenColdChoices)[number];
