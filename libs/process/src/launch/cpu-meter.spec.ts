import { describe, expect, it } from 'vitest';
import { createProcessTable } from '../process-table/create-process-table.js';
import { CpuMeter } from './cpu-meter.js';

describe('CpuMeter', () => {
  it('tells the share of the last span, of as many cores as were busy', () => {
    const meter = new CpuMeter();
    meter.note(10, 0);
    expect(meter.percent).toBeNull();
    meter.note(12, 1000);
    expect(meter.percent).toBe(200);
    meter.note(12, 11_000);
    expect(meter.percent).toBe(0);
  });

  it('is not led astray by short spans, unknown times and processes that left', () => {
    const meter = new CpuMeter();
    meter.note(10, 0);
    meter.note(11, 499);
    expect(meter.percent).toBeNull();
    meter.note(10.5, 1000);
    expect(meter.percent).toBe(50);
    meter.note(null, 2000);
    meter.note(3, 3000);
    expect(meter.percent).toBe(50);
    meter.note(3.5, 4000);
    expect(meter.percent).toBe(50);
  });

  it('is fed by the process table, for all processes together', async () => {
    const table = createProcessTable();
    const before = await table.cpuSeconds([process.pid]);
    const until = performance.now() + 300;
    while (performance.now() < until) Math.sqrt(until);
    const after = await table.cpuSeconds([process.pid, 2 ** 30]);
    expect(after).toBeGreaterThan(before ?? Infinity);
    expect(await table.cpuSeconds([2 ** 30])).toBeNull();
  });
});
