import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { HistogramTally } from './histogram-tally.js';

const options = {
  name: 'wait_seconds',
  help: 'A wait,\nin "seconds".',
  buckets: [0.005, 0.1, 1, 30],
};

describe('HistogramTally', () => {
  it("reads as prom-client's own histogram does, each time", async () => {
    const value = fc.oneof(
      fc.constantFrom(...options.buckets),
      fc.double({ min: 0, max: 60, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(value), { maxLength: 3 }), async (rounds) => {
        const [registry, itsRegistry] = [new Registry(), new Registry()];
        const tally = new HistogramTally({ ...options, registry });
        const histogram = new Histogram({ ...options, registers: [itsRegistry] });
        expect(await registry.metrics()).toBe(await itsRegistry.metrics());
        for (const values of rounds) {
          for (const each of values) {
            tally.observe(each);
            histogram.observe(each);
          }
          expect(await registry.metrics()).toBe(await itsRegistry.metrics());
        }
      }),
    );
  });
});
