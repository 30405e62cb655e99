import { EventEmitter } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { EditableBody } from './editable-body.js';
import { PiecewiseBody } from './piecewise-body.js';

const mebibyte = 1024 * 1024;
const closing: (() => Promise<unknown> | void)[] = [];

async function collect(body: PiecewiseBody): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('PiecewiseBody', () => {
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('says its length, joins short parts, lends long ones, and tells when it was sent', async () => {
    const long = Buffer.alloc(mebibyte, 'x');
    let sentCount = 0;
    const parts = [Buffer.from('{"model":'), Buffer.from('"m"'), long, Buffer.from('}')];
    const body = new PiecewiseBody(parts, () => (sentCount += 1));
    const slices: Buffer[] = [];
    for await (const slice of body) {
      expect(sentCount).toBe(0);
      slices.push(slice);
    }
    expect(sentCount).toBe(1);
    expect(Buffer.concat(slices).equals(Buffer.concat(parts))).toBe(true);
    expect(body.byteLength).toBe(Buffer.concat(parts).length);
    expect(slices.filter(({ buffer }) => buffer === long.buffer)).toHaveLength(2);
  });

  it('stays silent when it is left in the middle', async () => {
    let isSent = false;
    const body = new PiecewiseBody([Buffer.alloc(2 * mebibyte)], () => (isSent = true));
    for await (const slice of body) if (slice.length > 0) break;
    expect(isSent).toBe(false);
  });

  it('is not told to be sent before a slow upstream has taken all that was lent', async () => {
    const received = new EventEmitter();
    const server: Server = createServer((request, response) => {
      let byteCount = 0;
      request.pause();
      received.once('read on', () => request.resume());
      request.on('data', (piece: Buffer) => (byteCount += piece.length));
      request.on('end', () => response.end(String(byteCount)));
      received.emit('head');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    closing.push(
      () => pool.destroy(),
      () => void server.close(),
    );
    const head = new Promise((resolve) => received.once('head', resolve));
    let isSent = false;
    const body = new PiecewiseBody([Buffer.alloc(24 * mebibyte, 'x')], () => (isSent = true));
    const answer = pool.request({
      path: '/',
      method: 'POST',
      headers: ['content-length', String(body.byteLength)],
      body: body as unknown as Buffer,
    });
    await head;
    expect(isSent).toBe(false);

    received.emit('read on');
    expect(await (await answer).body.text()).toBe(String(body.byteLength));
    expect(isSent).toBe(true);
  });
});

describe('a large EditableBody', () => {
  it('is spliced, not copied, and holds the same bytes as a small one would', async () => {
    const text = `{"model":"a","prompt":"${'é'.repeat(mebibyte)}","n":1}`;
    const bytes = Buffer.from(text);
    const body = new EditableBody(bytes);
    const sent = body.withEdits([{ span: { start: 9, end: 12 }, text: '"a-longer-name"' }]);
    expect(sent).toBeInstanceOf(PiecewiseBody);
    const slices: Buffer[] = [];
    for await (const slice of sent as PiecewiseBody) slices.push(slice);
    const lentBytes = slices
      .filter(({ buffer }) => buffer === bytes.buffer)
      .reduce((sum, { length }) => sum + length, 0);
    expect(bytes.length - lentBytes).toBeLessThan(16);
    expect(Buffer.concat(slices).toString()).toBe(text.replace('"a"', '"a-longer-name"'));
    expect((sent as PiecewiseBody).toString()).toBe(text.replace('"a"', '"a-longer-name"'));
    const again = await collect(body.withEdits([]) as PiecewiseBody);
    expect(again.equals(Buffer.from(text))).toBe(true);
  });

  it('tells on its release whether the network may still read it', async () => {
    const answers: boolean[] = [];
    const newBody = (): EditableBody =>
      new EditableBody(Buffer.alloc(mebibyte), (mayStillBeRead) => answers.push(mayStillBeRead));
    const unsent = newBody();
    unsent.release();
    const sent = newBody();
    await collect(sent.withEdits([]) as PiecewiseBody);
    sent.release();
    const cut = newBody();
    for await (const slice of cut.withEdits([]) as PiecewiseBody) if (slice.length > 0) break;
    cut.release();
    expect(answers).toEqual([false, false, true]);
  });
});
