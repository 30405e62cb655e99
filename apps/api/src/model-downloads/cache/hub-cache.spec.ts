import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitHash, sha256 } from '../../../../../test/support/fake-hub/file-hashes.js';
import { HubCache } from './hub-cache.js';
import { removeFromCache } from './remove-from-cache.js';

const { signal } = new AbortController();
const commit = 'c'.repeat(40);
const none = new Set<string>();
let folder: string;
let cache: HubCache;
const file = (path: string, content: string) => ({
  path,
  sizeBytes: Buffer.byteLength(content),
  hash: sha256(content),
  hashKind: 'sha256' as const,
});
const big = file('sub/big.gguf', 'GGUF and more');
const writePartial = async (of: typeof big, content: string): Promise<void> => {
  const handle = await cache.openPartial(of);
  await handle.truncate(0);
  await handle.write(content);
  await handle.close();
};
const fetchWhole = async (of: typeof big, content: string, at = commit): Promise<void> => {
  await writePartial(of, content);
  await cache.accept(of, signal);
  await cache.link(at, of);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-cache-'));
  cache = new HubCache(join(folder, 'hub'), 'org/model');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file', () => {
  it('is named by its hash when its content is right, and shown by a link', async () => {
    await writePartial(big, 'GGUF');
    expect([await cache.partialBytes(big), await cache.isComplete(commit, big)]).toEqual([
      4,
      false,
    ]);
    await fetchWhole(big, 'GGUF and more');
    expect([await cache.partialBytes(big), await cache.isComplete(commit, big)]).toEqual([0, true]);
    const path = cache.filePath(commit, big);
    expect(readlinkSync(path)).toBe(`../../../blobs/${big.hash}`);
    expect(readFileSync(path, 'utf8')).toBe('GGUF and more');
    expect(readdirSync(join(cache.folder, 'blobs'))).toEqual([big.hash]);
  });

  it('that is small is hashed as git does', async () => {
    const content = '{"a":1}';
    const small = { ...file('config.json', content), hash: gitHash(content) };
    await writePartial(small, content);
    await cache.accept({ ...small, hashKind: 'git-sha1' }, signal);
    expect(existsSync(cache.blobPath(small))).toBe(true);
  });

  it.each(['GGUF and mora', 'GGUF and more!', ''])(
    'with the content %j is removed',
    async (content) => {
      await writePartial(big, content);
      await expect(cache.accept(big, signal)).rejects.toMatchObject({
        code: 'wrong_content',
        kind: 'damaged',
      });
      expect(readdirSync(join(cache.folder, 'blobs'))).toEqual([]);
    },
  );

  it('is never written through a link', async () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'precious');
    mkdirSync(join(cache.folder, 'blobs'), { recursive: true });
    symlinkSync(victim, `${cache.blobPath(big)}.incomplete`);
    await expect(cache.openPartial(big)).rejects.toMatchObject({ code: 'ELOOP' });
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });

  it('is not shown in a folder that leads out of the repository', async () => {
    mkdirSync(join(folder, 'elsewhere'));
    mkdirSync(cache.snapshotFolder(commit), { recursive: true });
    symlinkSync(join(folder, 'elsewhere'), join(cache.snapshotFolder(commit), 'sub'));
    await writePartial(big, 'GGUF and more');
    await cache.accept(big, signal);
    await expect(cache.link(commit, big)).rejects.toMatchObject({ code: 'unsafe_name' });
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
  });

  it('that went missing is told, not linked to', async () => {
    await expect(cache.link(commit, big)).rejects.toMatchObject({ kind: 'passing' });
    expect(existsSync(cache.snapshotFolder(commit))).toBe(false);
  });
});

describe('a ref', () => {
  it('names the commit of a branch, and a commit needs none', async () => {
    await cache.writeRef('refs/pr/1', commit);
    await cache.writeRef(commit, commit);
    expect(readFileSync(join(cache.folder, 'refs/refs/pr/1'), 'utf8')).toBe(commit);
    expect(readdirSync(join(cache.folder, 'refs'))).toEqual(['refs']);
  });
});

describe('what is deleted', () => {
  it('leaves nothing behind', async () => {
    await fetchWhole(big, 'GGUF and more');
    await cache.writeRef('main', commit);
    await removeFromCache(cache, commit, [big], none);
    expect(existsSync(cache.folder)).toBe(false);
  });

  it('leaves what another snapshot shows, somebody holds, or others have put there', async () => {
    const other = 'd'.repeat(40);
    const held = file('held.gguf', 'held');
    const own = file('own.gguf', 'own');
    await fetchWhole(big, 'GGUF and more');
    await cache.link(other, big);
    await fetchWhole(held, 'held');
    await fetchWhole(own, 'own');
    await cache.writeRef('main', other);
    writeFileSync(join(cache.snapshotFolder(commit), 'notes.txt'), 'mine');
    await removeFromCache(cache, commit, [big, held, own], new Set([held.hash]));
    expect(readdirSync(join(cache.folder, 'blobs')).sort()).toEqual([big.hash, held.hash].sort());
    expect(readdirSync(cache.snapshotFolder(commit))).toEqual(['notes.txt']);
    expect(readFileSync(cache.filePath(other, big), 'utf8')).toBe('GGUF and more');
    expect(readFileSync(join(cache.folder, 'refs/main'), 'utf8')).toBe(other);
  });
});

describe('the hash of a file', () => {
  it('is the same piece by piece', async () => {
    const content = 'x'.repeat(1_000_000);
    const large = file('large.gguf', content);
    expect(large.hash).toBe(createHash('sha256').update(content).digest('hex'));
    await fetchWhole(large, content);
    expect(await cache.isComplete(commit, large)).toBe(true);
  });
});
