import { expect, it } from 'vitest';
import { fakeGauge } from '../../../test/fake-gauge.js';
import { mainMemory } from '../../engine-traits.js';
import type { MemoryRule } from '../../engine-traits.js';
import { learnableFootprint } from './learnable-footprint.js';

const rule: MemoryRule = { cards: ['nvidia'], split: 'layers', fixedShare: null };
const { pools } = fakeGauge({ ram: 100, gpu0: 80, gpu1: 80 });
const card = { maker: 'nvidia', index: 0, bytes: 40, totalBytes: 80 } as const;
const whole = { reserved: { gpu0: 40 }, placement: { cards: [card], cardShare: 1 } };

it('what a model took of cards is kept apart from what it took of main memory', () => {
  const taken = { ram: 5, gpu0: 38, gpu1: 0 };
  const learned = { footprintBytes: 5, cardBytes: 38 };
  expect(learnableFootprint(taken, whole, rule, pools)).toEqual(learned);
});

it('what was divided between both is learned as a whole, to be divided anew', () => {
  const divided = { reserved: { gpu0: 40, ram: 40 }, placement: { cards: [card], cardShare: 0.5 } };
  const learned = { footprintBytes: 80, cardBytes: null };
  expect(learnableFootprint({ ram: 41, gpu0: 39 }, divided, rule, pools)).toEqual(learned);
});

it('on machines without cards, and of engines that use none, main memory is all there is', () => {
  const permit = { reserved: { ram: 40 }, placement: null };
  const learned = { footprintBytes: 38, cardBytes: null };
  expect(learnableFootprint({ ram: 38 }, permit, mainMemory, pools)).toEqual(learned);
  const bare = fakeGauge({ ram: 100 }).pools;
  expect(learnableFootprint({ ram: 38 }, permit, rule, bare)).toEqual(learned);
});

it('cards that do not tell teach nothing, unless the model shows in main memory', () => {
  expect(learnableFootprint({ ram: 5 }, whole, rule, pools)).toBeNull();
  const learned = { footprintBytes: 30, cardBytes: 0 };
  expect(learnableFootprint({ ram: 30 }, whole, rule, pools)).toEqual(learned);
});
