import type { ModelRoute } from './model-route.entity.js';

/**
 * Whether requests of a route may leave this machine. `never`: no. `allow`: when no local target can answer. `prefer`:
 * providers first, and this machine when none of them can answer.
 */
export const cloudChoices = [
  'never',
  'allow',
  'prefer',
] as const satisfies readonly ModelRoute['cloud'][];

export type CloudChoice = (typeof cloudChoices)[number];
