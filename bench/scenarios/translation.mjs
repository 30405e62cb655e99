import { nativeLabel, pairs, pairLabel, parseLabel, protocolIds } from '../translation/pairs.mjs';
import { agentYardstick, chunkYardstick } from '../translation/yardstick.mjs';
import { scenario, startRate } from './scenario.mjs';

/** @type {import('./scenario.mjs').Contender[]} */
const contenders = [
  { label: 'spillway openai', target: 'spillway', client: 'openai-chat', upstream: 'openai-chat' },
  {
    label: 'spillway anthropic',
    target: 'spillway',
    client: 'anthropic-messages',
    upstream: 'anthropic-messages',
  },
  {
    label: 'spillway openai>anthropic',
    target: 'spillway',
    client: 'openai-chat',
    upstream: 'anthropic-messages',
  },
  {
    label: 'spillway anthropic>openai',
    target: 'spillway',
    client: 'anthropic-messages',
    upstream: 'openai-chat',
  },
  {
    label: 'portkey openai>anthropic',
    target: 'portkey',
    client: 'openai-chat',
    upstream: 'anthropic-messages',
  },
  {
    label: 'portkey anthropic>openai',
    target: 'portkey',
    client: 'anthropic-messages',
    upstream: 'openai-chat',
  },
];

/** @param {string[]} labels @returns {import('./scenario.mjs').Contender[]} */
const work = (labels) =>
  labels.map((label) => ({
    label,
    target: 'spillway',
    client: 'openai-chat',
    upstream: 'openai-chat',
  }));

export const translationScenarios = [
  scenario({
    id: 'translate-chunk',
    title: 'Streamed chunk: parsed alone, and translated; no sockets',
    sets: ['default', 'full'],
    process: 'in-process',
    contenders: work([
      chunkYardstick.label,
      ...protocolIds.map(parseLabel),
      ...pairs.map(pairLabel),
    ]),
  }),
  scenario({
    id: 'translate-agent',
    title: 'Agent request of 70 KB, decoded and encoded; no sockets',
    sets: ['default', 'full'],
    process: 'in-process',
    contenders: work([
      agentYardstick.label,
      ...protocolIds.map(nativeLabel),
      ...pairs.map(pairLabel),
    ]),
  }),
  scenario({
    id: 'translate-json',
    title: 'Translation, JSON 1 KB, 32 connections',
    sets: ['default', 'full'],
    connections: 32,
    contenders,
  }),
  scenario({
    id: 'translate-streams',
    title: 'Translation, 200 streams at a time x 100 chunks, one each 10 ms',
    sets: ['full'],
    model: 'mock-n100-g10',
    streamChunks: 100,
    ratePerSecond: startRate(200, 1000),
    warmUpMs: 1200,
    measureMs: 3000,
    contenders,
  }),
];
