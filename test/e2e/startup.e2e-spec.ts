import { createServer, type AddressInfo } from 'node:net';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  launchGateway,
  startGateway,
  temporaryFolder,
  type GatewayOptions,
} from '../support/start-gateway.js';

/** Starts what cannot start. @returns what it printed on stderr. */
async function failedStart(options: GatewayOptions): Promise<string> {
  const gateway = launchGateway(options);
  const exit = await gateway.exitWithin(10_000);
  if (exit === null) await gateway.kill();
  expect(exit, gateway.output).not.toBeNull();
  expect(exit?.code, gateway.output).toBeGreaterThan(0);
  expect(gateway.output).not.toMatch(/\n\s+at .*[:(]\d+|node:internal|ExceptionHandler/);
  expect(gateway.stdout).not.toContain('listening on');
  return gateway.stderr;
}

describe('a start that cannot succeed ends at once with one message', () => {
  it('when the port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const message = await failedStart({ env: { SPILLWAY_PORT: String(port) } });
    expect(message).toContain(String(port));
    expect(message).toContain('SPILLWAY_PORT');
    server.close();
  });

  it.each(['203.0.113.9', 'fe80::1'])('when it cannot listen at %s', async (address) => {
    expect(await failedStart({ env: { SPILLWAY_HOST: address } })).toContain(
      'SPILLWAY_HOST is not an address of this machine',
    );
  });

  it('when the data folder is a file', async () => {
    const file = join(temporaryFolder(), 'a-file');
    writeFileSync(file, '');
    expect(await failedStart({ dataDir: file })).toContain('SPILLWAY_DATA_DIR');
    expect(await failedStart({ dataDir: join(file, 'below') })).toContain('SPILLWAY_DATA_DIR');
  });

  it('when the data folder cannot be written to', async () => {
    expect(await failedStart({ dataDir: '/sys/spillway-data' })).toMatch(
      /data (directory|folder)/i,
    );
  });

  it('when the database is not one', async () => {
    const gateway = await startGateway();
    await gateway.stop();
    const { dataDir } = gateway;
    const database = databaseFile(dataDir);
    writeFileSync(
      database,
      'this is no database, only a text that is long enough to look at'.repeat(100),
    );
    expect(await failedStart({ dataDir })).toMatch(/database/i);
  });

  it('when another gateway works on the same data', async () => {
    const first = await startGateway();
    const message = await failedStart({ dataDir: first.dataDir });
    expect(message).toContain(String(first.child.pid));
    await first.kill();
    const next = await startGateway({ dataDir: first.dataDir });
    await next.stop();
  });

  it('when settings are wrong, naming all of them', async () => {
    const message = await failedStart({
      env: {
        SPILLWAY_PORT: 'eighty',
        SPILLWAY_DRAIN_MS: '-5',
        SPILLWAY_LOG_LEVEL: 'loud',
        SPILLWAY_DISCOVERY: 'maybe',
        SPILLWAY_DATADIR: '/typo',
      },
    });
    for (const name of ['PORT', 'DRAIN_MS', 'LOG_LEVEL', 'DISCOVERY', 'DATADIR']) {
      expect(message).toContain(`SPILLWAY_${name}`);
    }
  });
});

describe('a start that succeeds', () => {
  it('tells where it listens and how to create the first admin, and keeps its folder to itself', async () => {
    const gateway = await startGateway();
    expect(gateway.stdout).toMatch(/listening on http:\/\/127\.0\.0\.1:\d+/);
    await expect.poll(() => gateway.stdout).toMatch(/#\/setup\?token=[0-9a-f]{32,}/);
    expect(statSync(gateway.dataDir).mode & 0o077).toBe(0);
    expect(statSync(join(gateway.dataDir, 'setup-token')).mode & 0o077).toBe(0);
    await gateway.stop();
  });
});

function databaseFile(dataDir: string): string {
  return join(dataDir, 'spillway.db');
}
