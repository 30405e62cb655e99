import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakePreset, fakeSpec } from '../../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../../test/open-supervisor.js';
import { temporaryFolder } from '../../test/process-checks.js';
import { journalLines } from '../../test/supervisor-checks.js';
import { InstanceRecords } from '../child/instance-records.js';
import { PortAllocator } from '../child/port-allocator.js';
import { AddressAllocator, originOf } from './address-allocator.js';

const able = createFakePreset({ hasSocket: true });

async function allocatorIn(folder: string): Promise<AddressAllocator> {
  return new AddressAllocator(new PortAllocator(), await InstanceRecords.open(folder));
}

describe('AddressAllocator', () => {
  it('gives a socket of its own to engines that can listen on one', async () => {
    const folder = temporaryFolder();
    const address = await (await allocatorIn(folder)).reserve(able, 'sw-1', '/bin/engine');
    const socketPath = join(folder, 'instances', 'sw-1.sock');
    expect(address).toEqual({ port: 0, socketPath });
    expect(originOf(address)).toBe(`unix:${socketPath}`);
  });

  it('gives a port to those that cannot, and none to those that announce theirs', async () => {
    const addresses = await allocatorIn(temporaryFolder());
    const address = await addresses.reserve(createFakePreset(), 'sw-1', '/bin/engine');
    expect(address).toEqual({ port: expect.any(Number) as number, socketPath: null });
    expect(originOf(address)).toBe(`http://127.0.0.1:${address.port}`);
    const announcing = createFakePreset({ portFrom: 'stdout', hasSocket: true });
    const later = await addresses.reserve(announcing, 'sw-2', '/bin/engine');
    expect(originOf(later)).toBeNull();
  });

  it('gives a port where the path of a socket would be too long for the system', async () => {
    const folder = join(temporaryFolder(), 'x'.repeat(90));
    const address = await (await allocatorIn(folder)).reserve(able, 'sw-1', '/bin/engine');
    expect(address.port).toBeGreaterThan(0);
  });
});

describe('an engine on a socket', () => {
  it('serves there, and its socket goes with it', async () => {
    const { supervisor } = await openSupervisor({ hasSocket: true });
    const lease = await supervisor.acquire(fakeSpec(), patient());
    const path = lease.origin.replace('unix:', '');
    expect(existsSync(path)).toBe(true);
    lease.release();
    await supervisor.stop('model-1');
    expect(existsSync(path)).toBe(false);
  });

  it('gets a port when its version knows no sockets, and later starts know it', async () => {
    const journal = join(temporaryFolder(), 'journal');
    const { supervisor } = await openSupervisor({
      hasSocket: true,
      behaviour: { isOld: true, journal },
    });
    for (const starts of [2, 3]) {
      const lease = await supervisor.acquire(fakeSpec(), patient());
      expect(lease.origin).toMatch(/^http:/);
      lease.release();
      await supervisor.stop('model-1');
      expect(journalLines(journal, 'start')).toHaveLength(starts);
    }
  });
});
