import { Logger } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type supertest from 'supertest';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openManagementApp, type ManagementApp } from '../../../../test/support/management-app.js';
import { ConfigurationChanges } from '../common/configuration-changes.js';
import { SqliteWriter } from '../database/sqlite-writer.js';
import { KeysService } from './keys.service.js';
import { VirtualKey } from './virtual-key.entity.js';

type Key = Record<string, unknown> & { readonly id: string; readonly secret: string };
const detailsOf = (answer: supertest.Response): string[] =>
  ((answer.body as { error?: { details: { path: string }[] } }).error?.details ?? []).map(
    ({ path }) => path,
  );

describe('/api/virtual-keys', () => {
  let gateway: ManagementApp;
  const create = async (fields: object = {}): Promise<Key> => {
    const answer = await gateway.call('post', '/api/virtual-keys').send({ name: 'app', ...fields });
    expect(answer.status).toBe(201);
    return answer.body as Key;
  };

  beforeAll(async () => {
    gateway = await openManagementApp();
  });
  afterAll(() => gateway.remove());

  it('answers the whole key when it is made, with every field at its default', async () => {
    const { secret, id, ...key } = await create();

    expect(secret).toMatch(/^sk-sw-[\w-]{43}$/);
    expect(id).toMatch(/^[\w-]{8,36}$/);
    expect(key).toEqual({
      name: 'app',
      prefix: secret.slice(0, 12),
      isEnabled: true,
      isPrivate: false,
      lossMode: null,
      mayFetchUrls: false,
      allowedRoutes: null,
      requestsPerMinute: null,
      maxConcurrent: null,
      budgetNanos: null,
      budgetWindow: 'total',
      fallbackBudgetNanos: null,
      fallbackBudgetWindow: 'month',
      spentNanos: 0,
      heldNanos: 0,
      fallbackSpentNanos: 0,
      fallbackHeldNanos: 0,
      expiresAt: null,
      lastUsedAt: null,
      createdAt: expect.any(Number) as number,
      revokedAt: null,
    });
  });

  it('never shows the secret again, nor its digest, and stores it nowhere', async () => {
    const { secret, id } = await create();
    const answers = await Promise.all([
      gateway.call('get', `/api/virtual-keys/${id}`),
      gateway.call('get', '/api/virtual-keys?range=[0,99]'),
      gateway.call('put', `/api/virtual-keys/${id}`).send({ name: 'other' }),
    ]);
    const texts = answers.map(({ text }) => text).join();
    const files = ['spillway.db', 'spillway.db-wal'].map((name) =>
      readFileSync(join(gateway.dataDir, name), 'latin1'),
    );

    expect(texts).not.toContain(secret);
    expect(texts).not.toMatch(/[0-9a-f]{64}/);
    expect(texts).not.toContain('"hash"');
    expect(files.join()).not.toContain(secret.slice(12));
  });

  it('reads back what was set, and takes any subset of the fields', async () => {
    const fields = {
      name: 'limited',
      isPrivate: true,
      allowedRoutes: ['a', 'b/c'],
      requestsPerMinute: 60,
      maxConcurrent: 4,
      budgetNanos: 5_000_000_000,
      budgetWindow: 'day',
      fallbackBudgetNanos: 1_000_000_000,
      fallbackBudgetWindow: 'total',
      expiresAt: 4_102_444_800_000,
    };
    const { id } = await create(fields);
    const changed = await gateway
      .call('put', `/api/virtual-keys/${id}`)
      .send({ budgetNanos: 0, allowedRoutes: null })
      .expect(200);

    expect(changed.body).toMatchObject({ ...fields, budgetNanos: 0, allowedRoutes: null });
  });

  it('shows the guard a key exactly as it was set', async () => {
    const { secret } = await create({
      name: 'seen',
      isPrivate: true,
      allowedRoutes: ['a'],
      budgetNanos: 7,
      budgetWindow: 'month',
      fallbackBudgetNanos: 3,
      fallbackBudgetWindow: 'day',
    });
    const principal = gateway.app.get(KeysService, { strict: false }).authenticate(secret);

    expect(principal).toMatchObject({
      name: 'seen',
      isPrivate: true,
      budgetNanos: 7,
      budgetWindow: 'month',
      fallbackBudgetNanos: 3,
      fallbackBudgetWindow: 'day',
      maxConcurrent: null,
    });
    expect([...(principal.allowedRoutes ?? [])]).toEqual(['a']);
    expect(Object.isFrozen(principal)).toBe(true);
  });

  it('accepts its read-only fields sent back and ignores them', async () => {
    const { secret: _secret, ...key } = await create({ name: 'echo' });
    const answer = await gateway
      .call('put', `/api/virtual-keys/${key.id}`)
      .send({
        ...key,
        id: 'other',
        spentNanos: 5,
        fallbackSpentNanos: 5,
        createdAt: 1,
        revokedAt: 2,
        prefix: 'sk-sw-',
        name: 'echo 2',
      })
      .expect(200);

    expect(answer.body).toEqual({ ...key, name: 'echo 2' });
  });

  it.each([
    [{}, ['name']],
    [{ name: '' }, ['name']],
    [{ name: ['a'] }, ['name']],
    [{ name: 'x'.repeat(101) }, ['name']],
    [{ name: 'a', hash: 'x' }, ['hash']],
    [{ name: 'a', secret: 'sk-sw-mine' }, ['secret']],
    [{ name: 'a', digest: 'x' }, ['digest']],
    [{ name: 'a', isEnabled: 'true' }, ['isEnabled']],
    [{ name: 'a', isEnabled: null }, ['isEnabled']],
    [{ name: 'a', allowedRoutes: 'all' }, ['allowedRoutes']],
    [{ name: 'a', allowedRoutes: [1] }, ['allowedRoutes']],
    [{ name: 'a', allowedRoutes: Array.from({ length: 1_001 }, () => 'r') }, ['allowedRoutes']],
    [{ name: 'a', requestsPerMinute: 0 }, ['requestsPerMinute']],
    [{ name: 'a', requestsPerMinute: 1.5 }, ['requestsPerMinute']],
    [{ name: 'a', maxConcurrent: -1 }, ['maxConcurrent']],
    [{ name: 'a', budgetNanos: -1 }, ['budgetNanos']],
    [{ name: 'a', budgetNanos: 1e300 }, ['budgetNanos']],
    [{ name: 'a', budgetNanos: '5' }, ['budgetNanos']],
    [{ name: 'a', budgetNanoDollars: 5 }, ['budgetNanoDollars']],
    [{ name: 'a', budgetWindow: 'week' }, ['budgetWindow']],
    [{ name: 'a', budgetWindow: null }, ['budgetWindow']],
    [{ name: 'a', expiresAt: '2030-01-01' }, ['expiresAt']],
    [{ name: 'a', expiresAt: 1e300 }, ['expiresAt']],
    [{ name: 'a', expiresAt: 253_402_300_800_000 }, ['expiresAt']],
  ])('refuses %j and names the field', async (body, paths) => {
    const answer = await gateway.call('post', '/api/virtual-keys').send(body);

    expect([
      answer.status,
      [...new Set(detailsOf(answer).map((path) => path.split('.')[0]))],
    ]).toEqual([400, paths]);
  });

  it.each(['[]', '"text"', '1', 'null', '{', ''])('refuses a body of %s', async (body) => {
    const answer = await gateway
      .call('post', '/api/virtual-keys')
      .set('content-type', 'application/json')
      .send(body);

    expect(answer.status).toBe(400);
  });

  it('revokes a key for good and keeps its row for the log', async () => {
    const { id, secret } = await create({ name: 'gone' });
    const deleted = await gateway.call('delete', `/api/virtual-keys/${id}`);
    const row = await gateway.call('get', `/api/virtual-keys/${id}`).expect(200);
    const raised = await gateway.call('put', `/api/virtual-keys/${id}`).send({ isEnabled: true });

    expect(deleted.status).toBeLessThan(300);
    expect((row.body as { revokedAt: unknown }).revokedAt).toEqual(expect.any(Number));
    expect([200, 409]).toContain(raised.status);
    expect(() => gateway.app.get(KeysService, { strict: false }).authenticate(secret)).toThrow(
      /revoked/,
    );
  });

  it('answers the same time of revocation when a key is revoked twice', async () => {
    const { id } = await create({ name: 'twice' });
    await gateway.call('delete', `/api/virtual-keys/${id}`);
    const first = (await gateway.call('get', `/api/virtual-keys/${id}`)).body as Key;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await gateway.call('delete', `/api/virtual-keys/${id}`);
    const second = (await gateway.call('get', `/api/virtual-keys/${id}`)).body as Key;

    expect(second['revokedAt']).toBe(first['revokedAt']);
  });

  it.each(['none', '%00', "'%20OR%201=1", '..', '%7B%7D'])('knows no key %s', async (id) => {
    const statuses = [
      (await gateway.call('get', `/api/virtual-keys/${id}`)).status,
      (await gateway.call('put', `/api/virtual-keys/${id}`).send({ name: 'a' })).status,
      (await gateway.call('delete', `/api/virtual-keys/${id}`)).status,
    ];

    expect(statuses.every((status) => status === 404)).toBe(true);
  });

  it('remembers across a restart when a key was last used', async () => {
    const { id, secret } = await create({ name: 'used' });
    gateway.app.get(KeysService, { strict: false }).authenticate(secret);
    const before = (await gateway.call('get', `/api/virtual-keys/${id}`)).body as Key;
    await gateway.close();
    gateway = await openManagementApp({ dataDir: gateway.dataDir });
    const after = (await gateway.call('get', `/api/virtual-keys/${id}`)).body as Key;

    expect(before['lastUsedAt']).toEqual(expect.any(Number));
    expect(after['lastUsedAt']).toBe(before['lastUsedAt']);
    expect(gateway.app.get(KeysService, { strict: false }).authenticate(secret).name).toBe('used');
  });

  it('does not forget an unwritten use when the key is edited, and writes each use once', async () => {
    const { id, secret } = await create({ name: 'busy' });
    const service = gateway.app.get(KeysService, { strict: false });
    const writer = gateway.app.get(SqliteWriter);
    service.authenticate(secret);
    const edited = await gateway.call('put', `/api/virtual-keys/${id}`).send({ name: 'busy 2' });
    const writes = vi.spyOn(writer, 'run');
    await service.writeLastUsed();
    await service.writeLastUsed();
    const stored = await gateway.app.get(DataSource).getRepository(VirtualKey).findOneBy({ id });

    expect(edited.body).toMatchObject({ lastUsedAt: expect.any(Number) as number });
    expect(stored?.lastUsedAt).toBe((edited.body as Key)['lastUsedAt']);
    expect(writes).toHaveBeenCalledTimes(1);
    writes.mockRestore();
  });

  it('goes on, and writes the use later, when the database cannot be written', async () => {
    const { id, secret } = await create({ name: 'unlucky' });
    const service = gateway.app.get(KeysService, { strict: false });
    const writes = vi
      .spyOn(gateway.app.get(SqliteWriter), 'run')
      .mockRejectedValueOnce(new Error('SQLITE_FULL'));
    const complaints = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    service.authenticate(secret);
    await service.writeLastUsed();
    expect(complaints).toHaveBeenCalledOnce();
    await service.writeLastUsed();
    writes.mockRestore();
    complaints.mockRestore();
    const stored = await gateway.app.get(DataSource).getRepository(VirtualKey).findOneBy({ id });

    expect(stored?.lastUsedAt).toEqual(expect.any(Number));
  });

  it('has told everybody of a change when the answer comes', async () => {
    const { id } = await create({ name: 'announced' });
    let heard = 0;
    const stop = gateway.app.get(ConfigurationChanges).subscribe(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      heard += 1;
    });
    await gateway.call('put', `/api/virtual-keys/${id}`).send({ isPrivate: true }).expect(200);
    expect(heard).toBe(1);
    await gateway.call('delete', `/api/virtual-keys/${id}`).expect(200);
    expect(heard).toBe(2);
    stop();
  });
});
