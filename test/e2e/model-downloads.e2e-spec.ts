import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeHub } from '../support/fake-hub.js';
import { gitHash, sha256 } from '../support/fake-hub/file-hashes.js';
import { hubToken } from '../support/fake-hub/hub-content.js';
import type { LocalModel, ManagementError } from '../support/management-client.js';
import { LocalEngines } from './local-engines.js';
import { TestBed } from './test-bed.js';

interface Download {
  readonly id: string;
  readonly repository: string;
  readonly state: string;
  readonly commit: string | null;
  readonly fileCount: number | null;
  readonly filesDone: number;
  readonly totalBytes: number | null;
  readonly doneBytes: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly retryAt: number | null;
  readonly modelPath: string | null;
}

/** A GGUF in name and first bytes, so large that a connection can break in the middle of it. */
const gguf = (seed: string, sizeBytes = 400_000): Buffer =>
  Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(sizeBytes, seed)]);
const model = gguf('weights of the model ');
const snapshotFiles = {
  '.gitattributes': 'x',
  'README.md': '# A model',
  'config.json': '{"model_type":"llama"}',
  'model-00001-of-00002.safetensors': gguf('first part '),
  'model-00002-of-00002.safetensors': gguf('second part '),
  'sub/tokenizer.json': '{}',
  'pytorch_model.bin': gguf('pickled '),
  'modeling_custom.py': 'import os',
};
const hubToBe = FakeHub.start();
const engines = new LocalEngines();
let hub: FakeHub;
let bed: TestBed;
let models: string;

beforeAll(async () => {
  hub = await hubToBe;
  hub.add('org/plain', { 'model-Q4.gguf': model, 'model-Q8.gguf': gguf('larger '), 'a.bin': 'x' });
  hub.add('org/whole', snapshotFiles);
  hub.add('org/split', {
    'q4/big-00001-of-00003.gguf': gguf('1'),
    'q4/big-00002-of-00003.gguf': gguf('2'),
    'q4/big-00003-of-00003.gguf': gguf('3'),
    'q8/big-00001-of-00002.gguf': gguf('4'),
  });
  hub.add('org/gated', snapshotFiles, 'gated');
  hub.add('org/private', { 'secret.gguf': gguf('private ') }, 'private');
  const env = {
    ...engines.env,
    SPILLWAY_MODEL_DOWNLOADS: 'on',
    SPILLWAY_HUB_URL: hub.url,
    SPILLWAY_HUB_PRIVATE_NETWORK: 'on',
  };
  bed = await TestBed.open({ env });
  models = join(bed.gateway.dataDir, 'models');
});
beforeEach(() => hub.reset());
afterAll(async () => {
  await bed.close();
  await hub.close();
});

const start = (fields: object) => bed.admin.call<Download>('POST', '/model-downloads', fields);
const read = (id: string) => bed.admin.get<Download>(`/model-downloads/${id}`);
const act = (id: string, action: string) =>
  bed.admin.call<Download>('POST', `/model-downloads/${id}/${action}`, {});
const remove = (id: string, query = '') =>
  bed.admin.send<Download & ManagementError>('DELETE', `/model-downloads/${id}${query}`);
const until = async (id: string, states: readonly string[]): Promise<Download> => {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const download = await read(id);
    if (states.includes(download.state)) return download;
    if (Date.now() > deadline)
      throw new Error(`not ${states.join('/')}: ${JSON.stringify(download)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const untilBytes = async (id: string, atLeast: number): Promise<void> => {
  const deadline = Date.now() + 30_000;
  while ((await read(id)).doneBytes < atLeast) {
    if (Date.now() > deadline) throw new Error(`no ${atLeast} bytes came`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const finish = async (fields: object): Promise<Download> => {
  const done = await until((await start(fields)).id, ['done', 'failed']);
  expect([done.state, done.errorMessage]).toEqual(['done', null]);
  return done;
};
const rangesOf = (server: 'hub' | 'store') =>
  hub.requests.filter((request) => request.server === server).map(({ headers }) => headers.range);

describe('a GGUF file', () => {
  it('is fetched into the layout of the hub’s cache, found, and called after one click', async () => {
    const { id, commit, modelPath, totalBytes, doneBytes } = await finish({
      repository: 'org/plain',
      files: 'model-Q4.gguf',
    });
    expect([totalBytes, doneBytes]).toEqual([model.length, model.length]);
    const folder = join(models, 'models--org--plain');
    expect(modelPath).toBe(join(folder, 'snapshots', commit ?? '', 'model-Q4.gguf'));
    expect(readlinkSync(modelPath ?? '')).toBe(join('../../blobs', sha256(model)));
    expect(readFileSync(modelPath ?? '').equals(model)).toBe(true);
    expect(readFileSync(join(folder, 'refs/main'), 'utf8')).toBe(commit);
    expect(readdirSync(join(folder, 'blobs'))).toEqual([sha256(model)]);
    expect(statSync(modelPath ?? '').mode & 0o777).toBe(0o600);

    const { models: found } = await bed.admin.get<{
      models: { id: string; name: string; modelPath: string }[];
    }>('/discovery');
    const find = found.find((candidate) => candidate.modelPath === modelPath);
    expect(find?.name).toBe('model-Q4');
    const { localModel } = await bed.admin.call<{ localModel: LocalModel }>(
      'POST',
      '/discovery/models',
      { findId: find?.id },
    );
    expect((await bed.ask('openai-chat', 'model-Q4')).status).toBe(200);

    const refused = await remove(id);
    expect([refused.status, refused.body.error.code]).toEqual([409, 'conflict']);
    expect(refused.body.error.message).toContain('model-Q4');
    const routes = await bed.admin.list<{ id: string; name: string }>('model-routes');
    await bed.admin.remove(
      'model-routes',
      routes.find(({ name }) => name === 'model-Q4')?.id ?? '',
    );
    await bed.admin.remove('local-models', localModel.id);
    expect((await remove(id)).status).toBe(200);
    expect(existsSync(modelPath ?? '')).toBe(false);
    expect(existsSync(join(folder, 'blobs'))).toBe(false);
  });

  it('that is split comes with all its parts', async () => {
    const { modelPath, fileCount, id } = await finish({
      repository: 'org/split',
      files: 'q4/big-00002-of-00003.gguf',
    });
    expect(fileCount).toBe(3);
    expect(modelPath?.endsWith('/q4/big-00001-of-00003.gguf')).toBe(true);
    expect(lstatSync(modelPath ?? '').isSymbolicLink()).toBe(true);
    await remove(id, '?keepFiles=true');
    expect(existsSync(modelPath ?? '')).toBe(true);
  });

  it('of which parts are missing is refused before a byte comes', async () => {
    const { id } = await start({ repository: 'org/split', files: 'q8/*' });
    const failed = await until(id, ['failed']);
    expect(failed.errorCode).toBe('no_match');
    expect(hub.paths('store')).toEqual([]);
    await remove(id);
  });
});

describe('a whole snapshot', () => {
  it('comes without code and pickled weights, and is found as one model', async () => {
    const { modelPath, commit, id } = await finish({ repository: 'org/whole', revision: 'main' });
    expect(modelPath).toBe(join(models, 'models--org--whole/snapshots', commit ?? ''));
    expect(readdirSync(modelPath ?? '').sort()).toEqual([
      'README.md',
      'config.json',
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
      'sub',
    ]);
    const nested = join(modelPath ?? '', 'sub/tokenizer.json');
    expect(readlinkSync(nested)).toBe(join('../../../blobs', gitHash('{}')));
    const { models: found } = await bed.admin.get<{ models: { name: string }[] }>('/discovery');
    expect(found.map(({ name }) => name)).toContain('org/whole');
    await remove(id);
    expect(existsSync(join(models, 'models--org--whole'))).toBe(false);
  });

  it('of a repository of GGUF files must say which', async () => {
    const { id } = await start({ repository: 'org/plain' });
    const { errorCode, errorMessage } = await until(id, ['failed']);
    expect(errorCode).toBe('no_match');
    expect(errorMessage).toContain('model-Q4.gguf');
    await remove(id);
  });
});

describe('a connection that breaks', () => {
  it('is taken up where it ended', async () => {
    let cuts = 0;
    hub.fault = ({ server }) =>
      server === 'store' && (cuts += 1) <= 2 ? { cutAfterBytes: 100_000 } : null;
    const { id } = await finish({ repository: 'org/plain', files: 'model-Q4.gguf' });
    const [first, second, third] = rangesOf('store');
    expect([first, cuts]).toEqual([undefined, 3]);
    for (const range of [second, third]) expect(range).toMatch(/^bytes=[1-9]\d+-$/);
    expect(hub.requests.at(-1)?.headers['if-range']).toMatch(/^"store-/);
    await remove(id);
  });

  it('begins anew when the server does not go on, or has other content by now', async () => {
    for (const second of [{ ignoresRange: true } as const, { etag: '"changed"' }]) {
      let requests = 0;
      hub.fault = ({ server }) => {
        if (server === 'hub') return null;
        return (requests += 1) === 1 ? { cutAfterBytes: 100_000 } : second;
      };
      const { id, modelPath } = await finish({ repository: 'org/plain', files: 'model-Q4.gguf' });
      expect(readFileSync(modelPath ?? '').equals(model)).toBe(true);
      await remove(id);
    }
  });

  it('waits as long as the hub asks', async () => {
    let refusals = 0;
    hub.fault = ({ path }) =>
      path.includes('/tree/') && (refusals += 1) === 1
        ? { status: 429, headers: { 'retry-after': '2' } }
        : null;
    const begun = Date.now();
    const { id } = await start({ repository: 'org/plain', files: 'model-Q4.gguf' });
    const waiting = await until(id, ['waiting']);
    expect([waiting.errorCode, (waiting.retryAt ?? 0) > begun]).toEqual(['rate_limited', true]);
    await until(id, ['done']);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(2_000);
    await remove(id);
  });
});

describe('wrong content', () => {
  it('never gets its name, and is fetched once more', async () => {
    let answers = 0;
    hub.fault = ({ server }) =>
      server === 'store' && (answers += 1) === 1
        ? { content: Buffer.alloc(model.length, 'x') }
        : null;
    const { id, modelPath } = await finish({ repository: 'org/plain', files: 'model-Q4.gguf' });
    expect(readFileSync(modelPath ?? '').equals(model)).toBe(true);
    await remove(id);
  });

  it('twice ends the download, and nothing of it stays', async () => {
    hub.fault = ({ server }) =>
      server === 'store' ? { content: Buffer.alloc(model.length, 'x') } : null;
    const { id } = await start({ repository: 'org/plain', files: 'model-Q4.gguf' });
    const failed = await until(id, ['failed']);
    expect([failed.errorCode, failed.doneBytes]).toEqual(['wrong_content', 0]);
    expect(readdirSync(join(models, 'models--org--plain/blobs'))).toEqual([]);
    hub.reset();
    await act(id, 'resume');
    await until(id, ['done']);
    await remove(id);
  });
});

describe('what the hub refuses', () => {
  it.each([
    [{ repository: 'org/none', files: 'a.gguf' }, 'not_found'],
    [{ repository: 'org/plain', revision: 'v9', files: 'a.gguf' }, 'not_found'],
    [{ repository: 'org/plain', files: 'none.gguf' }, 'no_match'],
    [{ repository: 'org/plain', files: 'a.bin' }, 'no_match'],
    [{ repository: 'org/private', files: '*' }, 'not_found'],
    [{ repository: 'org/gated' }, 'gated'],
  ])('is told with a reason: %j is %s', async (fields, code) => {
    const { id } = await start(fields);
    const failed = await until(id, ['failed']);
    expect(failed.errorCode).toBe(code);
    await remove(id);
  });

  it('by sending elsewhere is not followed', async () => {
    for (const [location, code] of [
      ['http://169.254.169.254/latest/meta-data', 'redirect_refused'],
      ['http://192.168.0.1/x', 'redirect_refused'],
      ['https://169.254.169.254/x', 'redirect_refused'],
    ] as const) {
      hub.fault = ({ path }) => (path.includes('/resolve/') ? { location } : null);
      const { id } = await start({ repository: 'org/plain', files: 'model-Q4.gguf' });
      expect((await until(id, ['failed'])).errorCode).toBe(code);
      await remove(id);
    }
    hub.fault = ({ path }) =>
      path.includes('/resolve/') ? { status: 302, headers: { location: path } } : null;
    const { id } = await start({ repository: 'org/plain', files: 'model-Q4.gguf' });
    expect((await until(id, ['failed'])).errorCode).toBe('redirect_refused');
    await remove(id);
  });

  it('for names that lead out of the folder, or sizes no disk has, nothing is fetched', async () => {
    const entry = (path: string, size: number) => ({
      type: 'file',
      path,
      size,
      oid: '0'.repeat(40),
      lfs: { oid: 'a'.repeat(64), size },
    });
    for (const [path, size, code] of [
      ['../../../escape.gguf', 10, 'unsafe_name'],
      ['/etc/escape.gguf', 10, 'unsafe_name'],
      ['a/../../escape.gguf', 10, 'unsafe_name'],
      ['a\\escape.gguf', 10, 'unsafe_name'],
      ['huge.gguf', 10 ** 15, 'no_space'],
    ] as const) {
      hub.fault = (request) =>
        request.path.includes('/tree/')
          ? { status: 200, body: JSON.stringify([entry(path, size)]) }
          : null;
      const { id } = await start({ repository: 'org/plain', files: '*.gguf' });
      expect([path, (await until(id, ['failed'])).errorCode]).toEqual([path, code]);
      expect(hub.paths('store')).toEqual([]);
      await remove(id);
    }
  });
});

describe('a download under way', () => {
  const stall = (): void => {
    hub.fault = ({ server }) => (server === 'store' ? { stallAfterBytes: 150_000 } : null);
  };

  it('is paused with what came, and resumed from there, one at a time', async () => {
    stall();
    const { id } = await start({ repository: 'org/plain', files: 'model-Q4.gguf' });
    await untilBytes(id, 150_000);
    const second = await start({ repository: 'org/plain', files: 'model-Q8.gguf' });
    expect((await read(second.id)).state).toBe('queued');
    hub.reset();
    expect((await act(id, 'pause')).state).toBe('paused');
    await until(second.id, ['done']);
    await act(id, 'resume');
    await until(id, ['done']);
    expect(rangesOf('store')).toEqual([undefined, 'bytes=150000-']);
    for (const each of [id, second.id]) await remove(each);
  });

  it('is cancelled without a trace, and not twice', async () => {
    stall();
    const { id } = await start({ repository: 'org/plain', files: 'model-Q4.gguf' });
    await untilBytes(id, 1);
    expect((await act(id, 'cancel')).state).toBe('cancelled');
    expect(readdirSync(join(models, 'models--org--plain/blobs'))).toEqual([]);
    expect((await bed.admin.send('POST', `/model-downloads/${id}/cancel`, {})).status).toBe(409);
    expect((await bed.admin.send('POST', `/model-downloads/${id}/pause`, {})).status).toBe(409);
    await remove(id);
    expect(existsSync(join(models, 'models--org--plain/blobs'))).toBe(false);
    expect((await remove(id)).status).toBe(404);
  });

  it('goes on after a restart, and after a crash', async () => {
    for (const isCrash of [false, true]) {
      stall();
      const { id } = await start({ repository: 'org/plain', files: 'model-Q4.gguf' });
      await untilBytes(id, 150_000);
      hub.reset();
      if (isCrash) await bed.gateway.kill();
      await bed.resume(await bed.gateway.restart());
      const { doneBytes } = await until(id, ['done']);
      expect([doneBytes, rangesOf('store').at(-1)]).toEqual([model.length, 'bytes=150000-']);
      await remove(id);
    }
  });
});

describe('the token', () => {
  it('is stored sealed, opens what is closed, and is shown nowhere', async () => {
    const before = await bed.admin.get<object>('/model-hub');
    expect(before).toMatchObject({ isEnabled: true, url: hub.url, tokenSource: null });
    const after = await bed.admin.call<object>('PUT', '/model-hub', { token: hubToken });
    expect(after).toMatchObject({ tokenSource: 'stored', tokenHint: `…${hubToken.slice(-4)}` });
    const gated = await finish({ repository: 'org/gated' });
    const closed = await finish({ repository: 'org/private', files: '*.gguf' });
    for (const { server, headers } of hub.requests) {
      if (server === 'store') expect(headers.authorization).toBeUndefined();
    }
    const shown = JSON.stringify([
      after,
      await bed.admin.get('/model-hub'),
      await bed.admin.list('model-downloads'),
      bed.gateway.output,
    ]);
    expect(shown).not.toContain(hubToken);
    expect(shown).not.toContain('secret-signature');
    const database = readdirSync(bed.gateway.dataDir)
      .filter((name) => name.startsWith('spillway.db'))
      .map((name) => readFileSync(join(bed.gateway.dataDir, name), 'latin1'));
    expect(database.join('')).not.toContain(hubToken);
    for (const { id } of [gated, closed]) await remove(id);
    await bed.admin.call('PUT', '/model-hub', { token: null });
    expect(await bed.admin.get('/model-hub')).toMatchObject({ tokenSource: null });
  });

  it('may come from the environment, and the stored one comes first', async () => {
    await bed.resume(await bed.gateway.restart({ HF_TOKEN: hubToken }));
    expect(await bed.admin.get('/model-hub')).toMatchObject({ tokenSource: 'environment' });
    const { id } = await finish({ repository: 'org/private', files: '*.gguf' });
    await remove(id);
    await bed.admin.call('PUT', '/model-hub', { token: 'hf_another' });
    const refused = await start({ repository: 'org/private', files: '*.gguf' });
    expect((await until(refused.id, ['failed'])).errorCode).toBe('token_refused');
    await remove(refused.id);
    await bed.admin.call('PUT', '/model-hub', { token: null });
    expect(bed.gateway.output).not.toContain(hubToken);
  });
});

describe('bad input', () => {
  it.each([
    [{}, 'repository'],
    [{ repository: 'model' }, 'repository'],
    [{ repository: '../etc' }, 'repository'],
    [{ repository: 'a/b/c' }, 'repository'],
    [{ repository: 'a--b/c' }, 'repository'],
    [{ repository: 'a/..' }, 'repository'],
    [{ repository: 'org/plain?x=1' }, 'repository'],
    [{ repository: 'org/plain\n' }, 'repository'],
    [{ repository: 7 }, 'repository'],
    [{ repository: 'org/plain', revision: '../main' }, 'revision'],
    [{ repository: 'org/plain', revision: '' }, 'revision'],
    [{ repository: 'org/plain', revision: 'a//b' }, 'revision'],
    [{ repository: 'org/plain', files: '../x' }, 'files'],
    [{ repository: 'org/plain', files: '/etc/passwd' }, 'files'],
    [{ repository: 'org/plain', files: '' }, 'files'],
    [{ repository: 'org/plain', files: 'a\u0000b' }, 'files'],
    [{ repository: 'org/plain', url: 'http://10.0.0.1/' }, 'url'],
    [{ repository: 'org/plain', path: '/tmp' }, 'path'],
  ])('%j is a 400 that names %s', async (fields, path) => {
    const { status, body } = await bed.admin.send('POST', '/model-downloads', fields);
    expect([status, body.error.details?.[0]?.path]).toEqual([400, path]);
  });

  it('in a token, a flag, an id or a filter is a 4xx', async () => {
    for (const token of ['a b', 'a\nb', '', 7, undefined]) {
      expect((await bed.admin.send('PUT', '/model-hub', { token })).status).toBe(400);
    }
    const put = await bed.admin.send('PUT', '/model-hub', { token: null, url: 'http://evil/' });
    expect(put.status).toBe(200);
    expect((await bed.admin.get<{ url: string }>('/model-hub')).url).toBe(hub.url);
    expect((await bed.admin.send('POST', '/model-downloads/none/resume', {})).status).toBe(404);
    const { id } = await finish({ repository: 'org/plain', files: 'model-Q4.gguf' });
    expect((await remove(id, '?keepFiles=perhaps')).status).toBe(400);
    const query = encodeURIComponent(JSON.stringify({ q: 'plain' }));
    const found = await bed.admin.get<Download[]>(`/model-downloads?filter=${query}`);
    expect(found.map((row) => row.id)).toEqual([id]);
    await remove(id);
  });

  it('that asks for the same twice is a 409', async () => {
    hub.fault = ({ server }) => (server === 'store' ? { stallAfterBytes: 1 } : null);
    const fields = { repository: 'org/plain', files: 'model-Q4.gguf' };
    const { id } = await start(fields);
    expect((await bed.admin.send('POST', '/model-downloads', fields)).status).toBe(409);
    await remove(id);
  });
});

describe('a host that has not switched it on', () => {
  it('fetches nothing, and shows what was begun as paused', async () => {
    hub.fault = ({ server }) => (server === 'store' ? { stallAfterBytes: 1_000 } : null);
    const { id } = await start({ repository: 'org/plain', files: 'model-Q4.gguf' });
    await untilBytes(id, 1_000);
    await bed.resume(await bed.gateway.restart({ SPILLWAY_MODEL_DOWNLOADS: 'off' }));
    hub.reset();
    expect(await read(id)).toMatchObject({ state: 'paused', doneBytes: 1_000 });
    for (const [path, body] of [
      ['/model-downloads', { repository: 'org/plain', files: 'model-Q8.gguf' }],
      [`/model-downloads/${id}/resume`, {}],
    ] as const) {
      const answer = await bed.admin.send('POST', path, body);
      expect([answer.status, answer.body.error.code]).toEqual([403, 'permission_denied']);
      expect(answer.body.error.message).toContain('SPILLWAY_MODEL_DOWNLOADS=on');
    }
    expect(hub.requests).toEqual([]);
    expect((await remove(id)).status).toBe(200);
  });
});
