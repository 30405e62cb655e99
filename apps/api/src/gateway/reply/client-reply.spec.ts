import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ClientReply, type Interruption } from './client-reply.js';

const mebibyte = 1024 * 1024;

/** A reply on a real connection whose other side reads only when it is told to. */
async function openReply(
  limitMs?: number,
): Promise<{ reply: ClientReply; raw: ServerResponse; caller: Socket }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const caller = connect((server.address() as AddressInfo).port, '127.0.0.1');
  caller.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n');
  const [, raw] = (await once(server, 'request')) as [unknown, ServerResponse];
  onTestFinished(() => {
    caller.destroy();
    server.close();
  });
  return { reply: new ClientReply(raw, limitMs), raw, caller };
}

describe('ClientReply', () => {
  it('says when a slow caller has caught up, each time', async () => {
    const { reply, caller } = await openReply();
    let drains = 0;
    reply.onDrain(() => (drains += 1));
    reply.commit(200, ['content-type', 'text/plain']);
    for (let times = 1; times <= 3; times += 1) {
      caller.pause();
      while (reply.write(Buffer.alloc(256 * 1024))) continue;
      expect(reply.write('and more')).toBe(false);
      caller.resume();
      await expect.poll(() => drains, { timeout: 10_000 }).toBe(times);
    }
    reply.onDrain(null);
    reply.end();
    await reply.closed();
  });

  it('is closed for all who wait for it, and interrupted only when the caller left early', async () => {
    for (const isWhole of [true, false]) {
      const { reply, raw, caller } = await openReply();
      const interruptions: Interruption[] = [];
      reply.onInterrupt((reason) => interruptions.push(reason));
      reply.commit(200, ['content-length', '2']);
      caller.resume();
      const closed = Promise.all([reply.closed(), reply.closed()]);
      if (isWhole) reply.end('ok');
      else caller.destroy();
      await closed;
      await reply.closed();
      expect(interruptions).toEqual(isWhole ? [] : ['caller left']);
      expect(reply.isGone).toBe(!isWhole);
      expect(raw.listenerCount('drain')).toBe(0);
    }
  });

  it('gives a caller up that takes nothing more in the middle of its answer', async () => {
    const { reply, caller } = await openReply(300);
    const interruptions: Interruption[] = [];
    reply.onInterrupt((reason) => interruptions.push(reason));
    caller.pause();
    reply.commit(200, ['content-type', 'text/plain']);
    reply.write(Buffer.alloc(16 * mebibyte));
    await reply.closed();
    expect(interruptions).toEqual(['caller left']);
    expect(reply.departure).toBe('The caller took nothing of its answer for 0.3 s.');
  });

  it('gives a caller up that takes nothing more of a whole answer', async () => {
    const { reply, caller } = await openReply(300);
    caller.pause();
    reply.commit(200, ['content-type', 'text/plain']);
    reply.end(Buffer.alloc(16 * mebibyte));
    await reply.closed();
    expect(reply.departure).toContain('took nothing');
  });

  it('waits for a caller that is slow', async () => {
    const limitMs = 400;
    const { reply, caller } = await openReply(limitMs);
    caller.pause();
    const size = 16 * mebibyte;
    reply.commit(200, ['content-type', 'text/plain', 'content-length', String(size)]);
    reply.write(Buffer.alloc(size / 2));
    reply.end(Buffer.alloc(size / 2));
    const startMs = performance.now();
    let byteCount = 0;
    for (let goal = mebibyte; byteCount < size && !caller.destroyed; goal += mebibyte) {
      await new Promise((resolve) => setTimeout(resolve, limitMs / 4));
      while (byteCount < Math.min(goal, size) && !caller.destroyed) {
        byteCount += (caller.read() as Buffer | null)?.length ?? 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    expect(byteCount).toBeGreaterThanOrEqual(size);
    expect(performance.now() - startMs).toBeGreaterThan(limitMs * 2);
    await reply.closed();
    expect(reply.isGone).toBe(false);
  });

  it('sets no limit to the silence between two pieces that were taken', async () => {
    const { reply, caller } = await openReply(100);
    reply.commit(200, ['content-type', 'text/plain']);
    caller.pause();
    while (reply.write(Buffer.alloc(256 * 1024))) continue;
    caller.resume();
    await new Promise<void>((resolve) => reply.onDrain(resolve));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(reply.isGone).toBe(false);
    reply.end('and the end');
    await reply.closed();
    expect(reply.isGone).toBe(false);
  });
});
