import { describe, expect, it } from 'vitest';
import {
  parsePsMarkers,
  parsePsResident,
  parsePsTable,
  parsePsTimes,
} from './darwin-process-table.js';

describe('parsePsTable', () => {
  it('reads pid, group, state and start time', () => {
    const text =
      '    1     1 Ss   Sat Nov 21 05:02:10 2026\n  812   800 Z+   Sat Nov 21 05:03:11 2026\n\n';
    expect(parsePsTable(text)).toEqual([
      { pid: 1, pgid: 1, startTime: 'Sat Nov 21 05:02:10 2026', isAlive: true },
      { pid: 812, pgid: 800, startTime: 'Sat Nov 21 05:03:11 2026', isAlive: false },
    ]);
  });
});

describe('parsePsMarkers', () => {
  it('takes the marker from the environment, after the command and its arguments', () => {
    const text =
      '  10 llama-server -m x SPILLWAY_INSTANCE=argument PATH=/bin SPILLWAY_INSTANCE=sw-a-b-1\n' +
      '  11 sleep 600 PATH=/bin\n';
    expect([...parsePsMarkers(text)]).toEqual([[10, 'sw-a-b-1']]);
  });
});

describe('parsePsResident', () => {
  it('sums what each process takes', () => {
    expect(parsePsResident('  1024\n     1\n')).toBe(1025 * 1024);
    expect(parsePsResident('')).toBeNull();
  });

  it('adds up the processor times of ps, however long they are', () => {
    expect(parsePsTimes('  0:01.50\n 10:00.25\n')).toBe(601.75);
    expect(parsePsTimes('1:00:00.00')).toBe(3600);
    expect(parsePsTimes('2-01:00:00')).toBe(2 * 86_400 + 3600);
    expect(parsePsTimes('\n')).toBeNull();
  });
});
