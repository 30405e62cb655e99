import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock.js';
import { LearnedFigures } from './learned-figures.js';

async function open() {
  const clock = { ...systemClock, schedule: () => () => undefined };
  const store = { load: () => Promise.resolve(new Map()), save: () => Promise.resolve() };
  return LearnedFigures.open(store, clock);
}

describe('LearnedFigures', () => {
  it('keeps the largest size by place, and lets it sink slowly', async () => {
    const learned = await open();
    learned.noteFootprint('a', { footprintBytes: 10, cardBytes: 100 });
    learned.noteFootprint('a', { footprintBytes: 20, cardBytes: 50 });
    expect(learned.of('a')).toMatchObject({ footprintBytes: 20, cardBytes: 95 });
  });

  it('forgets the size of another place', async () => {
    const learned = await open();
    learned.noteFootprint('a', { footprintBytes: 100, cardBytes: null });
    learned.noteFootprint('a', { footprintBytes: 10, cardBytes: 80 });
    expect(learned.of('a')).toMatchObject({ footprintBytes: 10, cardBytes: 80 });
  });

  it('asks for half as much again of what ran out', async () => {
    const learned = await open();
    learned.noteOutOfMemory('a', { footprintBytes: 100, cardBytes: null });
    expect(learned.of('a')).toMatchObject({ footprintBytes: 150, cardBytes: null });
    learned.noteOutOfMemory('b', { footprintBytes: 10, cardBytes: 100 });
    expect(learned.of('b')).toMatchObject({ footprintBytes: 10, cardBytes: 150 });
  });
});
