import { Logger } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { getRepositoryToken } from '@nestjs/typeorm';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import supertest from 'supertest';
import { DataSource, IsNull, type Repository } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  admin,
  openManagementApp,
  type ManagementApp,
} from '../../../../test/support/management-app.js';
import { Session } from './session.entity.js';
import { SessionsService } from './sessions.service.js';
import { SetupService } from './setup.service.js';
import { User } from './user.entity.js';

interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}
const codeOf = (answer: supertest.Response): string => (answer.body as ErrorBody).error.code;

async function signInViewer(gateway: ManagementApp): Promise<string> {
  const viewer: User = {
    id: 'viewer',
    username: 'viewer',
    role: 'viewer',
    passwordHash: 'none',
    createdAt: 0,
  };
  await gateway.app.get(DataSource).getRepository(User).insert(viewer);
  return gateway.app.get(SessionsService, { strict: false }).open(viewer);
}

describe('first set-up', () => {
  let gateway: ManagementApp;
  let setup: SetupService;
  const claim = (token: string, username = 'root') =>
    supertest(gateway.origin)
      .post('/api/auth/setup')
      .send({ token, username, password: 'long enough for it' });

  beforeEach(async () => {
    gateway = await openManagementApp({ isSetUp: false });
    setup = gateway.app.get(SetupService, { strict: false });
  });
  afterEach(() => gateway.remove());

  it('is asked for while there is nobody, and by every route that needs a sign-in', async () => {
    const state = await supertest(gateway.origin).get('/api/auth/state').expect(200);
    const closed = await supertest(gateway.origin).get('/api/providers').expect(401);

    expect(state.body).toEqual({ needsSetup: true, version: '0.0.0-test' });
    expect(codeOf(closed)).toBe('setup_required');
  });

  it('is done once, with the token from the console, and signs in', async () => {
    const token = (await setup.issueToken()) ?? '';
    const answer = await claim(token, 'Root').expect(200);
    const { token: session, user } = answer.body as { token: string; user: object };

    expect(user).toEqual({ id: expect.any(String) as string, username: 'root', role: 'admin' });
    await gateway.call('get', '/api/auth/me', session).expect(200);
    expect((await claim(token)).status).toBe(401);
    expect(await setup.issueToken()).toBeNull();
    const state = await supertest(gateway.origin).get('/api/auth/state');
    expect(state.body).toMatchObject({ needsSetup: false });
  });

  it('keeps the token in a file for its owner only, and removes it when it is used', async () => {
    const token = (await setup.issueToken()) ?? '';
    const path = join(gateway.dataDir, 'setup-token');
    expect(readFileSync(path, 'utf8').trim()).toBe(token);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await claim(token).expect(200);

    expect(existsSync(path)).toBe(false);
  });

  it('has one winner when two claim it at once', async () => {
    const token = (await setup.issueToken()) ?? '';
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => claim(token, name)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(3);
    expect(await gateway.app.get(DataSource).getRepository(User).count()).toBe(1);
  });

  it('refuses a wrong token without using up the right one', async () => {
    const token = (await setup.issueToken()) ?? '';
    for (const wrong of [
      'x',
      token.slice(0, -1),
      `${token}0`,
      token.toUpperCase().replace(/\d/g, '0'),
    ]) {
      expect((await claim(wrong)).status).toBe(401);
    }
    await claim(token).expect(200);
  });

  it('refuses a short password and an odd name by field, and the token is still good', async () => {
    const token = (await setup.issueToken()) ?? '';
    const answer = await supertest(gateway.origin)
      .post('/api/auth/setup')
      .send({ token, username: 'a b', password: 'short', role: 'admin' });
    const { details } = (answer.body as { error: { details: { path: string }[] } }).error;

    expect(answer.status).toBe(400);
    expect(details.map(({ path }) => path).sort()).toEqual(['password', 'role', 'username']);
    await claim(token).expect(200);
  });

  it('can be tried again with the same token when the database fails', async () => {
    const token = (await setup.issueToken()) ?? '';
    const users = gateway.app.get<Repository<User>>(getRepositoryToken(User), { strict: false });
    const insert = vi.spyOn(users, 'insert').mockRejectedValueOnce(new Error('SQLITE_FULL'));
    const complaints = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    expect((await claim(token)).status).toBe(500);
    insert.mockRestore();
    complaints.mockRestore();

    expect(existsSync(join(gateway.dataDir, 'setup-token'))).toBe(true);
    await claim(token).expect(200);
  });

  it('is impossible before a token was issued', async () => {
    expect((await claim('')).status).toBe(400);
    expect((await claim('0'.repeat(64))).status).toBe(401);
  });
});

describe('sign-in', () => {
  let gateway: ManagementApp;
  const login = (username: string, password: string) =>
    supertest(gateway.origin).post('/api/auth/login').send({ username, password });

  beforeAll(async () => {
    gateway = await openManagementApp();
  });
  afterAll(() => gateway.remove());

  it('answers a token, the user and a cookie that scripts and other sites cannot use', async () => {
    const answer = await login('TESTER', admin.password).expect(200);
    const cookies = answer.headers['set-cookie'] as unknown as string[];
    const cookie = cookies[0] ?? '';

    expect(answer.body).toMatchObject({ user: { username: 'tester', role: 'admin' } });
    for (const one of cookies) {
      expect(one).toMatch(/^spillway_session=.*; HttpOnly; SameSite=Strict/);
    }
    expect(cookies.map((one) => /; Path=([^;]+)/.exec(one)?.[1])).toEqual([
      '/api',
      '/v1/translate',
    ]);
    expect(answer.headers['cache-control']).toBe('no-store');
    await supertest(gateway.origin)
      .get('/api/auth/me')
      .set('cookie', `a=b; ${cookie.split(';')[0]}`)
      .expect(200);
  });

  it('is over at once when the user signs out, with token and cookie alike', async () => {
    const { token } = (await login('tester', admin.password)).body as { token: string };
    const out = await gateway.call('post', '/api/auth/logout', token).expect(204);

    for (const cookie of out.headers['set-cookie'] as unknown as string[]) {
      expect(cookie).toMatch(/^spillway_session=;.*Max-Age=0$/);
    }
    await gateway.call('get', '/api/auth/me', token).expect(401);
    await supertest(gateway.origin)
      .get('/api/auth/me')
      .set('cookie', `spillway_session=${token}`)
      .expect(401);
  });

  it('never shows a password hash', async () => {
    const answer = await gateway.call('get', '/api/auth/me').expect(200);

    expect(answer.body).toEqual({
      id: expect.any(String) as string,
      username: 'tester',
      role: 'admin',
    });
  });

  it('answers wrong names and wrong passwords alike', async () => {
    const [password, name] = await Promise.all([
      login('tester', 'wrong password'),
      login('nobody', 'wrong password'),
    ]);

    expect([password.status, name.status]).toEqual([401, 401]);
    expect(password.body).toEqual(name.body);
  });

  it('does not take the stored hash for the password', async () => {
    const user = await gateway.app
      .get(DataSource)
      .getRepository(User)
      .findOneByOrFail({ username: 'tester' });

    expect((await login('tester', user.passwordHash)).status).toBe(401);
  });

  it.each([
    [{}],
    [{ username: 'tester' }],
    [{ username: ['tester'], password: 'x' }],
    [{ username: { $ne: '' }, password: { $ne: '' } }],
    [{ username: 'tester', password: 'x'.repeat(201) }],
    [{ username: 'tester', password: null }],
    [{ username: 'tester', password: 'x', remember: true }],
  ])('refuses the body %j', async (body) => {
    const answer = await supertest(gateway.origin).post('/api/auth/login').send(body);

    expect(answer.status).toBe(400);
  });

  it.each([
    ['text/plain', '{"username":"tester","password":"x"}'],
    ['application/x-www-form-urlencoded', 'username=tester&password=x'],
    ['multipart/form-data; boundary=x', '--x--'],
  ])('refuses a body of type %s', async (type, body) => {
    const answer = await supertest(gateway.origin)
      .post('/api/auth/login')
      .set('content-type', type)
      .send(body);

    expect(answer.status).toBe(415);
  });

  it('refuses a body nested a hundred thousand times with a 400', async () => {
    const answer = await supertest(gateway.origin)
      .post('/api/auth/login')
      .set('content-type', 'application/json')
      .send(`{"username":${'['.repeat(100_000)}${']'.repeat(100_000)},"password":"x"}`);

    expect(answer.status).toBe(400);
  });
});

describe('sign-in under attack', () => {
  let gateway: ManagementApp;
  const login = (username: string, password: string) =>
    supertest(gateway.origin).post('/api/auth/login').send({ username, password });

  beforeEach(async () => {
    gateway = await openManagementApp();
  });
  afterEach(() => gateway.remove());

  it('tries at most five of fifty wrong passwords sent at once, then rests, even for the right one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => login('tester', `wrong password ${index}`)),
    );
    const locked = await login('tester', admin.password);

    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(5);
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
    expect([locked.status, codeOf(locked)]).toEqual([429, 'rate_limited']);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(14 * 60);
  });

  it('does not count a try that was turned away because too many waited', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => login(`crowd ${index}`, 'wrong password')),
    );
    const turnedAway = answers.findIndex(({ status }) => status === 429);
    expect(turnedAway).toBeGreaterThan(-1);
    for (let tries = 0; tries < 5; tries += 1) {
      await login(`crowd ${turnedAway}`, 'wrong password').expect(401);
    }
  }, 20_000);

  it('rests for a name that does not exist just the same', async () => {
    for (let tries = 0; tries < 5; tries += 1) await login('nobody', 'wrong password').expect(401);

    expect((await login('nobody', 'wrong password')).status).toBe(429);
  });
});

describe('a token', () => {
  let gateway: ManagementApp;
  let claims: Record<string, unknown>;
  let jwt: JwtService;
  const me = (token: string) => gateway.call('get', '/api/auth/me', token);
  const encode = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const parties = {
    issuer: 'spillway',
    audience: 'spillway-management',
    algorithm: 'HS256',
  } as const;

  beforeAll(async () => {
    gateway = await openManagementApp();
    jwt = gateway.app.get(JwtService, { strict: false });
    claims = jwt.decode<Record<string, unknown>>(gateway.token);
  });
  afterAll(() => gateway.remove());

  it('names its issuer, audience, session and end', () => {
    expect(claims).toMatchObject({ iss: 'spillway', jti: expect.any(String) as string });
    expect(claims['aud']).toBeDefined();
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(12 * 3600);
  });

  it('is refused unsigned, with another algorithm, or signed by somebody else', async () => {
    const none = `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`;
    const other = new JwtService({ secret: 'another secret' });
    const rest = { sub: claims['sub'], jti: claims['jti'], role: 'admin', username: 'tester' };

    expect((await me(none)).status).toBe(401);
    expect((await me(other.sign(rest, parties))).status).toBe(401);
    expect((await me(jwt.sign(rest, { ...parties, algorithm: 'HS512' }))).status).toBe(401);
    expect((await me(`${gateway.token}x`)).status).toBe(401);
    expect((await me(gateway.token.split('.').slice(0, 2).join('.'))).status).toBe(401);
  });

  it('is refused for another audience or issuer, when it is over, and when it has no end', async () => {
    const rest = { sub: claims['sub'], jti: claims['jti'], role: 'admin', username: 'tester' };
    const endless = new JwtService({ secret: readSecret(gateway.dataDir) }).sign(rest, parties);
    const tokens = [
      jwt.sign(rest, { ...parties, audience: 'elsewhere' }),
      jwt.sign(rest, { ...parties, issuer: 'elsewhere' }),
      jwt.sign(rest, { ...parties, expiresIn: -3600 }),
      jwt.sign(rest, { ...parties, notBefore: 3600 }),
      endless,
    ];
    const statuses = await Promise.all(tokens.map(async (token) => (await me(token)).status));

    expect(statuses).toEqual([401, 401, 401, 401, 401]);
  });

  it('cannot give its bearer another role than the account has', async () => {
    const viewer = await signInViewer(gateway);
    const { jti, sub } = jwt.decode<{ jti: string; sub: string }>(viewer);
    const raised = jwt.sign({ sub, jti, role: 'admin', username: 'viewer' }, parties);

    expect((await gateway.call('post', '/probe/unmarked', raised).send({})).status).not.toBe(201);
  });

  it('is refused without a session', async () => {
    const { exp: _exp, iat: _iat, iss: _iss, aud: _aud, ...rest } = claims;

    expect((await me(jwt.sign({ ...rest, jti: 'none' }, parties))).status).toBe(401);
  });

  it('of enormous size is refused', async () => {
    expect((await me('a'.repeat(10_000))).status).toBe(401);
  });
});

describe('a viewer', () => {
  let gateway: ManagementApp;
  let viewer: string;

  beforeAll(async () => {
    gateway = await openManagementApp();
    viewer = await signInViewer(gateway);
  });
  afterAll(() => gateway.remove());

  it.each([
    '/api/providers',
    '/api/local-models',
    '/api/model-routes',
    '/api/virtual-keys',
    '/api/request-logs',
    '/api/dashboard',
  ])('may read %s', async (path) => {
    await gateway.call('get', path, viewer).expect(200);
  });

  it.each([
    ['post', '/api/providers'],
    ['put', '/api/providers/x'],
    ['delete', '/api/providers/x'],
    ['post', '/api/providers/x/test'],
    ['post', '/api/local-models'],
    ['put', '/api/local-models/x'],
    ['delete', '/api/local-models/x'],
    ['post', '/api/local-models/x/start'],
    ['post', '/api/local-models/x/stop'],
    ['post', '/api/model-routes'],
    ['put', '/api/model-routes/x'],
    ['delete', '/api/model-routes/x'],
    ['post', '/api/virtual-keys'],
    ['put', '/api/virtual-keys/x'],
    ['delete', '/api/virtual-keys/x'],
    ['get', '/probe/admin'],
  ] as const)('may not %s %s', async (method, path) => {
    const answer = await gateway.call(method, path, viewer).send(method === 'get' ? undefined : {});

    expect([answer.status, codeOf(answer)]).toEqual([403, 'permission_denied']);
  });

  it('may sign out', async () => {
    await gateway.call('post', '/api/auth/logout', viewer).expect(204);
  });
});

describe('sessions', () => {
  it('outlive a restart, and ended ones stay ended', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'spillway-sessions-'));
    const first = await openManagementApp({ dataDir });
    const second = (await supertest(first.origin).post('/api/auth/login').send(admin)).body as {
      token: string;
    };
    await first.call('post', '/api/auth/logout', second.token).expect(204);
    await first.close();
    const again = await openManagementApp({ dataDir });

    await again.call('get', '/api/auth/me', first.token).expect(200);
    await again.call('get', '/api/auth/me', second.token).expect(401);
    await again.close();
    rmSync(dataDir, { recursive: true });
  });

  it('are removed when they are over', async () => {
    const gateway = await openManagementApp();
    const sessions = gateway.app.get(DataSource).getRepository(Session);
    await sessions.update({ revokedAt: IsNull() }, { expiresAt: Date.now() - 1 });
    await gateway.app.get(SessionsService, { strict: false }).removeExpired();

    expect(await sessions.count()).toBe(0);
    await gateway.remove();
  });

  it('of an account that is a viewer after a restart are those of a viewer', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'spillway-sessions-'));
    const first = await openManagementApp({ dataDir });
    const viewer = await signInViewer(first);
    await first.close();
    const again = await openManagementApp({ dataDir });

    await again.call('get', '/api/providers', viewer).expect(200);
    await again.call('post', '/api/providers', viewer).send({}).expect(403);
    await again.remove();
  });
});

function readSecret(dataDir: string): Buffer {
  return Buffer.from(readFileSync(join(dataDir, 'jwt.key'), 'utf8').trim(), 'hex');
}
