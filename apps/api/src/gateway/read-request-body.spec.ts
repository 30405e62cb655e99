import { BodyMemory } from '#adapters';
import type { FastifyRequest } from 'fastify';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
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
