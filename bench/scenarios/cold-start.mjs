import { plain, scenario } from './scenario.mjs';

export const coldStartScenarios = [
  scenario({
    id: 'cold-start',
    title: 'Spawn to first answer, idle memory, memory after load (JSON 1 KB, 32 connections)',
    sets: ['default', 'full'],
    process: 'cold-start',
    connections: 32,
    warmUpMs: 500,
    measureMs: 3000,
    contenders: plain(['floor', 'nginx', 'portkey', 'spillway']),
  }),
];
