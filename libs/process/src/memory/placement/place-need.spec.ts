import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeGauge } from '../../../test/fake-gauge.js';
import { mainMemory } from '../../engine-traits.js';
import type { MemoryRule } from '../../engine-traits.js';
import type { MemoryNeed } from '../estimate-need.js';
import { placeNeed } from './place-need.js';
import { cardEnvironment, placementOf } from './placement.js';
import { fits, totalOf } from '../pool-bytes.js';
import type { PoolBytes } from '../pool-bytes.js';

const layers: MemoryRule = { cards: ['nvidia'], split: 'layers', fixedShare: null };
const shares: MemoryRule = { cards: ['nvidia'], split: 'shares', fixedShare: 0.9 };
const single: MemoryRule = { cards: ['nvidia'], split: 'none', fixedShare: null };

function need(bytes: number, changes: Partial<MemoryNeed> = {}): MemoryNeed {
  return { bytes, cardBytes: null, source: 'described', ...changes };
}

function place(wanted: number | MemoryNeed, rule: MemoryRule, pools: PoolBytes) {
  const whole = typeof wanted === 'number' ? need(wanted) : wanted;
  return placeNeed(whole, rule, fakeGauge(pools).pools, pools);
}

describe('placeNeed', () => {
  it('puts everything into main memory on machines without cards, and engines that use none', () => {
    expect(place(50, layers, { ram: 100 })).toEqual([{ ram: 50 }]);
    expect(place(50, layers, { unified: 100 })).toEqual([{ unified: 50 }]);
    expect(place(50, mainMemory, { ram: 100, gpu0: 80 })).toEqual([{ ram: 50 }]);
  });

  it('offers each card that holds it alone', () => {
    const pools = { ram: 100, gpu0: 20, gpu1: 80, gpu2: 60 };
    expect(place(50, layers, pools)).toEqual([{ gpu1: 50 }, { gpu2: 50 }]);
  });

  it('divides over the cards what none of them holds, and leaves the rest in main memory', () => {
    const pools = { ram: 100, gpu0: 80, gpu1: 40 };
    expect(place(90, layers, pools)).toEqual([{ gpu0: 60, gpu1: 30 }]);
    expect(place(150, layers, pools)).toEqual([{ gpu0: 80, gpu1: 40, ram: 30 }]);
  });

  it('keeps engines that cannot divide it on one card, or in main memory', () => {
    expect(place(90, single, { ram: 100, gpu0: 80, gpu1: 40 })).toEqual([{ ram: 90 }]);
  });

  it('reserves the share an engine takes of a card, whatever the model needs', () => {
    expect(place(10, shares, { ram: 100, gpu0: 80 })).toEqual([{ gpu0: 72 }]);
    const declared = need(10, { source: 'declared' });
    expect(place(declared, shares, { ram: 100, gpu0: 80 })).toEqual([{ gpu0: 10 }]);
    const pools = { ram: 100, gpu0: 80, gpu1: 80, gpu2: 80 };
    expect(place(120, shares, pools)).toEqual([{ gpu0: 72, gpu1: 72 }]);
  });

  it('says how large the gap is where all cards are too small for an engine that needs them', () => {
    const pools = { ram: 900, gpu0: 80, gpu1: 40 };
    expect(place(200, shares, pools)).toEqual([{ gpu0: 100, gpu1: 100 }]);
  });

  it('knows what of a learned size goes on cards', () => {
    const learned = need(50, { cardBytes: 40, source: 'learned' });
    expect(place(learned, layers, { ram: 100, gpu0: 80 })).toEqual([{ gpu0: 40, ram: 10 }]);
    expect(place(learned, layers, { ram: 100 })).toEqual([{ ram: 50 }]);
    const never = need(50, { cardBytes: 0, source: 'learned' });
    expect(place(never, layers, { ram: 100, gpu0: 80 })).toEqual([{ ram: 50 }]);
  });

  it('loses and invents no byte, and asks for no more than there is where there is enough', () => {
    const sizes = fc.integer({ min: 0, max: 1000 });
    const machines = fc.record({ ram: sizes, gpu0: sizes, gpu1: sizes, gpu2: sizes });
    const rules = fc.constantFrom(layers, single, mainMemory);
    const property = fc.property(machines, rules, fc.nat(3000), (pools, rule, bytes) => {
      const cards = rule === layers ? pools.gpu0 + pools.gpu1 + pools.gpu2 : 0;
      for (const option of place(bytes, rule, pools)) {
        expect(totalOf(option)).toBe(bytes);
        if (bytes <= pools.ram + cards) expect(fits(option, pools)).toBe(true);
        for (const each of Object.values(option)) expect(each).toBeGreaterThanOrEqual(0);
      }
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('placementOf', () => {
  const { pools } = fakeGauge({ ram: 100, gpu0: 80, gpu1: 40 });
  const of = (reserved: PoolBytes, wanted: MemoryNeed, rule = layers) =>
    placementOf(reserved, wanted, rule, pools);

  it('names the cards, and the share of the model that goes on them', () => {
    const both = of({ gpu0: 80, gpu1: 40, ram: 30 }, need(150));
    expect(both?.cardShare).toBeCloseTo(0.8);
    expect(both?.cards).toEqual([
      { maker: 'nvidia', index: 0, bytes: 80, totalBytes: 80 },
      { maker: 'nvidia', index: 1, bytes: 40, totalBytes: 40 },
    ]);
    const environment = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: '0,1' };
    expect(cardEnvironment(both, layers)).toEqual(environment);
  });

  it('hides the other cards, and all of them from a model that stays in main memory', () => {
    const small = cardEnvironment(of({ gpu1: 30 }, need(30)), layers);
    expect(small['CUDA_VISIBLE_DEVICES']).toBe('1');
    const rule: MemoryRule = { ...layers, cards: ['nvidia', 'amd'] };
    expect(cardEnvironment(of({ ram: 90 }, need(90), rule), rule)).toEqual({
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      CUDA_VISIBLE_DEVICES: '-1',
      HIP_VISIBLE_DEVICES: '-1',
    });
  });

  it('tells an engine nothing where nothing is known, or there is no card for it', () => {
    expect(of({ ram: 0 }, need(0))).toBeNull();
    expect(of({ ram: 50 }, need(50), mainMemory)).toBeNull();
    expect(of({ ram: 50 }, need(50, { cardBytes: 0 }))).toBeNull();
    expect(cardEnvironment(null, layers)).toEqual({});
  });
});
