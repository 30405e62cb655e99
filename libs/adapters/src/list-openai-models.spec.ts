import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EgressClient } from './egress/egress-client.js';
import { listOpenaiModels } from './list-openai-models.js';

async function ask(listener: RequestListener, credential: string | null = 'sk-canary') {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const egress = new EgressClient();
  onTestFinished(async () => {
    await egress.close();
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
  return listOpenaiModels(egress, { baseUrl, credential, allowPrivateNetwork: true });
}

describe('listOpenaiModels', () => {
  it('names the models and passes over entries without a name', async () => {
    const heard: unknown[] = [];
    const models = await ask((request, response) => {
      heard.push([request.method, request.url, request.headers.authorization]);
      response.end('{"data":[{"id":"a"},{"id":5},null,{"id":"b"}]}');
    });
    expect(models.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(heard).toEqual([['GET', '/v1/models', 'Bearer sk-canary']]);
  });

  it('shows no key where there is none', async () => {
    let shown: string | undefined = 'not asked';
    await ask((request, response) => {
      shown = request.headers.authorization;
      response.end('{"data":[]}');
    }, null);
    expect(shown).toBeUndefined();
  });

  it('fails with the status and without the text of a refusal', async () => {
    const asked = ask((_, response) => response.writeHead(401).end('sk-canary is wrong'));
    await expect(asked).rejects.toMatchObject({ status: 401, message: 'it answered HTTP 401' });
  });

  it.each(['[]', '{}', '{"data":{}}', 'null', '"text"'])('refuses %s', async (body) => {
    await expect(ask((_, response) => response.end(body))).rejects.toThrow(
      'not in the OpenAI form',
    );
  });

  it('refuses what is not JSON', async () => {
    await expect(ask((_, response) => response.end('<html>'))).rejects.toThrow();
  });

  it('reads no more than a list can be long, also when it is packed', async () => {
    let written = 0;
    const endless: RequestListener = (_, response) => {
      const pump = (): void => {
        while (response.writable && response.write(' '.repeat(65_536))) written += 65_536;
        if (response.writable && written < 512 * 1024 * 1024) response.once('drain', pump);
      };
      pump();
    };
    await expect(ask(endless)).rejects.toThrow('too large');
    expect(written).toBeLessThan(64 * 1024 * 1024);
    const packed = gzipSync(Buffer.alloc(16 * 1024 * 1024, ' '));
    await expect(
      ask((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)),
    ).rejects.toThrow('too large');
  });
});
