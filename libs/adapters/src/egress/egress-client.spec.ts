import * as dns from 'node:dns';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { EgressClient } from './egress-client.js';
import { isThisMachine } from './egress-policy.js';

vi.mock('node:dns', async (importOriginal) => {
  const original = await importOriginal<typeof dns>();
  return { ...original, lookup: vi.fn(original.lookup) };
});

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function newClient(): EgressClient {
  const client = new EgressClient();
  onTestFinished(() => client.close());
  return client;
}

afterEach(() => vi.mocked(dns.lookup).mockClear());

describe('EgressClient', () => {
  it.each([
    'https://127.0.0.1',
    'https://2130706433',
    'https://[::1]:8443',
    'https://[::ffff:10.0.0.1]',
    'http://192.168.0.1:8080',
    'https://169.254.169.254',
  ])('refuses %s at once, without asking a resolver', (origin) => {
    expect(() => newClient().pool(origin, false)).toThrow('not allowed');
    expect(dns.lookup).not.toHaveBeenCalled();
  });

  it('reaches an engine by its socket, where private networks are allowed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'spillway-egress-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const client = newClient();
    for (const name of ['a', 'b']) {
      const path = join(folder, `${name}.sock`);
      const server = createServer((request, response) =>
        response.end(`${name} ${request.headers.host} ${request.url}`),
      );
      onTestFinished(() => {
        server.closeAllConnections();
        server.close();
      });
      await new Promise<void>((resolve) => server.listen(path, resolve));
      const pool = client.pool(`unix:${path}`, true);
      const { body } = await pool.request({ path: '/v1/models', method: 'GET' });
      expect(await body.text()).toBe(`${name} localhost /v1/models`);
      expect(client.pool(`unix:${path}`, true)).toBe(pool);
      expect(() => client.pool(`unix:${path}`, false)).toThrow('not allowed');
    }
    expect(isThisMachine(`unix:${folder}`)).toBe(true);
  });

  it('refuses metadata services also where private networks are allowed', () => {
    const client = newClient();
    for (const origin of ['http://169.254.169.254', 'http://[fd00:ec2::254]', 'http://0.0.0.0'])
      expect(() => client.pool(origin, true)).toThrow('not allowed');
  });

  it('never lends the sockets of a private provider to one without leave', async () => {
    const port = await listen((_, response) => response.end('{}'));
    const client = newClient();
    const origin = `http://localhost:${port}`;
    const allowed = client.pool(origin, true);
    expect((await allowed.request({ path: '/', method: 'GET' })).statusCode).toBe(200);
    expect(client.pool(origin, true)).toBe(allowed);
    const refused = client.pool(origin, false);
    expect(refused).not.toBe(allowed);
    await expect(refused.request({ path: '/', method: 'GET' })).rejects.toMatchObject({
      code: 'EGRESS_BLOCKED',
    });
  });

  it('checks a name when it connects: one that leads here needs leave', async () => {
    let hits = 0;
    const port = await listen((_, response) => {
      hits += 1;
      response.end('{}');
    });
    const fetchGuarded = newClient().createFetch(false);
    await expect(fetchGuarded(`http://localhost:${port}/v1/models`)).rejects.toThrow();
    expect(hits).toBe(0);
    expect(dns.lookup).toHaveBeenCalledTimes(1);
  });

  it.each([301, 302, 303, 307, 308])(
    'follows no %i, and shows the key to nobody',
    async (status) => {
      const trapped: IncomingHttpHeaders[] = [];
      const trap = await listen((request, response) => {
        trapped.push(request.headers);
        response.end('{}');
      });
      const origin = await listen((_, response) =>
        response.writeHead(status, { location: `http://127.0.0.1:${trap}/steal` }).end(),
      );
      const client = newClient();
      const headers = { authorization: 'Bearer sk-canary' };
      await expect(
        client.createFetch(true)(`http://127.0.0.1:${origin}/v1/models`, { headers }),
      ).rejects.toThrow();
      await expect(
        client.createFetch(true)(`http://127.0.0.1:${origin}/v1/models`, {
          headers,
          redirect: 'follow',
        }),
      ).rejects.toThrow();
      const answer = await client
        .pool(`http://127.0.0.1:${origin}`, true)
        .request({ path: '/', method: 'POST', headers, body: '{}' });
      expect(answer.statusCode).toBe(status);
      await answer.body.dump();
      expect(trapped).toEqual([]);
    },
  );

  it('closes every socket when it is closed', async () => {
    let open = 0;
    const port = await listen((request, response) => {
      open += 1;
      request.socket.once('close', () => (open -= 1));
      response.write('a');
    });
    const client = new EgressClient();
    const answer = client
      .pool(`http://127.0.0.1:${port}`, true)
      .request({ path: '/', method: 'GET' });
    await (await answer).body[Symbol.asyncIterator]().next();
    expect(open).toBe(1);
    await client.close();
    await vi.waitFor(() => expect(open).toBe(0));
  });
});
