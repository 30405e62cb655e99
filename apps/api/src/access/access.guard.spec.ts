import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openManagementApp, type ManagementApp } from '../../../../test/support/management-app.js';
import { KeysService } from '../keys/keys.service.js';

describe('AccessGuard', () => {
  let gateway: ManagementApp;
  let keys: KeysService;
  let secret: string;

  const codeOf = (answer: supertest.Response): string | undefined =>
    (answer.body as { error?: { code: string } }).error?.code;
  const infer = () => supertest(gateway.origin).post('/probe/inference');

  beforeAll(async () => {
    gateway = await openManagementApp();
    keys = gateway.app.get(KeysService, { strict: false });
    ({ secret } = await keys.create({ name: 'app' }));
  });
  afterAll(() => gateway.remove());

  describe('who gets in', () => {
    it('lets anybody use a public route', async () => {
      await supertest(gateway.origin).get('/probe/public').expect(200);
    });

    it('keeps everybody out of a route that nobody marked', async () => {
      const read = await supertest(gateway.origin).get('/probe/unmarked');
      const change = await supertest(gateway.origin).post('/probe/unmarked').send({});

      expect([read.status, change.status]).toEqual([401, 401]);
    });

    it('lets an administrator do everything', async () => {
      await gateway.call('get', '/probe/unmarked').expect(200);
      await gateway.call('post', '/probe/unmarked').send({}).expect(201);
      await gateway.call('get', '/probe/admin').expect(200);
    });

    it('gets what the browser must neither keep nor take for something else', async () => {
      for (const path of ['/api/providers', '/api/request-logs', '/probe/unmarked']) {
        const { headers } = await gateway.call('get', path).expect(200);
        expect([headers['cache-control'], headers['x-content-type-options']]).toEqual([
          'no-store',
          'nosniff',
        ]);
      }
    });

    it('does not take a virtual key for a sign-in, nor a sign-in for a virtual key', async () => {
      const management = await gateway.call('get', '/probe/unmarked', secret);
      const inference = await infer().set('authorization', `Bearer ${gateway.token}`);

      expect([management.status, inference.status]).toEqual([401, 401]);
      expect(codeOf(inference)).toBe('authentication_failed');
    });
  });

  describe('the key of an inference call', () => {
    it.each([
      ['authorization', () => `Bearer ${secret}`],
      ['authorization', () => `bearer ${secret}`],
      ['x-api-key', () => secret],
    ])('is read from %s', async (header, value) => {
      const answer = await infer().set(header, value());

      expect([answer.status, answer.body]).toEqual([201, { key: 'app' }]);
    });

    it('may be sent twice when both are the same', async () => {
      await infer().set('x-api-key', secret).set('authorization', `Bearer ${secret}`).expect(201);
    });

    it('may not be two different ones', async () => {
      const { secret: other } = await keys.create({ name: 'other' });
      const answer = await infer().set('x-api-key', other).set('authorization', `Bearer ${secret}`);

      expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_request']);
    });

    it.each([
      ['nothing at all', {}],
      ['an empty key', { 'x-api-key': '' }],
      ['another scheme', { authorization: 'Basic c2VjcmV0' }],
      ['a header that is not read', { 'api-key': 'sk-sw-x' }],
      ['SQL', { authorization: "Bearer ' OR 1=1 --" }],
      ['a key that is a prefix', { 'x-api-key': 'sk-sw-' }],
    ])('is missing or unknown with %s', async (_case, headers) => {
      const answer = await infer().set(headers);

      expect([answer.status, codeOf(answer)]).toEqual([401, 'authentication_failed']);
    });

    it('is told apart from another one that only begins alike', async () => {
      for (const length of [12, 20, 40, secret.length - 1]) {
        const alike = secret.slice(0, length).padEnd(secret.length, 'A');
        if (alike !== secret) await infer().set('x-api-key', alike).expect(401);
      }
    });

    it('stops working with the next request once it is revoked, disabled or expired', async () => {
      const made = await keys.create({ name: 'short-lived' });
      const status = async () => codeOf(await infer().set('x-api-key', made.secret)) ?? 'in';

      expect(await status()).toBe('in');
      await keys.update(made.key.id, { isEnabled: false });
      expect(await status()).toBe('key_disabled');
      await keys.update(made.key.id, { isEnabled: true, expiresAt: 1 });
      expect(await status()).toBe('key_expired');
      await keys.update(made.key.id, { expiresAt: null });
      expect(await status()).toBe('in');
      await keys.revoke(made.key.id);
      expect(await status()).toBe('key_disabled');
    });
  });

  describe('a key in the URL', () => {
    it.each(['key', 'api_key', 'token', 'access_token', 'API_KEY', '%6Bey', 'api%5Fkey'])(
      'named %s is refused on every route',
      async (name) => {
        for (const path of ['/probe/public', '/probe/unmarked']) {
          const answer = await gateway.call('get', `${path}?a=1&${name}=x`);
          expect([path, answer.status, codeOf(answer)]).toEqual([path, 400, 'key_in_url']);
        }
        const answer = await infer().set('x-api-key', secret).query(`${name}=x`);
        expect(answer.status).toBe(400);
      },
    );

    it('is not seen in a value that only speaks of one', async () => {
      await gateway.call('get', '/probe/unmarked?q=a%26key%3D1&monkey=2').expect(200);
    });
  });

  describe('the host name', () => {
    it.each([
      'localhost',
      'localhost:4747',
      '127.0.0.1:1',
      '[::1]:4747',
      'gateway.example',
      'GATEWAY.example:443',
    ])('%s is one of ours', async (host) => {
      await supertest(gateway.origin).get('/probe/public').set('host', host).expect(200);
    });

    it.each([
      'attacker.example',
      'localhost.attacker.example',
      '127.0.0.1.attacker.example',
      'gateway.example.org',
      'localhost@attacker.example',
      ':80',
    ])('%s is not, on any route', async (host) => {
      for (const path of ['/probe/public', '/probe/unmarked']) {
        const answer = await gateway.call('get', path).set('host', host);
        expect([answer.status, codeOf(answer)]).toEqual([403, 'host_not_allowed']);
      }
    });
  });

  describe('the origin of a change', () => {
    it('may be our own or none', async () => {
      await gateway
        .call('post', '/probe/unmarked')
        .send({})
        .set('origin', gateway.origin)
        .expect(201);
      await gateway.call('post', '/probe/unmarked').send({}).expect(201);
    });

    it.each(['https://attacker.example', 'null', 'http://127.0.0.1:1', 'http://localhost', ''])(
      'may not be %j',
      async (origin) => {
        const answer = await gateway.call('post', '/probe/unmarked').send({}).set('origin', origin);
        expect(answer.status).toBe(403);
        const inference = await infer().set('x-api-key', secret).set('origin', origin);
        expect(inference.status).toBe(403);
      },
    );

    it('does not matter for reading', async () => {
      await gateway
        .call('get', '/probe/unmarked')
        .set('origin', 'https://attacker.example')
        .expect(200);
    });
  });
});
