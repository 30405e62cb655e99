import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ClientReply, type Interruption } from './client-reply.js';

/** A reply on a real connection whose other side reads only when it is told to. */
async function openReply(): Promise<{ reply: ClientReply; raw: ServerResponse; caller: Socket }> {
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
  return { reply: new ClientReply(raw), raw, caller };
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
});
