import { createHash } from 'node:crypto';

export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** As git names a file. */
export function gitHash(content: Buffer | string): string {
  const byteCount = Buffer.byteLength(content);
  return createHash('sha1').update(`blob ${byteCount}\0`).update(content).digest('hex');
}
