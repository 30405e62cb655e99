import { BodyMemory } from '#adapters';
import type { FastifyRequest } from 'fastify';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRequestBody } from './read-request-body.js';

const mebibyte = 1024 * 1024;

/** A request whose bytes the test writes. */
class ScriptedRequest {
  readonly stream = new PassThrough({ highWaterMark: 64 * mebibyte });
  readonly raw: FastifyRequest['raw'];

  constructor(headers: Record<string, string> = {}) {
    this.raw = Object.assign(this.stream, { headers }) as unknown as FastifyRequest['raw'];
  }

  send(...pieces: (string | Buffer)[]): this {
    for (const piece of pieces) this.stream.write(piece);
    return this;
  }

  whole(...pieces: (string | Buffer)[]): this {
    this.send(...pieces).stream.end();
    return this;
  }
}

const large = Buffer.alloc(mebibyte, 'x');

describe('readRequestBody', () => {
  it('puts the pieces together, whether their length was announced or not', async () => {
    const memory = new BodyMemory(8 * mebibyte);
    for (const headers of [{}, { 'content-length': String(2 * mebibyte + 2) }]) {
      const request = new ScriptedRequest(headers).whole('<', large, large, '>');
      const body = await readRequestBody(request, memory);
      expect(body.original.toString()).toBe(`<${'x'.repeat(2 * mebibyte)}>`);
      body.release();
    }
  });

  it('refuses a body that the memory has no room for, and takes it when another was released', async () => {
    const memory = new BodyMemory(3 * mebibyte);
    const headers = { 'content-length': String(2 * mebibyte) };
    const first = await readRequestBody(new ScriptedRequest(headers).whole(large, large), memory);
    const refused = readRequestBody(new ScriptedRequest(headers).whole(large, large), memory);
    await expect(refused).rejects.toMatchObject({
      code: 'gateway_overloaded',
      status: 503,
      retryAfterMs: 1_000,
    });
    const small = await readRequestBody(new ScriptedRequest().whole('{}'), memory);
    expect(small.original.toString()).toBe('{}');
    first.release();
    const third = await readRequestBody(new ScriptedRequest(headers).whole(large, large), memory);
    expect(third.original).toHaveLength(2 * mebibyte);
  });

  it('gives memory back when the caller leaves or sends too much', async () => {
    const memory = new BodyMemory(40 * mebibyte);
    const headers = { 'content-length': String(30 * mebibyte) };
    for (let times = 0; times < 3; times += 1) {
      const left = new ScriptedRequest(headers).send(large, large);
      const reading = readRequestBody(left, memory);
      setImmediate(() => left.stream.destroy());
      await expect(reading).rejects.toMatchObject({ code: 'request_cancelled' });
    }
    const endless = new ScriptedRequest().send(...Array.from({ length: 33 }, () => large));
    await expect(readRequestBody(endless, new BodyMemory(80 * mebibyte))).rejects.toMatchObject({
      code: 'request_too_large',
    });
    expect(memory.take(40 * mebibyte)).not.toBeNull();
  });
});

/** A server that answers each request with the body it read, and a connection to it. */
class Echo {
  readonly errors: unknown[] = [];
  /** Of each body: was it there without waiting? */
  readonly wasHere: boolean[] = [];
  readonly requests: IncomingMessage[] = [];
  private text = '';

  private constructor(
    private readonly socket: Socket,
    readonly pendingReads: { count: number },
  ) {
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => (this.text += piece));
  }

  static async open(): Promise<Echo> {
    const pendingReads = { count: 0 };
    const server = createServer((raw, response) => {
      pendingReads.count += 1;
      // as after a guard: in a microtask of the moment the head came
      void Promise.resolve()
        .then(() => {
          echo.requests.push(raw);
          const body = readRequestBody({ raw });
          echo.wasHere.push(!(body instanceof Promise));
          return body;
        })
        .then((body) => response.end(`[${body.original.toString()}]`))
        .catch((error: unknown) => {
          echo.errors.push(error);
          response.destroy();
        })
        .finally(() => (pendingReads.count -= 1));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const echo = new Echo(socket, pendingReads);
    await once(socket, 'connect');
    onTestFinished(() => {
      socket.destroy();
      server.close();
    });
    return echo;
  }

  send(...lines: string[]): void {
    this.socket.write(lines.join('\r\n'));
  }

  leave(): void {
    this.socket.destroy();
  }

  /** The bodies that came back so far, once there are so many. */
  async bodies(count: number): Promise<readonly string[]> {
    const found = (): string[] => this.text.match(/\[[^\]]*\]/g) ?? [];
    await expect.poll(() => found().length, { timeout: 10_000 }).toBe(count);
    return found();
  }
}

const post = (...rest: string[]): string =>
  ['POST / HTTP/1.1', 'host: x', 'content-type: application/json', ...rest].join('\r\n');

describe('readRequestBody from a connection', () => {
  it('takes one body after the other, of every size and form, and the connection stays open', async () => {
    const echo = await Echo.open();
    const long = 'x'.repeat(300_000);
    const sent = [
      { lines: [post('content-length: 2', '', '{}')], body: '[{}]' },
      { lines: [post('content-length: 0', '', '')], body: '[]' },
      { lines: [post('', '')], body: '[]' },
      {
        lines: [post('transfer-encoding: chunked', '', '2', '{}', '3', 'abc', '0', '', '')],
        body: '[{}abc]',
      },
      { lines: [post(`content-length: ${long.length}`, '', long)], body: `[${long}]` },
      { lines: [post('content-length: 3', '', '1.5')], body: '[1.5]' },
    ];
    for (const [index, { lines, body }] of sent.entries()) {
      echo.send(...lines);
      expect((await echo.bodies(index + 1)).at(-1)).toBe(body);
    }
    const small = [0, 1, 2, 5];
    expect(small.map((index) => echo.wasHere[index])).toEqual(small.map(() => true));
    expect(echo.requests.map((raw) => [raw.readableEnded, raw.destroyed, raw.aborted])).toEqual(
      sent.map(() => [true, true, false]),
    );
  });

  it('takes a body that comes after its head, in parts', async () => {
    const echo = await Echo.open();
    echo.send(post('transfer-encoding: chunked', '', ''));
    await expect.poll(() => echo.pendingReads.count).toBe(1);
    echo.send('2', '{}', '');
    echo.send('1', '!', '0', '', '');
    expect(await echo.bodies(1)).toEqual(['[{}!]']);
    echo.send(post('content-length: 4', '', '12'));
    await expect.poll(() => echo.pendingReads.count).toBe(1);
    echo.send('34');
    expect(await echo.bodies(2)).toEqual(['[{}!]', '[1234]']);
  });

  it('answers requests that were sent in one go', async () => {
    const echo = await Echo.open();
    echo.send(
      [1, 2, 3].map((body) => post('content-length: 1', '', String(body))).join('') +
        post('', '') +
        post('transfer-encoding: chunked', '', '1', '4', '0', '', ''),
    );
    expect(await echo.bodies(5)).toEqual(['[1]', '[2]', '[3]', '[]', '[4]']);
  });

  it('tells of a caller who left in the middle, or before anybody read', async () => {
    const echo = await Echo.open();
    echo.send(post('content-length: 10', '', '12345'));
    await expect.poll(() => echo.pendingReads.count).toBe(1);
    echo.leave();
    await expect.poll(() => echo.errors).toMatchObject([{ code: 'request_cancelled' }]);

    const left = new ScriptedRequest();
    left.stream.destroy();
    await once(left.stream, 'close');
    expect(() => readRequestBody(left)).toThrow('The caller left');
  });
});
