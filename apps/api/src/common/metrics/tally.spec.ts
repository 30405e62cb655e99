import fc from 'fast-check';
import { Counter, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Tally } from './tally.js';

describe('Tally', () => {
  it('shows what was counted, by label, each time it is read', async () => {
    const registry = new Registry();
    const tally = new Tally({
      name: 'answers_total',
      help: 'Answers.',
      labelNames: ['kind', 'outcome'],
      registry,
    });
    tally.add(['local', 'completed']);
    tally.add(['local', 'completed'], 2);
    tally.add(['provider', 'failed']);
    const lines = async () =>
      (await registry.metrics()).split('\n').filter((line) => line.startsWith('answers'));

    expect(await lines()).toEqual([
      'answers_total{kind="local",outcome="completed"} 3',
      'answers_total{kind="provider",outcome="failed"} 1',
    ]);
    tally.add(['provider', 'failed']);
    expect((await lines())[1]).toBe('answers_total{kind="provider",outcome="failed"} 2');
  });

  it("reads as prom-client's own counter does, with as many labels as there are", async () => {
    const word = fc.constantFrom('a', 'b', 'a\nb', '');
    const labels = fc.constantFrom<readonly string[]>([], ['x'], ['x', 'y'], ['x', 'y', 'z']);
    const additions = labels.chain((labelNames) =>
      fc.record({
        labelNames: fc.constant(labelNames),
        added: fc.array(
          fc.record({
            values: fc.tuple(...labelNames.map(() => word)),
            amount: fc.double({ min: 0, max: 5, noNaN: true }),
          }),
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(additions, async ({ labelNames, added }) => {
        const [registry, itsRegistry] = [new Registry(), new Registry()];
        const options = { name: 'answers_total', help: 'Answers.', labelNames };
        const tally = new Tally({ ...options, registry });
        const counter = new Counter({ ...options, registers: [itsRegistry] });
        for (const { values, amount } of added) {
          tally.add(values, amount);
          const pairs = labelNames.map((name, index) => [name, values[index] ?? ''] as const);
          counter.inc(Object.fromEntries(pairs), amount);
        }
        expect(await registry.metrics()).toBe(await itsRegistry.metrics());
      }),
    );
  });
});
