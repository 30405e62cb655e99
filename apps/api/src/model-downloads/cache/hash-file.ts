import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { HubFile } from '#adapters';

/** Small enough that hashing one never holds up requests. */
const pieceBytes = 256 * 1024;

/** The hash of a file's content, of the kind by which the hub names it. Reads it once, piece by piece. */
export async function hashFile(
  path: string,
  { hashKind, sizeBytes }: Pick<HubFile, 'hashKind' | 'sizeBytes'>,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash(hashKind === 'sha256' ? 'sha256' : 'sha1');
  if (hashKind === 'git-sha1') hash.update(`blob ${sizeBytes}\0`);
  const stream = createReadStream(path, { highWaterMark: pieceBytes, signal });
  for await (const piece of stream as AsyncIterable<Buffer>) hash.update(piece);
  return hash.digest('hex');
}
