import { describe, expect, it } from 'vitest';
import { createProcessTable } from './create-process-table.js';
import { findMarker, parseProcStat, parseCpuSeconds } from './linux-process-table.js';

const TAIL = '1 4242 4242 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 123456 0 0 18446744073709551615';

describe('parseProcStat', () => {
  it('reads pid, group, state and start time', () => {
    const entry = { pid: 4242, pgid: 4242, startTime: '123456', isAlive: true };
    expect(parseProcStat(`4242 (llama-server) S ${TAIL}`)).toEqual(entry);
  });

  it('is not fooled by a command name with spaces and parentheses', () => {
    expect(parseProcStat(`7 (a) R 1 2 3 (b)) S ${TAIL}`)).toMatchObject({
      pgid: 4242,
      startTime: '123456',
    });
  });

  it.each(['Z', 'X', 'x'])('sees a dead process in state %s', (state) => {
    expect(parseProcStat(`4242 (x) ${state} ${TAIL}`)?.isAlive).toBe(false);
  });

  it.each(['', 'garbage', '12 (x) S', 'no (pid) S 1 2'])('answers null for %j', (text) => {
    expect(parseProcStat(text)).toBeNull();
  });
});

describe('findMarker', () => {
  it('finds the marker as a whole variable only', () => {
    expect(findMarker('A=1\0SPILLWAY_INSTANCE=sw-a-b-1\0Z=2\0')).toBe('sw-a-b-1');
    expect(findMarker('MY_SPILLWAY_INSTANCE=sw-a-b-1\0X=SPILLWAY_INSTANCE=no\0')).toBeNull();
  });
});

describe('createProcessTable', () => {
  it('knows this very process', () => {
    const table = createProcessTable();
    const own = table.read(process.pid);
    expect(own).toMatchObject({ pid: process.pid, isAlive: true });
    expect(table.list().find(({ pid }) => pid === process.pid)).toEqual(own);
    expect(table.residentBytes(process.pid)).toBeGreaterThan(1e6);
    expect(table.bootId).not.toBe('');
    expect(table.read(2 ** 30)).toBeNull();
  });

  it('refuses platforms it cannot supervise on', () => {
    expect(() => createProcessTable('win32')).toThrow('Linux and macOS');
  });

  it('reads the processor time of a process and its ended children, whatever its name', () => {
    const line = '7 (a) b) S 1 7 7 0 -1 0 0 0 0 0 120 30 40 10 20 0 1 0 99';
    expect(parseCpuSeconds(line)).toBe(2);
    expect(parseCpuSeconds('')).toBeNull();
    expect(parseCpuSeconds('7 (a) S 1 7')).toBeNull();
  });
});
