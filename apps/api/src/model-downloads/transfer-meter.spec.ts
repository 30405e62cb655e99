import { describe, expect, it } from 'vitest';
import { TransferMeter } from './transfer-meter.js';

describe('the rate of a transfer', () => {
  it('is that of the last five seconds', () => {
    const meter = new TransferMeter();
    for (let now = 0; now <= 20_000; now += 100) meter.note(1_000, now);
    const rate = meter.bytesPerSecond(20_000) ?? 0;
    expect(rate).toBeGreaterThan(9_000);
    expect(rate).toBeLessThanOrEqual(11_000);
  });

  it('is not known before something came, nor long after', () => {
    const meter = new TransferMeter();
    expect(meter.bytesPerSecond(0)).toBeNull();
    meter.note(1_000, 0);
    expect(meter.bytesPerSecond(10)).toBe(2_000);
    expect(meter.bytesPerSecond(6_000)).toBeNull();
    meter.note(1_000, 60_000);
    expect(meter.bytesPerSecond(60_000)).toBe(2_000);
  });
});
