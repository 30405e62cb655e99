import { Registry } from 'prom-client';
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
});
