import { describe, expect, it } from 'vitest';
import { PortAllocator } from './port-allocator.js';

describe('PortAllocator', () => {
  it('never hands out a port twice at a time', async () => {
    const allocator = new PortAllocator();
    const ports = await Promise.all(Array.from({ length: 30 }, () => allocator.reserve()));
    expect(new Set(ports).size).toBe(30);
  });

  it('gives up when no port is allowed', async () => {
    await expect(new PortAllocator(() => false).reserve()).rejects.toThrow('No free port');
  });
});
