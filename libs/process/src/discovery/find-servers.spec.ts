import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findServers } from './find-servers.js';

async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const serving =
  (...models: object[]): RequestListener =>
  (request, response) => {
    const isList = request.method === 'GET' && request.url === '/v1/models';
    response.writeHead(isList ? 200 : 404).end(JSON.stringify({ object: 'list', data: models }));
  };

const found = async (kind: string, answer: RequestListener) => {
  const port = await listen(answer);
  return findServers([], [[port, kind]]);
};

describe('findServers', () => {
  it('lists the models of a server that listens', async () => {
    const port = await listen(serving({ id: 'a' }, { id: 'b', owned_by: 'someone' }, { no: 'id' }));
    expect(await findServers([], [[port, 'LM Studio']])).toEqual([
      { kind: 'LM Studio', origin: `http://127.0.0.1:${port}`, models: ['a', 'b'] },
    ]);
  });

  it('believes the server more than the port', async () => {
    const [server] = await found('llama-server', serving({ id: 'm', owned_by: 'vllm' }));
    expect(server?.kind).toBe('vLLM');
  });

  it('leaves out models that Ollama only passes on to its cloud', async () => {
    const ids = ['qwen3:8b', 'gpt-oss:120b-cloud', 'kimi-k2:cloud'];
    const [server] = await found(
      'Ollama',
      serving(...ids.map((id) => ({ id, owned_by: 'library' }))),
    );
    expect(server).toMatchObject({ kind: 'Ollama', models: ['qwen3:8b'] });
  });

  it('does not find what is ours', async () => {
    expect(await found('llama-server', serving({ id: 'm', owned_by: 'spillway' }))).toEqual([]);
    const port = await listen(serving({ id: 'm' }));
    expect(await findServers([port], [[port, 'llama-server']])).toEqual([]);
  });

  it.each<[string, RequestListener]>([
    ['asks for a key', (_, response) => response.writeHead(401).end('{"data":[]}')],
    ['is a web page', (_, response) => response.end('<html>')],
    ['is something else that speaks JSON', (_, response) => response.end('{"data":"x"}')],
    ['breaks off', (_, response) => void response.write('{"data":[', () => response.destroy())],
    ['never answers', () => undefined],
    ['never ends', (_, response) => void setInterval(() => response.write(' '), 20).unref()],
  ])('passes over a server that %s', async (_, answer) => {
    const startedAt = performance.now();
    expect(await found('llama-server', answer)).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });
});
