import { scenario, startRate } from './scenario.mjs';

export const streamScenarios = [
  scenario({
    id: 'streams-50',
    title: '50 streams at a time x 100 chunks, one each 10 ms',
    sets: ['quick', 'default', 'full'],
    model: 'mock-n100-g10',
    streamChunks: 100,
    ratePerSecond: startRate(50, 1000),
    warmUpMs: 1200,
    measureMs: 3000,
    quick: { warmUpMs: 1200, measureMs: 1200 },
  }),
  scenario({
    id: 'streams-200',
    title: '200 streams at a time x 100 chunks, one each 10 ms (20,000 chunks/s)',
    sets: ['default', 'full'],
    model: 'mock-n100-g10',
    streamChunks: 100,
    ratePerSecond: startRate(200, 1000),
    warmUpMs: 1200,
    measureMs: 3000,
  }),
  scenario({
    id: 'streams-5000',
    title: '5,000 slow streams, one chunk each second',
    sets: ['full'],
    process: 'fresh',
    // Opened over 15 s: faster than that, a slow starter would be judged by its accept queue.
    model: 'mock-n22-g1000',
    streamChunks: 22,
    connections: 5000,
    spreadMs: 15_000,
    once: true,
    warmUpMs: 16_000,
    measureMs: 4000,
    drainMs: 25_000,
    mostRounds: 2,
    openFiles: 10_300,
  }),
];
