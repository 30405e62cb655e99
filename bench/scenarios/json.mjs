import { scenario } from './scenario.mjs';

/** @param {number} connections @param {import('./scenario.mjs').Scenario['sets']} sets */
const closedLoop = (connections, sets) =>
  scenario({
    id: `json-c${connections}`,
    title: `JSON 1 KB, ${connections} connection${connections === 1 ? '' : 's'}`,
    sets,
    connections,
  });

export const jsonScenarios = [
  closedLoop(1, ['quick', 'default', 'full']),
  closedLoop(16, ['full']),
  closedLoop(32, ['quick', 'default', 'full']),
  closedLoop(64, ['full']),
  closedLoop(256, ['full']),
  scenario({
    id: 'json-open-1000',
    title: 'JSON 1 KB, open loop, 1,000 requests/s',
    sets: ['default', 'full'],
    ratePerSecond: 1000,
  }),
];
