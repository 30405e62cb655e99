import { plain, scenario } from './scenario.mjs';

/** @typedef {import('./scenario.mjs').Scenario} Scenario */

/** @type {{ id: string, title: string, shape: Scenario['shape'], connections: number }[]} */
const BODIES = [
  { id: 'body-8k', title: '8 KB bodies', shape: { kind: 'chat', bytes: 8192 }, connections: 32 },
  {
    id: 'body-64k',
    title: '64 KB bodies',
    shape: { kind: 'chat', bytes: 65_536 },
    connections: 32,
  },
  {
    id: 'body-agent',
    title: '186 KB agent bodies (120 messages, 30 tools)',
    shape: { kind: 'agent', bytes: 190_464 },
    connections: 16,
  },
];

/** @param {Omit<(typeof BODIES)[number], 'connections'> & Partial<Scenario>} given */
const withSmallOnes = (given) =>
  scenario({
    sets: ['full'],
    contenders: plain(['floor', 'nginx', 'portkey', 'spillway']),
    alongside: { ratePerSecond: 100 },
    warmUpMs: 1000,
    measureMs: 4000,
    quick: { warmUpMs: 500, measureMs: 1800 },
    drainMs: 10_000,
    ...given,
  });

export const bodyScenarios = [
  ...BODIES.map((body) =>
    scenario({ ...body, title: `${body.title}, long-lived process`, sets: ['default', 'full'] }),
  ),
  // The same again in new processes: a slow state of long-lived ones has been seen, which this tells apart.
  ...BODIES.map((body) =>
    scenario({
      ...body,
      id: `${body.id}-fresh`,
      title: `${body.title}, fresh process`,
      sets: ['full'],
      process: 'fresh',
      warmUpMs: 1000,
      contenders: plain(['floor', 'nginx', 'spillway']),
    }),
  ),
  withSmallOnes({
    id: 'body-1m',
    title: '8 x 1 MB image bodies, 100 small requests/s alongside',
    shape: { kind: 'image', bytes: 1_048_576 },
    connections: 8,
  }),
  withSmallOnes({
    id: 'body-20m',
    title: '4 x 20 MB image bodies, 100 small requests/s alongside',
    sets: ['quick', 'default', 'full'],
    shape: { kind: 'image', bytes: 20_971_520 },
    connections: 4,
  }),
  scenario({
    id: 'body-20m-alone',
    title: 'one 20 MB image body at a time, nothing alongside',
    sets: ['default', 'full'],
    contenders: plain(['direct', 'floor', 'nginx', 'portkey', 'spillway']),
    shape: { kind: 'image', bytes: 20_971_520 },
    connections: 1,
    warmUpMs: 1000,
    measureMs: 3000,
    drainMs: 10_000,
  }),
];
