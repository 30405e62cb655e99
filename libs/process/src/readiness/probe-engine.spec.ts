import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { probeEngine } from './probe-engine.js';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

describe('probeEngine', () => {
  it('answers status and parsed body', async () => {
    const origin = await serve((_request, response) =>
      response.writeHead(503).end('{"status":"loading"}'),
    );
    expect(await probeEngine(origin, { path: '/health', timeoutMs: 1000 })).toEqual({
      status: 503,
      body: { status: 'loading' },
      text: '{"status":"loading"}',
    });
  });

  it('posts the body it is given, with its length', async () => {
    const origin = await serve((request, response) => {
      const { 'content-length': length } = request.headers;
      request.on('data', (chunk: Buffer) =>
        response.end(JSON.stringify([request.method, length, chunk.toString()])),
      );
    });
    const probe = { path: '/v1', timeoutMs: 1000, body: '{"max_tokens":1}' };
    expect((await probeEngine(origin, probe))?.body).toEqual(['POST', '16', '{"max_tokens":1}']);
  });

  it('answers null as the body when it is no JSON', async () => {
    const origin = await serve((_request, response) => response.end('<html>'));
    expect(await probeEngine(origin, { path: '/', timeoutMs: 1000 })).toEqual({
      status: 200,
      body: null,
      text: '<html>',
    });
  });

  it('gives up on a server that accepts and stays silent', async () => {
    const silent = createTcpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    onTestFinished(() => void silent.close());
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await probeEngine(`http://127.0.0.1:${port}`, { path: '/', timeoutMs: 50 })).toBeNull();
    const aborted = AbortSignal.timeout(20);
    expect(
      await probeEngine(`http://127.0.0.1:${port}`, { path: '/', timeoutMs: 60_000 }, aborted),
    ).toBeNull();
  });

  it('gives up on a body without end, and on a broken one', async () => {
    const endless = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(300_000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(await probeEngine(endless, { path: '/', timeoutMs: 5000 })).toBeNull();
    const broken = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 10);
    });
    expect(await probeEngine(broken, { path: '/', timeoutMs: 5000 })).toBeNull();
  });

  it('answers null when nothing listens', async () => {
    expect(await probeEngine('http://127.0.0.1:1', { path: '/', timeoutMs: 1000 })).toBeNull();
  });
});
