import { describe, expect, it } from 'vitest';
import { causesOfAlarm, describeSpillOver, type SpillOver } from './spill-over.js';

const hour = (figures: Partial<SpillOver>): SpillOver => ({
  requests: 100,
  spilled: 0,
  costNanos: 0,
  unknownCosts: 0,
  ...figures,
});
const limits = { percent: 20, nanosPerHour: 2_500_000_000 };

describe('the alarm of what goes to paid providers', () => {
  it('is raised above its limits, not at them', () => {
    expect(causesOfAlarm(hour({ spilled: 20, costNanos: 2_500_000_000 }), limits, [])).toEqual([]);
    expect(causesOfAlarm(hour({ spilled: 21 }), limits, [])).toEqual(['share']);
    expect(causesOfAlarm(hour({ costNanos: 2_500_000_001 }), limits, [])).toEqual(['cost']);
    expect(causesOfAlarm(hour({ spilled: 99, costNanos: 1e12 }), limits, [])).toEqual([
      'share',
      'cost',
    ]);
  });

  it('stays until the figure is well below its limit', () => {
    expect(causesOfAlarm(hour({ spilled: 17 }), limits, ['share'])).toEqual(['share']);
    expect(causesOfAlarm(hour({ spilled: 16 }), limits, ['share'])).toEqual([]);
    expect(causesOfAlarm(hour({ spilled: 17 }), limits, ['cost'])).toEqual([]);
  });

  it('makes nothing of the share of a handful of requests', () => {
    expect(causesOfAlarm(hour({ requests: 9, spilled: 9 }), limits, [])).toEqual([]);
    expect(causesOfAlarm(hour({ requests: 0 }), limits, [])).toEqual([]);
  });

  it('is never raised where no limit is set', () => {
    const none = { percent: null, nanosPerHour: null };
    expect(causesOfAlarm(hour({ spilled: 100, costNanos: 1e15 }), none, [])).toEqual([]);
  });

  it('says what it counted, and what it could not', () => {
    const words = describeSpillOver(hour({ spilled: 30, costNanos: 1_234_567_890 }));
    expect(words).toContain('30 of 100 requests');
    expect(words).toContain('$1.23456789');
    expect(words).not.toContain('unknown');
    expect(describeSpillOver(hour({ unknownCosts: 2 }))).toContain('2 requests of unknown cost');
  });
});
