import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeHub } from '../../../../test/support/fake-hub.js';
import { gitHash, sha256 } from '../../../../test/support/fake-hub/file-hashes.js';
import { hubToken } from '../../../../test/support/fake-hub/hub-content.js';
import { EgressClient } from '../egress/egress-client.js';
import { HubError } from './hub-error.js';
import { ModelHub } from './model-hub.js';
import type { HubFileBody } from './read-file-answer.js';
import type { HubFile } from './read-hub-listing.js';

const weights = Buffer.alloc(300_000, 'weights ');
const config = Buffer.from('{"model_type":"llama"}');
const repository = 'org/model';
const { signal } = new AbortController();
const egress = new EgressClient();
let fake: FakeHub;
let token: string | null = null;
let hub: ModelHub;
let large: HubFile;
let small: HubFile;

beforeAll(async () => {
  fake = await FakeHub.start();
  const files = { 'a model.gguf': weights, 'sub/config.json': config };
  fake.add(repository, files);
  fake.add('org/gated', files, 'gated');
  fake.add('org/private', files, 'private');
  hub = new ModelHub(egress, { url: fake.url, allowPrivateNetwork: true }, () => token);
  large = {
    path: 'a model.gguf',
    sizeBytes: weights.length,
    hash: sha256(weights),
    hashKind: 'sha256',
  };
  small = {
    path: 'sub/config.json',
    sizeBytes: config.length,
    hash: gitHash(config),
    hashKind: 'git-sha1',
  };
});
beforeEach(() => {
  fake.reset();
  token = null;
});
afterAll(async () => {
  await egress.close();
  await fake.close();
});

const main = (name = repository) => ({ repository: name, revision: 'main' });
const open = (
  file: HubFile,
  { offset = 0, etag = null as string | null, name = repository } = {},
): Promise<HubFileBody> => hub.openFile({ ...main(name), file, offset, etag }, signal);
const read = async (body: HubFileBody): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of body.pieces) pieces.push(piece);
  return Buffer.concat(pieces);
};
const failureOf = async (work: () => Promise<unknown>): Promise<HubError> => {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(HubError);
    return error as HubError;
  }
  throw new Error('it did not fail');
};

describe('what a repository holds', () => {
  it('is asked for by commit, and listed with sizes and hashes', async () => {
    const commit = await hub.resolveRevision(main(), signal);
    expect(commit).toBe(fake.repositories.get(repository)?.commit);
    const files = await hub.listFiles({ repository, revision: commit }, signal);
    expect(files).toEqual([large, small]);
  });

  it('is read page by page', async () => {
    fake.pageSize = 1;
    expect(await hub.listFiles(main(), signal)).toHaveLength(2);
    expect(fake.requests).toHaveLength(2);
  });

  it('is not read on at another address', async () => {
    fake.fault = () => ({
      status: 200,
      body: '[]',
      headers: { link: `<${fake.storeUrl}/more>; rel="next"` },
    });
    expect((await failureOf(() => hub.listFiles(main(), signal))).code).toBe('bad_answer');
    expect(fake.paths('store')).toEqual([]);
  });

  it.each([
    ['<html>', 'no JSON'],
    ['{"error":"x"}', 'no list'],
    ['[{"type":"file","path":"a","size":-1,"oid":"00"}]', 'no size'],
    ['[{"type":"file","path":"a","size":1,"lfs":{"oid":"../x","size":1}}]', 'no hash'],
    [`[{"type":"file","size":1,"oid":"${'0'.repeat(40)}"}]`, 'no name'],
  ])('is refused as %s', async (body) => {
    fake.fault = () => ({ status: 200, body });
    const failure = await failureOf(() => hub.listFiles(main(), signal));
    expect([failure.code, failure.isPassing]).toEqual(['bad_answer', false]);
  });
});

describe('a file', () => {
  it('comes from the store, to which the token is never sent', async () => {
    token = hubToken;
    const body = await open(large);
    expect(body.offset).toBe(0);
    expect((await read(body)).equals(weights)).toBe(true);
    const sent = fake.requests.map(({ server, headers }) => [server, headers.authorization]);
    expect(sent).toEqual([
      ['hub', `Bearer ${hubToken}`],
      ['store', undefined],
    ]);
  });

  it('goes on where it ended', async () => {
    const { etag, discard } = await open(large);
    discard();
    expect(etag).toBe(`"store-${large.hash.slice(0, 8)}"`);
    const rest = await open(large, { offset: 1000, etag });
    expect(rest.offset).toBe(1000);
    expect((await read(rest)).equals(weights.subarray(1000))).toBe(true);
    expect(fake.requests.at(-1)?.headers).toMatchObject({
      range: 'bytes=1000-',
      'if-range': etag,
    });
  });

  it('begins anew where the server does not go on, or has other content', async () => {
    fake.fault = () => ({ ignoresRange: true });
    expect((await open(large, { offset: 1000 })).offset).toBe(0);
    fake.fault = () => null;
    expect((await open(large, { offset: 1000, etag: '"of-yesterday"' })).offset).toBe(0);
  });

  it('that is small comes over the hub’s own redirect, and without one where that wants a token', async () => {
    expect(await read(await open(small))).toEqual(config);
    token = hubToken;
    fake.requests.length = 0;
    expect(await read(await open(small, { name: 'org/gated' }))).toEqual(config);
    const sent = fake.requests.map(({ path, headers }) => [
      path.split('/').at(path.includes('cache') ? 2 : 3),
      headers.authorization,
    ]);
    expect(sent).toEqual([
      ['resolve', `Bearer ${hubToken}`],
      ['resolve-cache', undefined],
      ['raw', `Bearer ${hubToken}`],
    ]);
  });

  it.each([
    [{ cutAfterBytes: 1000 }, 'interrupted'],
    [{ content: weights.subarray(1) }, 'interrupted'],
    [{ content: Buffer.concat([weights, weights]) }, 'bad_answer'],
  ])('that does not come whole is told: %j', async (fault, code) => {
    fake.fault = ({ server }) => (server === 'store' ? fault : null);
    const failure = await failureOf(async () => read(await open(large)));
    expect([failure.code, failure.isPassing]).toEqual([code, true]);
  });

  it('is not taken when the hub says it is another one', async () => {
    const other = { ...large, hash: sha256('other') };
    const failure = await failureOf(() => open(other));
    expect([failure.code, failure.isPassing]).toEqual(['bad_answer', false]);
    expect(fake.paths('store')).toEqual([]);
  });

  it('is not taken packed', async () => {
    fake.fault = ({ server }) =>
      server === 'store' ? { status: 200, headers: { 'content-encoding': 'gzip' } } : null;
    expect((await failureOf(() => open(large))).code).toBe('bad_answer');
  });

  it('is given up when whoever wanted it does not any more', async () => {
    fake.fault = ({ server }) => (server === 'store' ? { stallAfterBytes: 1000 } : null);
    const stop = new AbortController();
    const question = { ...main(), file: large, offset: 0, etag: null };
    const body = await hub.openFile(question, stop.signal);
    const reading = read(body);
    stop.abort();
    await expect(reading).rejects.toThrow();
  });
});

describe('a redirect', () => {
  it.each([
    ['http://10.0.0.1/x', 'plain http in a private network'],
    ['http://169.254.169.254/latest', 'a metadata service'],
    ['https://169.254.169.254/latest', 'a metadata service over https'],
    ['http://example.com/x', 'plain http'],
    ['ftp://example.com/x', 'another protocol'],
    ['file:///etc/passwd', 'a file'],
    ['https://user:secret@example.com/', 'a sign-in'],
    ['https://[', 'nothing that can be read'],
  ])('to %s is not followed (%s)', async (location) => {
    fake.fault = () => ({ location });
    const failure = await failureOf(() => open(large));
    expect(['redirect_refused', 'address_refused']).toContain(failure.code);
    expect(failure.isPassing).toBe(false);
    expect(failure.message).not.toContain('secret');
  });

  it('to this machine is not followed unless the host allows it', async () => {
    const strict = new ModelHub(egress, { url: fake.url, allowPrivateNetwork: false }, () => null);
    const failure = await failureOf(() => strict.resolveRevision(main(), signal));
    expect(failure.code).toBe('address_refused');
    expect(fake.requests).toEqual([]);
  });

  it('in a circle comes to an end', async () => {
    fake.fault = ({ path }) => ({ status: 302, headers: { location: path } });
    expect((await failureOf(() => open(large))).code).toBe('redirect_refused');
    expect(fake.requests).toHaveLength(5);
  });

  it('of the API is not followed', async () => {
    fake.fault = () => ({ status: 307, headers: { location: '/api/models/org/renamed' } });
    const failure = await failureOf(() => hub.resolveRevision(main(), signal));
    expect(failure.code).toBe('redirect_refused');
    expect(fake.requests).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it.each([
    ['org/none', null, 'not_found'],
    ['org/none', hubToken, 'not_found'],
    ['org/private', null, 'not_found'],
    ['org/private', 'hf_wrong', 'token_refused'],
  ])('of %s with the token %s says %s', async (name, own, code) => {
    token = own;
    const failure = await failureOf(() => hub.resolveRevision(main(name), signal));
    expect([failure.code, failure.isPassing]).toEqual([code, false]);
    expect(failure.message).not.toContain(own ?? 'no token');
  });

  it('of a gated file says what to do', async () => {
    const failure = await failureOf(() => open(large, { name: 'org/gated' }));
    expect(failure.code).toBe('gated');
    expect(failure.message).toContain('accept its terms');
  });

  it.each([
    [{ status: 429, headers: { 'retry-after': '7' } }, 'rate_limited', 7000],
    [{ status: 429, headers: { ratelimit: '"resolvers";r=0;t=55' } }, 'rate_limited', 55_000],
    [{ status: 503, headers: { 'retry-after': '2' } }, 'hub_error', 2000],
    [{ status: 500 }, 'hub_error', null],
  ])('that passes is marked with how long to wait: %j', async (fault, code, retryAfterMs) => {
    fake.fault = () => fault;
    const failure = await failureOf(() => hub.resolveRevision(main(), signal));
    expect([failure.code, failure.isPassing, failure.retryAfterMs]).toEqual([
      code,
      true,
      retryAfterMs,
    ]);
  });

  it('of the store passes: its addresses hold for a while only', async () => {
    fake.fault = ({ server }) => (server === 'store' ? { status: 403 } : null);
    const failure = await failureOf(() => open(large));
    expect([failure.code, failure.isPassing]).toEqual(['hub_error', true]);
  });

  it('by nobody at all passes', async () => {
    const gone = new ModelHub(
      egress,
      { url: 'http://127.0.0.1:1', allowPrivateNetwork: true },
      () => null,
    );
    const failure = await failureOf(() => gone.resolveRevision(main(), signal));
    expect([failure.code, failure.isPassing]).toEqual(['hub_unreachable', true]);
  });
});
