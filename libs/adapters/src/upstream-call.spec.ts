import type { GatewayError } from '#translation';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EgressClient } from './egress/egress-client.js';
import {
  UpstreamCall,
  type UpstreamHeaders,
  type UpstreamListener,
  type UpstreamTimeouts,
} from './upstream-call.js';

/** Notes what it hears, in order. */
class Hearing implements UpstreamListener {
  readonly events: string[] = [];
  readonly over: Promise<void>;
  headers: UpstreamHeaders = {};
  text = '';
  error: GatewayError | null = null;
  takesMore = true;
  onFirstData: () => void = () => undefined;
  private end!: () => void;

  constructor() {
    this.over = new Promise((resolve) => (this.end = resolve));
  }

  onHead(status: number, headers: UpstreamHeaders): void {
    this.events.push(`head ${status}`);
    this.headers = headers;
  }

  onData(chunk: Buffer): boolean {
    if (this.text === '') {
      this.events.push('data');
      this.onFirstData();
    }
    this.text += chunk.toString('latin1');
    return this.takesMore;
  }

  onEnd(): void {
    this.events.push('end');
    this.end();
  }

  onError(error: GatewayError): void {
    this.events.push(`error ${error.code}`);
    this.error = error;
    this.end();
  }
}

const patient: UpstreamTimeouts = { headersMs: 0, idleMs: 0 };

function call(port: number, timeouts = patient, host = '127.0.0.1', isPrivate = false) {
  const egress = new EgressClient();
  onTestFinished(() => egress.close());
  const hearing = new Hearing();
  const upstream = new UpstreamCall(hearing);
  upstream.start(egress, {
    endpoint: {
      origin: `http://${host}:${port}`,
      path: '/v1/chat/completions',
      protocol: 'openai-chat',
      allowPrivateNetwork: host === '127.0.0.1',
      isLocal: isPrivate,
      headers: ['content-type', 'application/json', 'authorization', 'Bearer sk-canary'],
    },
    headers: ['x-extra', 'yes'],
    body: '{"model":"m"}',
    timeouts,
    isPrivate,
  });
  return { upstream, hearing };
}

async function http(listener: RequestListener): Promise<number> {
  const server = createHttpServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A server below HTTP; `onBytes` runs when a request has come in. */
async function tcp(onBytes: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => onBytes(socket));
    onTestFinished(() => void socket.destroy());
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function refusedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const moment = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('UpstreamCall', () => {
  it('sends the body with the endpoint headers and hears head, data and end in order', async () => {
    let seen = '';
    const port = await http((request, response) => {
      const { authorization, 'x-extra': extra } = request.headers;
      request.on('data', (chunk: Buffer) => (seen += chunk.toString()));
      request.on('end', () =>
        response
          .writeHead(201, { 'x-request-id': 'up_1' })
          .end(`${request.method} ${request.url} ${authorization} ${String(extra)}`),
      );
    });
    const { hearing, upstream } = call(port);
    expect(upstream.sawHead).toBe(false);
    await hearing.over;
    expect(hearing.events).toEqual(['head 201', 'data', 'end']);
    expect(hearing.headers['x-request-id']).toBe('up_1');
    expect(hearing.text).toBe('POST /v1/chat/completions Bearer sk-canary yes');
    expect(seen).toBe('{"model":"m"}');
    expect(upstream.sawHead).toBe(true);
  });

  it('passes over informational answers', async () => {
    const port = await tcp((socket) =>
      socket.end(
        'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
      ),
    );
    const { hearing } = call(port);
    await hearing.over;
    expect(hearing.events).toEqual(['head 200', 'data', 'end']);
  });

  it.each([301, 302, 307, 308])('hands a %i over as it is and goes nowhere', async (status) => {
    let hits = 0;
    const trap = await http((_, response) => {
      hits += 1;
      response.end();
    });
    const port = await http((_, response) =>
      response.writeHead(status, { location: `http://127.0.0.1:${trap}/` }).end(),
    );
    const { hearing } = call(port);
    await hearing.over;
    expect(hearing.events).toEqual([`head ${status}`, 'end']);
    expect(hits).toBe(0);
  });

  it('stops reading while the listener is behind, and loses nothing', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    const pieces = 512;
    let written = 0;
    const port = await http((_, response) => {
      const pump = (): void => {
        while (written < pieces) {
          written += 1;
          if (!response.write(piece)) {
            response.once('drain', pump);
            return;
          }
        }
        response.end();
      };
      pump();
    });
    const { hearing, upstream } = call(port);
    hearing.takesMore = false;
    await vi.waitFor(() => expect(hearing.text).not.toBe(''));
    await moment(150);
    const [readMeanwhile, writtenMeanwhile] = [hearing.text.length, written];
    expect(writtenMeanwhile).toBeLessThan(pieces);
    await moment(100);
    expect([hearing.text.length, written]).toEqual([readMeanwhile, writtenMeanwhile]);
    hearing.takesMore = true;
    upstream.resume();
    await hearing.over;
    expect(hearing.events.at(-1)).toBe('end');
    expect(hearing.text.length).toBe(pieces * piece.length);
  });

  it('lets no idle time run out while the listener is the one who is behind', async () => {
    const port = await http((_, response) => {
      response.write('a');
      setTimeout(() => response.end('b'), 30);
    });
    const { hearing, upstream } = call(port, { headersMs: 0, idleMs: 200 });
    hearing.takesMore = false;
    await moment(1_500);
    expect(hearing.error).toBeNull();
    hearing.takesMore = true;
    upstream.resume();
    await hearing.over;
    expect([hearing.text, hearing.error]).toEqual(['ab', null]);
  });

  it('closes the socket on abort and is heard of no more', async () => {
    let closed = false;
    const port = await http((request, response) => {
      request.socket.once('close', () => (closed = true));
      response.write('first');
      const timer = setInterval(() => response.write('more'), 5);
      response.once('close', () => clearInterval(timer));
    });
    const { hearing, upstream } = call(port);
    hearing.onFirstData = () => upstream.abort();
    await vi.waitFor(() => expect(closed).toBe(true));
    upstream.abort();
    upstream.resume();
    await moment(30);
    expect(hearing.events).toEqual(['head 200', 'data']);
  });

  it('sends nothing more and says nothing when it is aborted before it is connected', async () => {
    let hits = 0;
    const port = await http((_, response) => {
      hits += 1;
      response.end();
    });
    const { hearing, upstream } = call(port);
    upstream.abort();
    await moment(100);
    expect([hearing.events, hits]).toEqual([[], 0]);
  });

  it('gives up on a head that does not come', async () => {
    const port = await http(() => undefined);
    const { hearing, upstream } = call(port, { headersMs: 100, idleMs: 0 });
    await hearing.over;
    expect(hearing.events).toEqual(['error upstream_timeout']);
    expect(hearing.error?.details).toEqual({ wasSent: true });
    expect(upstream.sawHead).toBe(false);
  });

  it('gives up on an answer that falls silent', async () => {
    const port = await http((_, response) => void response.write('begin'));
    const { hearing } = call(port, { headersMs: 0, idleMs: 100 });
    await hearing.over;
    expect(hearing.events).toEqual(['head 200', 'data', 'error upstream_stream_interrupted']);
    expect(hearing.error?.details).toEqual({ wasSent: true });
  });

  it('knows that a refused connection sent nothing', async () => {
    const { hearing } = call(await refusedPort());
    await hearing.over;
    expect(hearing.events).toEqual(['error upstream_unreachable']);
    expect(hearing.error?.details).toEqual({ wasSent: false });
    expect(hearing.error?.message).not.toMatch(/127\.0\.0\.1|canary/);
  });

  it('cannot know of a connection that broke before the head', async () => {
    for (const breakOff of ['resetAndDestroy', 'destroy', 'end'] as const) {
      const { hearing } = call(await tcp((socket) => void socket[breakOff]()));
      await hearing.over;
      expect(hearing.events).toEqual(['error upstream_unreachable']);
      expect(hearing.error?.details).toMatchObject({ wasSent: true });
    }
  });

  it.each([
    ['without a length', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n'],
    ['shorter than announced', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'],
  ])('tells an answer cut off %s from a whole one', async (_, bytes) => {
    const { hearing } = call(await tcp((socket) => socket.end(bytes)));
    await hearing.over;
    expect(hearing.events).toEqual(['head 200', 'data', 'error upstream_stream_interrupted']);
  });

  it.each([
    ['what is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a head that never ends', `HTTP/1.1 200 OK\r\n${'x-pad: yyyy\r\n'.repeat(10_000)}`],
  ])('refuses %s, which the upstream sent after it had the request', async (_, bytes) => {
    const { hearing } = call(await tcp((socket) => void socket.write(bytes)));
    await hearing.over;
    expect(hearing.events).toEqual(['error upstream_invalid_response']);
    expect(hearing.error?.details).toEqual({ wasSent: true });
  });

  it('refuses a name that leads to this machine without leave, and sent nothing', async () => {
    let hits = 0;
    const port = await http((_, response) => {
      hits += 1;
      response.end();
    });
    const { hearing } = call(port, patient, 'localhost');
    await hearing.over;
    expect(hearing.events).toEqual(['error egress_blocked']);
    expect([hearing.error?.details, hits]).toEqual([{ wasSent: false }, 0]);
  });

  it('says of a credential that cannot be a header that nothing was sent', async () => {
    const egress = new EgressClient();
    onTestFinished(() => egress.close());
    const hearing = new Hearing();
    new UpstreamCall(hearing).start(egress, {
      endpoint: {
        origin: `http://127.0.0.1:${await http(() => undefined)}`,
        path: '/v1/chat/completions',
        protocol: 'openai-chat',
        allowPrivateNetwork: true,
        isLocal: false,
        headers: ['authorization', 'Bearer sk-canary\nx: y'],
      },
      headers: [],
      body: '{}',
      timeouts: patient,
      isPrivate: false,
    });
    await hearing.over;
    expect(hearing.events).toEqual(['error upstream_unreachable']);
    expect(hearing.error?.details).toEqual({ wasSent: false });
    expect(hearing.error?.message).not.toContain('canary');
  });

  it('refuses a literal address without leave in the same way', async () => {
    const { hearing } = call(9, patient, '127.0.0.2');
    await hearing.over;
    expect(hearing.events).toEqual(['error egress_blocked']);
  });

  it.each([
    ['a provider, even at a local address', 'http://127.0.0.1', false],
    ['another machine, whatever it is called', 'http://192.168.1.7', true],
    ['a name that may resolve to anything', 'http://engine.example', true],
  ])(
    'keeps a private request from %s, before anything is opened',
    async (_text, origin, isLocal) => {
      let connections = 0;
      const port = await http(() => (connections += 1));
      const egress = new EgressClient();
      onTestFinished(() => egress.close());
      const pool = vi.spyOn(egress, 'pool');
      const hearing = new Hearing();
      new UpstreamCall(hearing).start(egress, {
        endpoint: {
          origin: `${origin}:${port}`,
          path: '/v1/chat/completions',
          protocol: 'openai-chat',
          allowPrivateNetwork: true,
          isLocal,
          headers: [],
        },
        headers: [],
        body: '{}',
        timeouts: patient,
        isPrivate: true,
      });
      await hearing.over;
      expect(hearing.events).toEqual(['error egress_blocked']);
      expect(pool).not.toHaveBeenCalled();
      expect(connections).toBe(0);
    },
  );

  it('lets a private request through to an engine of this machine', async () => {
    const port = await http((_, response) => response.end('{}'));
    const { hearing } = call(port, patient, '127.0.0.1', true);
    await hearing.over;
    expect(hearing.events).toEqual(['head 200', 'data', 'end']);
  });
});
