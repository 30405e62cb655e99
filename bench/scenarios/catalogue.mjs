import { bodyScenarios } from './bodies.mjs';
import { coldStartScenarios } from './cold-start.mjs';
import { jsonScenarios } from './json.mjs';
import { streamScenarios } from './streams.mjs';
import { translationScenarios } from './translation.mjs';

/** All scenarios, in the order they are run and printed. */
export const catalogue = [
  ...jsonScenarios,
  ...streamScenarios,
  ...bodyScenarios,
  ...translationScenarios,
  ...coldStartScenarios,
];
