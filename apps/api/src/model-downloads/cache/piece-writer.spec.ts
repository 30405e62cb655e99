import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PieceWriter } from './piece-writer.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-pieces-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('pieces of a file', () => {
  it('are written in order, each once, behind what is there', async () => {
    const path = join(folder, 'file');
    const piece = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const file = await open(path, 'w+');
        await file.write('head');
        let written = 0;
        const writer = new PieceWriter(file, 4, (byteCount) => (written += byteCount));
        for (const [bytes, isSlow] of pieces) {
          await writer.add(bytes);
          if (isSlow) await new Promise(setImmediate);
        }
        await writer.finish();
        await file.close();
        const whole = Buffer.concat([Buffer.from('head'), ...pieces.map(([bytes]) => bytes)]);
        expect(readFileSync(path).equals(whole)).toBe(true);
        expect(written).toBe(whole.length - 4);
      }),
      { numRuns: 50 },
    );
  });

  it('are written at once when no more come', async () => {
    const file = await open(join(folder, 'slow'), 'w+');
    const written = new Promise<number>((resolve) => {
      void new PieceWriter(file, 0, resolve).add(Buffer.from('piece'));
    });
    expect(await written).toBe(5);
    await file.close();
  });

  it('tell of a disk that fails, with the next piece or at the end', async () => {
    const broken = {
      writev: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    } as unknown as FileHandle;
    const atEnd = new PieceWriter(broken, 0, () => undefined);
    await atEnd.add(Buffer.alloc(10));
    await expect(atEnd.finish()).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(atEnd.add(Buffer.alloc(10))).rejects.toMatchObject({ code: 'ENOSPC' });
    const partly = { writev: () => Promise.resolve({ bytesWritten: 3 }) } as unknown as FileHandle;
    const cut = new PieceWriter(partly, 0, () => undefined);
    await cut.add(Buffer.alloc(10));
    await expect(cut.finish()).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});
