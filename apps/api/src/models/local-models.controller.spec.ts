import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openManagementApp, type ManagementApp } from '../../../../test/support/management-app.js';
import { LocalModelsService } from './local-models.service.js';

interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: { path: string }[];
  };
}
const errorOf = (answer: supertest.Response) => (answer.body as ErrorBody).error;
const pathsOf = (answer: supertest.Response): string[] => [
  ...new Set((errorOf(answer)?.details ?? []).map(({ path }) => path)),
];
const attached = { engine: 'attached', endpoint: 'http://127.0.0.1:11434' };

describe('/api/local-models', () => {
  let gateway: ManagementApp;
  let count = 0;
  const post = (fields: object) => gateway.call('post', '/api/local-models').send(fields);
  const create = async (fields: object): Promise<{ id: string; name: string }> => {
    const answer = await post({ name: `m${(count += 1)}`, ...fields });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer.body as { id: string; name: string };
  };

  beforeAll(async () => {
    gateway = await openManagementApp();
    mkdirSync(join(gateway.modelDir, 'sub'));
    mkdirSync(join(gateway.dataDir, 'models-elsewhere'));
    for (const path of [
      'models/a.gguf',
      'models/sub/b.gguf',
      'models/c.txt',
      'models-elsewhere/d.gguf',
      'outside.gguf',
    ]) {
      writeFileSync(join(gateway.dataDir, path), 'GGUF');
    }
    mkdirSync(join(gateway.modelDir, 'folder.gguf'));
    symlinkSync(join(gateway.dataDir, 'outside.gguf'), join(gateway.modelDir, 'escape.gguf'));
    symlinkSync(join(gateway.modelDir, 'a.gguf'), join(gateway.modelDir, 'link.gguf'));
    const hubFolder = join(gateway.modelDir, 'models--org--m');
    mkdirSync(join(hubFolder, 'blobs'), { recursive: true });
    mkdirSync(join(hubFolder, 'snapshots/1'), { recursive: true });
    writeFileSync(join(hubFolder, 'blobs', 'a'.repeat(64)), 'GGUF');
    symlinkSync(`../../blobs/${'a'.repeat(64)}`, join(hubFolder, 'snapshots/1/hub.gguf'));
    symlinkSync('../../../c.txt', join(hubFolder, 'snapshots/1/other.gguf'));
  });
  afterAll(() => gateway.remove());

  it('answers every field, with defaults for what was not set', async () => {
    const modelPath = join(gateway.modelDir, 'a.gguf');

    expect(await create({ name: 'org/model:q4', engine: 'llama-server', modelPath })).toEqual({
      id: expect.any(String) as string,
      name: 'org/model:q4',
      engine: 'llama-server',
      modelPath,
      endpoint: null,
      upstreamModel: null,
      contextTokens: null,
      parallelSlots: 1,
      idleStopMs: 300_000,
      memoryBytes: null,
      isPinned: false,
      exclusiveGroup: null,
      whenAbandoned: 'auto',
      minResidencyMs: null,
      evictBusyAfterMs: null,
      keepWeight: 1,
      isSleepEnabled: false,
      onGatewayDeath: null,
      capabilities: null,
      isEnabled: true,
      state: 'cold',
      stateReason: null,
      commands: ['start', 'warm', 'pin'],
      createdAt: expect.any(Number) as number,
      updatedAt: expect.any(Number) as number,
    });
  });

  it.each([
    'a.gguf',
    'sub/b.gguf',
    'sub/../a.gguf',
    'link.gguf',
    'models--org--m/snapshots/1/hub.gguf',
  ])('takes %s in a model folder', async (path) => {
    await create({
      engine: 'embedded',
      modelPath: join(gateway.modelDir, path),
      idleStopMs: null,
    });
  });

  it.each([
    ['a file beside the folder', '../outside.gguf'],
    ['a file in a folder that begins alike', '../models-elsewhere/d.gguf'],
    ['a link that leads out', 'escape.gguf'],
    ['a file that is not there', 'none.gguf'],
    ['another kind of file', 'c.txt'],
    ['another kind of file behind a link', 'models--org--m/snapshots/1/other.gguf'],
    ['a content by its hash', `models--org--m/blobs/${'a'.repeat(64)}`],
    ['a folder', 'folder.gguf'],
    ['the folder itself', '.'],
    ['a name with a NUL', 'a.gguf\u0000.gguf'],
    ['an argument', '--help.gguf'],
  ])('refuses %s', async (_case, path) => {
    const answer = await post({
      name: 'never',
      engine: 'llama-server',
      modelPath: `${gateway.modelDir}/${path}`,
    });

    expect([answer.status, errorOf(answer).details.map((detail) => detail.path)]).toEqual([
      400,
      ['modelPath'],
    ]);
  });

  it.each([
    '/etc/passwd',
    'relative.gguf',
    'file:///etc/passwd.gguf',
    '\\\\host\\share\\a.gguf',
    '-m.gguf',
    '',
  ])('refuses the path %j in the same way', async (modelPath) => {
    const answer = await post({ name: 'never', engine: 'embedded', modelPath });

    expect([answer.status, errorOf(answer).details[0]?.path]).toEqual([400, 'modelPath']);
  });

  it.each([
    'https://127.0.0.1:1',
    'http://10.0.0.5:11434',
    'http://example.com:80',
    'http://127.0.0.1.example.com:80',
    'http://user@127.0.0.1:1',
    'http://127.0.0.1:1/path',
    'http://127.0.0.1:1/?a=b',
    'http://127.0.0.1:1/#a',
    'http://127.0.0.1:1/#',
    'http://127.0.0.1:1?',
    'http://127.0.0.1:1\n',
    'http://127.0.0.1',
    'http://0.0.0.0:1',
    'file:///etc/passwd',
    'nonsense',
  ])('refuses to attach to %s', async (endpoint) => {
    const answer = await post({ name: 'never', engine: 'attached', endpoint });

    expect([answer.status, pathsOf(answer)]).toEqual([400, ['endpoint']]);
  });

  it.each([
    'http://127.0.0.1:11434',
    'http://localhost:8080',
    'http://[::1]:1234',
    'http://127.0.0.1:80',
  ])('attaches to %s', async (endpoint) => {
    await create({ engine: 'attached', endpoint, upstreamModel: 'llama3.2:1b' });
  });

  it.each([
    [{ ...attached }, 'name'],
    [{ ...attached, name: '; id' }, 'name'],
    [{ ...attached, name: '-h' }, 'name'],
    [{ ...attached, name: 'a b' }, 'name'],
    [{ ...attached, name: 'a\n' }, 'name'],
    [{ name: 'never', engine: 'bash', modelPath: '/x.gguf' }, 'engine'],
    [{ name: 'never', engine: 'attached' }, 'endpoint'],
    [{ name: 'never', engine: 'embedded' }, 'modelPath'],
    [{ ...attached, name: 'never', command: '/bin/sh' }, 'command'],
    [{ ...attached, name: 'never', args: ['-c'] }, 'args'],
    [{ ...attached, name: 'never', env: { A: 'b' } }, 'env'],
    [{ ...attached, name: 'never', parallelSlots: 0 }, 'parallelSlots'],
    [{ ...attached, name: 'never', parallelSlots: 65 }, 'parallelSlots'],
    [{ ...attached, name: 'never', parallelSlots: null }, 'parallelSlots'],
    [{ ...attached, name: 'never', contextTokens: '4096' }, 'contextTokens'],
    [{ ...attached, name: 'never', idleStopMs: -1 }, 'idleStopMs'],
    [{ ...attached, name: 'never', upstreamModel: 'a b\n' }, 'upstreamModel'],
    [{ ...attached, name: 'never', memoryBytes: 1024 }, 'memoryBytes'],
    [{ ...attached, name: 'never', memoryBytes: 1.5e9 + 0.5 }, 'memoryBytes'],
    [{ ...attached, name: 'never', isPinned: 'yes' }, 'isPinned'],
    [{ ...attached, name: 'never', isPinned: null }, 'isPinned'],
    [{ ...attached, name: 'never', exclusiveGroup: 'a b' }, 'exclusiveGroup'],
    [{ ...attached, name: 'never', exclusiveGroup: '' }, 'exclusiveGroup'],
    [{ ...attached, name: 'never', whenAbandoned: 'maybe' }, 'whenAbandoned'],
    [{ ...attached, name: 'never', onGatewayDeath: 'adopt' }, 'onGatewayDeath'],
    [{ ...attached, name: 'never', minResidencyMs: -1 }, 'minResidencyMs'],
    [{ ...attached, name: 'never', minResidencyMs: 3_600_001 }, 'minResidencyMs'],
    [{ ...attached, name: 'never', minResidencyMs: 0.5 }, 'minResidencyMs'],
    [{ ...attached, name: 'never', evictBusyAfterMs: -1 }, 'evictBusyAfterMs'],
    [{ ...attached, name: 'never', evictBusyAfterMs: 3_600_001 }, 'evictBusyAfterMs'],
    [{ ...attached, name: 'never', keepWeight: 0 }, 'keepWeight'],
    [{ ...attached, name: 'never', keepWeight: null }, 'keepWeight'],
    [{ ...attached, name: 'never', keepWeight: '2' }, 'keepWeight'],
    [{ ...attached, name: 'never', capabilities: { takesTopK: 'no' } }, 'capabilities'],
    [{ ...attached, name: 'never', isSleepEnabled: true }, 'isSleepEnabled'],
    [{ ...attached, name: 'never', capabilities: { nonsense: true } }, 'capabilities'],
  ])('refuses %j and names the field', async (body, path) => {
    const answer = await post(body);

    expect([answer.status, pathsOf(answer)]).toEqual([400, [path]]);
  });

  it('may change its engine, and what belonged to the other one goes', async () => {
    const { id } = await create(attached);
    const modelPath = join(gateway.modelDir, 'a.gguf');
    const answer = await gateway
      .call('put', `/api/local-models/${id}`)
      .send({ engine: 'embedded', modelPath })
      .expect(200);

    expect(answer.body).toMatchObject({ engine: 'embedded', modelPath, endpoint: null });
  });

  it('keeps every setting of the supervision, changes it and takes it back', async () => {
    const settings = {
      memoryBytes: 6 * 1024 ** 3,
      isPinned: true,
      exclusiveGroup: 'large',
      whenAbandoned: 'finish',
      minResidencyMs: 120_000,
      evictBusyAfterMs: 30_000,
      keepWeight: 2.5,
      capabilities: { takesTopK: false },
      contextTokens: 8192,
      parallelSlots: 4,
      idleStopMs: null,
    };
    const { id } = await create({ ...attached, ...settings });
    const path = `/api/local-models/${id}`;
    expect((await gateway.call('get', path).expect(200)).body).toMatchObject(settings);
    const cleared = {
      memoryBytes: null,
      isPinned: false,
      exclusiveGroup: null,
      whenAbandoned: 'auto',
      minResidencyMs: null,
      evictBusyAfterMs: null,
      keepWeight: 1,
      capabilities: null,
    };
    await gateway.call('put', path).send(cleared).expect(200);
    expect((await gateway.call('get', path).expect(200)).body).toMatchObject({
      ...cleared,
      parallelSlots: 4,
    });
  });

  it('hands every change to the supervision, newer than the one before, and stops nothing itself', async () => {
    const { id } = await create(attached);
    const before = gateway.models.calls.length;
    const put = async (fields: object) =>
      (await gateway.call('put', `/api/local-models/${id}`).send(fields).expect(200)).body as {
        updatedAt: number;
      };
    const first = await put({ isPinned: true });
    const second = await put({ endpoint: 'http://127.0.0.1:2' });
    expect(second.updatedAt).toBeGreaterThan(first.updatedAt);
    expect(gateway.models.calls.slice(before)).toEqual([
      `configure ${id} ${first.updatedAt}`,
      `configure ${id} ${second.updatedAt}`,
    ]);
  });

  it('unloads what is disabled, and forgets what is deleted', async () => {
    const { id } = await create(attached);
    await gateway.call('put', `/api/local-models/${id}`).send({ isEnabled: false }).expect(200);
    expect(gateway.models.calls.at(-1)).toBe(`unload ${id}`);
    await gateway.call('delete', `/api/local-models/${id}`).expect(200);
    expect(gateway.models.calls.at(-1)).toBe(`forget ${id}`);
  });

  it('is started and stopped by name of its own call', async () => {
    const { id } = await create(attached);
    const started = await gateway.call('post', `/api/local-models/${id}/start`).expect(200);
    gateway.models.standing = { state: 'ready', reason: null, leases: 0 };
    await gateway.call('post', `/api/local-models/${id}/start`).expect(200);
    await gateway.call('post', `/api/local-models/${id}/stop`).expect(200);
    gateway.models.standing = { state: 'cold', reason: null, leases: 0 };
    await gateway.call('post', `/api/local-models/${id}/stop`).expect(200);

    expect(started.body).toMatchObject({ id, state: 'cold' });
    expect(gateway.models.calls.slice(-2)).toEqual([`start ${id}`, `stop ${id}`]);
    await gateway.call('post', '/api/local-models/none/start').expect(404);
    const unknown = await gateway.call('post', `/api/local-models/${id}/explode`).expect(404);
    expect(errorOf(unknown).message).toContain('unload');
  });

  it('is pinned and unpinned by a command, which is kept', async () => {
    const { id } = await create(attached);
    const command = (name: string) => gateway.call('post', `/api/local-models/${id}/${name}`);
    for (const _ of [1, 2]) {
      expect((await command('pin').expect(200)).body).toMatchObject({ isPinned: true });
    }
    expect((await gateway.call('get', `/api/local-models/${id}`)).body).toMatchObject({
      isPinned: true,
      commands: expect.arrayContaining(['unpin']) as string[],
    });
    expect((await command('unpin').expect(200)).body).toMatchObject({ isPinned: false });
  });

  it('refuses a command that cannot be carried out with 409, in words', async () => {
    const { id, name } = await create(attached);
    const answer = await gateway.call('post', `/api/local-models/${id}/sleep`);
    expect([answer.status, errorOf(answer).code]).toEqual([409, 'conflict']);
    expect(errorOf(answer).message).toContain(`${name}\` cannot sleep`);
  });

  it('refuses a name that is taken', async () => {
    const { name } = await create(attached);
    const answer = await post({ ...attached, name });

    expect([answer.status, errorOf(answer).code, errorOf(answer).details[0]?.path]).toEqual([
      409,
      'conflict',
      'name',
    ]);
  });

  it('refuses to be deleted while routes use it, and says which', async () => {
    const { id } = await create(attached);
    await gateway
      .call('post', '/api/model-routes')
      .send({ name: 'needs-it', targets: [{ kind: 'local', localModelId: id }] })
      .expect(201);
    const answer = await gateway.call('delete', `/api/local-models/${id}`);

    expect([answer.status, errorOf(answer).code]).toEqual([409, 'conflict']);
    expect(errorOf(answer).message).toContain('needs-it');
  });

  it('tells routing what is disabled', async () => {
    const { id } = await create(attached);
    const models = gateway.app.get(LocalModelsService, { strict: false });
    const isEnabled = async () =>
      (await models.snapshot()).find((model) => model.id === id)?.isEnabled;

    expect(await isEnabled()).toBe(true);
    await gateway.call('put', `/api/local-models/${id}`).send({ isEnabled: false }).expect(200);
    expect(await isEnabled()).toBe(false);
  });
});
