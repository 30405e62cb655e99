import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type supertest from 'supertest';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openManagementApp, type ManagementApp } from '../../../../test/support/management-app.js';
import { ProvidersService } from './providers.service.js';

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
const valid = { protocol: 'openai-chat', baseUrl: 'https://api.example.com/v1' };
const canary = 'sk-canary-0123456789abcdefwxyz';

describe('/api/providers', () => {
  let gateway: ManagementApp;
  let count = 0;
  const post = (fields: object) => gateway.call('post', '/api/providers').send(fields);
  const create = async (fields: object = {}): Promise<{ id: string; name: string }> => {
    const answer = await post({ name: `p${(count += 1)}`, ...valid, ...fields });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer.body as { id: string; name: string };
  };
  const service = () => gateway.app.get(ProvidersService, { strict: false });

  beforeAll(async () => {
    gateway = await openManagementApp();
  });
  afterAll(() => gateway.remove());

  it('answers every field, with defaults for what was not set', async () => {
    expect(await create({ name: 'openai' })).toEqual({
      id: expect.any(String) as string,
      name: 'openai',
      ...valid,
      alsoSpeaks: null,
      hasCredential: false,
      needsCredential: false,
      credentialHint: null,
      allowPrivateNetwork: false,
      isFree: false,
      priceProvider: null,
      isEnabled: true,
      createdAt: expect.any(Number) as number,
      updatedAt: expect.any(Number) as number,
    });
  });

  it('takes what else a provider speaks, and names what nobody speaks', async () => {
    const alsoSpeaks = ['openai-embeddings', 'anthropic-messages'];
    expect(await create({ alsoSpeaks })).toMatchObject({ alsoSpeaks });
    for (const wrong of [['esperanto'], 'openai-chat', [['openai-chat']]]) {
      const refused = await post({ name: 'p-wrong', ...valid, alsoSpeaks: wrong });
      expect([refused.status, pathsOf(refused)]).toEqual([400, ['alsoSpeaks']]);
    }
  });

  describe('a credential', () => {
    it('goes in and never comes out', async () => {
      const { id } = await create({ credential: canary });
      const answers = await Promise.all([
        gateway.call('get', `/api/providers/${id}`),
        gateway.call('get', '/api/providers?range=[0,99]'),
        gateway.call('put', `/api/providers/${id}`).send({ isFree: true }),
        gateway.call('get', '/api/providers?filter={"credentialSealed":"v1"}'),
      ]);
      await service().snapshot();
      const texts = answers.map(({ text }) => text).join();

      expect(service().credentialOf(id)).toBe(canary);
      expect(answers[0]?.body).toMatchObject({ hasCredential: true, credentialHint: '…wxyz' });
      expect(texts).not.toContain('canary');
      expect(texts).not.toContain('"credentialSealed":');
    });

    it('is in no file of the data directory as it is', async () => {
      await create({ credential: canary });
      const files = readdirSync(gateway.dataDir, { withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      const bytes = files
        .map(({ name }) => readFileSync(join(gateway.dataDir, name), 'latin1'))
        .join();

      expect(files.length).toBeGreaterThan(2);
      expect(bytes).not.toContain('canary');
      expect(bytes).not.toContain(Buffer.from(canary).toString('base64').slice(0, 20));
    });

    it('shows no end of a short one', async () => {
      expect(await create({ credential: 'short-secret' })).toMatchObject({ credentialHint: '…' });
    });

    it('can be used at every moment while its provider is being changed', async () => {
      const { id } = await create({ credential: canary });
      await service().snapshot();
      const answer = gateway.call('put', `/api/providers/${id}`).send({ isFree: true });
      let isOver = false;
      const over = answer.then(() => (isOver = true));
      while (!isOver) {
        expect(service().credentialOf(id)).toBe(canary);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await over;
      expect(service().credentialOf(id)).toBe(canary);
    });

    it('stays when it is left out, changes when it is sent and goes with null', async () => {
      const { id } = await create({ credential: canary });
      const change = async (fields: object) => {
        await gateway.call('put', `/api/providers/${id}`).send(fields).expect(200);
        await service().snapshot();
        return service().credentialOf(id);
      };

      expect(await change({ isFree: true })).toBe(canary);
      expect(await change({ credential: 'sk-another-key-0123456789' })).toBe(
        'sk-another-key-0123456789',
      );
      expect(await change({ credential: null })).toBeNull();
    });

    it('cannot be sent to another host by changing the address alone', async () => {
      const { id } = await create({ credential: canary });
      const moved = { baseUrl: 'https://attacker.example/v1' };
      const refused = await gateway.call('put', `/api/providers/${id}`).send(moved);
      await gateway
        .call('put', `/api/providers/${id}`)
        .send({ ...moved, credential: 'sk-own-key-0123456789' })
        .expect(200);

      expect([refused.status, errorOf(refused).details.map(({ path }) => path)]).toEqual([
        400,
        ['credential'],
      ]);
    });

    it.each(['with space', 'line\nbreak', 'sk-ключ', ''])(
      'refuses %j without repeating it',
      async (credential) => {
        const answer = await post({ name: 'never', ...valid, credential });

        expect([answer.status, errorOf(answer).details.map(({ path }) => path)]).toEqual([
          400,
          ['credential'],
        ]);
        if (credential !== '') expect(answer.text).not.toContain(credential);
      },
    );

    it('that was moved to another row does not open, and nothing else breaks', async () => {
      const [a, b] = [
        await create({ credential: canary }),
        await create({ credential: 'sk-second-0123456789abcdef' }),
      ];
      const swap = gateway.app.get(DataSource).createQueryRunner();
      await swap.query(
        'UPDATE providers SET credential_sealed = (SELECT credential_sealed FROM providers WHERE id = ?) WHERE id = ?',
        [a.id, b.id],
      );
      await swap.release();
      await gateway.call('put', `/api/providers/${b.id}`).send({ isFree: true });
      await service().snapshot();

      expect(() => service().credentialOf(b.id)).toThrow(
        expect.objectContaining({ code: 'secrets_locked' }),
      );
      expect(service().credentialOf(a.id)).toBe(canary);
      await gateway.call('get', `/api/providers/${b.id}`).expect(200);
    });
  });

  it.each([
    [{ ...valid }, 'name'],
    [{ ...valid, name: 'Big' }, 'name'],
    [{ ...valid, name: '-a' }, 'name'],
    [{ ...valid, name: 'a'.repeat(64) }, 'name'],
    [{ ...valid, name: 'a\n' }, 'name'],
    [{ ...valid, name: null }, 'name'],
    [{ ...valid, name: 'never', protocol: 'gemini' }, 'protocol'],
    [{ name: 'never', protocol: 'openai-chat' }, 'baseUrl'],
    [{ ...valid, name: 'never', baseUrl: 'ftp://x.example/v1' }, 'baseUrl'],
    [{ ...valid, name: 'never', baseUrl: 'http://x.example/v1' }, 'baseUrl'],
    [{ ...valid, name: 'never', baseUrl: 'not a url' }, 'baseUrl'],
    [{ ...valid, name: 'never', baseUrl: 'https://user:pass@x.example/v1' }, 'baseUrl'],
    [{ ...valid, name: 'never', baseUrl: 'https://x.example/v1?key=1' }, 'baseUrl'],
    [{ ...valid, name: 'never', baseUrl: 'https://x.example/v1#a' }, 'baseUrl'],
    [{ ...valid, name: 'never', baseUrl: 'https://127.0.0.1/v1' }, 'baseUrl'],
    [{ ...valid, name: 'never', baseUrl: 'https://169.254.169.254/v1' }, 'baseUrl'],
    [{ ...valid, name: 'never', baseUrl: 'https://[::ffff:127.0.0.1]/v1' }, 'baseUrl'],
    [{ ...valid, name: 'never', baseUrl: 'https://2130706433/v1' }, 'baseUrl'],
    [{ name: 'never', protocol: 'anthropic-messages', baseUrl: 'https://x.example/v1' }, 'baseUrl'],
    [{ ...valid, name: 'never', isFree: 'yes' }, 'isFree'],
    [{ ...valid, name: 'never', priceProvider: 5 }, 'priceProvider'],
    [{ ...valid, name: 'never', headers: {} }, 'headers'],
    [
      { ...valid, name: 'never', hasCredential: true, credentialSealed: 'v1.x' },
      'credentialSealed',
    ],
  ])('refuses %j and names the field', async (body, path) => {
    const answer = await post(body);

    expect([answer.status, pathsOf(answer)]).toEqual([400, [path]]);
  });

  it('says how an Anthropic address is mended, also when the protocol is changed later', async () => {
    const { id } = await create();
    const changed = await gateway
      .call('put', `/api/providers/${id}`)
      .send({ protocol: 'anthropic-messages' });

    expect([changed.status, pathsOf(changed)]).toEqual([400, ['baseUrl']]);
    expect(errorOf(changed).message).toContain('enter https://api.example.com.');
  });

  it('names every field that is missing, once', async () => {
    const { details } = errorOf(await post({}));

    expect(details.map(({ path }) => path).sort()).toEqual(['baseUrl', 'name', 'protocol']);
  });

  it('tests one that is switched off, too', async () => {
    const { id } = await create({
      baseUrl: 'http://127.0.0.1:9/v1',
      allowPrivateNetwork: true,
      isEnabled: false,
      credential: canary,
    });
    const answer = await gateway.call('post', `/api/providers/${id}/test`).expect(200);

    expect(answer.body).toMatchObject({ ok: false, models: [] });
    expect((answer.body as { message: string }).message).not.toMatch(/credential|canary/);
  });

  it('takes a private address only where it is allowed, also later on', async () => {
    const { id } = await create({ baseUrl: 'http://127.0.0.1:9999/v1', allowPrivateNetwork: true });
    const closed = await gateway
      .call('put', `/api/providers/${id}`)
      .send({ allowPrivateNetwork: false });

    expect(closed.status).toBe(400);
    expect(errorOf(closed).details[0]?.path).toBe('baseUrl');
  });

  it('refuses a name that is taken, when made and when changed', async () => {
    const [a, b] = [await create(), await create()];
    const made = await post({ ...valid, name: a.name });
    const changed = await gateway.call('put', `/api/providers/${b.id}`).send({ name: a.name });

    expect([made.status, errorOf(made).code, errorOf(made).details[0]?.path]).toEqual([
      409,
      'conflict',
      'name',
    ]);
    expect(changed.status).toBe(409);
    expect(errorOf(made).message).toContain(a.name);
  });

  it('lets two requests for the same name make one provider', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => post({ ...valid, name: 'racing' })));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('refuses to delete one that routes use, and says which', async () => {
    const { id } = await create();
    const route = {
      name: 'uses-it',
      cloud: 'allow',
      targets: [{ kind: 'provider', providerId: id, upstreamModel: 'm' }],
    };
    const { id: routeId } = (
      await gateway.call('post', '/api/model-routes').send(route).expect(201)
    ).body as { id: string };
    const refused = await gateway.call('delete', `/api/providers/${id}`);
    await gateway.call('delete', `/api/model-routes/${routeId}`);
    const deleted = await gateway.call('delete', `/api/providers/${id}`);

    expect([refused.status, errorOf(refused).code]).toEqual([409, 'conflict']);
    expect(errorOf(refused).message).toContain('uses-it');
    expect(deleted.status).toBeLessThan(300);
    await gateway.call('get', `/api/providers/${id}`).expect(404);
  });

  it('has no half-made route when a provider is deleted while a route to it is made', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await create();
      const route = {
        name: `racing-${round}`,
        targets: [{ kind: 'provider', providerId: id, upstreamModel: 'm' }],
      };
      const [made, deleted] = await Promise.all([
        gateway.call('post', '/api/model-routes').send(route),
        gateway.call('delete', `/api/providers/${id}`),
      ]);

      expect([made.status < 300, deleted.status < 300].filter(Boolean)).toHaveLength(1);
      expect([made.status, deleted.status].every((status) => status < 500)).toBe(true);
    }
  });

  describe('a master key that is not the right one', () => {
    const keyFile = () => join(gateway.dataDir, 'master.key');
    const restartWith = async (changeKey: () => void): Promise<void> => {
      await gateway.close();
      changeKey();
      gateway = await openManagementApp({ dataDir: gateway.dataDir });
      await service().snapshot();
    };
    const replace = () => writeFileSync(keyFile(), 'ab'.repeat(32));
    const lose = () => rmSync(keyFile());
    const needs = async (id: string): Promise<boolean> => {
      const { body } = await gateway.call('get', `/api/providers/${id}`).expect(200);
      return (body as { needsCredential: boolean }).needsCredential;
    };

    it.each([
      ['replaced', replace, 'is not the one'],
      ['lost', lose, 'is missing'],
    ])('(%s) locks, changes nothing, and opens again with it', async (_, spoil, cause) => {
      const { id, name } = await create({ credential: canary });
      const right = readFileSync(keyFile());
      await restartWith(spoil);
      const spoilt = existsSync(keyFile()) ? readFileSync(keyFile(), 'utf8') : null;

      expect(() => service().credentialOf(id)).toThrow(
        expect.objectContaining({
          code: 'secrets_locked',
          message: expect.stringMatching(
            new RegExp(`\`${name}\`.*${cause}.*PUT /api/providers/${id}`),
          ) as string,
        }),
      );
      const answer = await gateway.call('post', `/api/providers/${id}/test`).expect(200);
      expect(answer.body).toMatchObject({
        ok: false,
        message: expect.stringContaining('enter the credential again') as string,
      });
      expect(await needs(id)).toBe(true);
      expect(spoilt).toBe(spoil === lose ? null : 'ab'.repeat(32));
      await restartWith(() => writeFileSync(keyFile(), right, { mode: 0o600 }));
      expect(service().credentialOf(id)).toBe(canary);
      expect(await needs(id)).toBe(false);
    });

    it.each([
      ['replaced', replace],
      ['lost', lose],
    ])('(%s) is given up for each credential that is entered again', async (_, spoil) => {
      const [first, second, free] = [
        await create({ credential: canary }),
        await create({ credential: canary }),
        await create(),
      ];
      await restartWith(spoil);
      expect([await needs(first.id), await needs(second.id), await needs(free.id)]).toEqual([
        true,
        true,
        false,
      ]);

      const entered = 'sk-entered-again-0123456789';
      await gateway
        .call('put', `/api/providers/${first.id}`)
        .send({ credential: entered })
        .expect(200);
      expect(service().credentialOf(first.id)).toBe(entered);
      await restartWith(() => undefined);
      expect(service().credentialOf(first.id)).toBe(entered);
      expect(() => service().credentialOf(second.id)).toThrow(
        expect.objectContaining({
          message: expect.stringContaining('sealed with another master.key') as string,
        }),
      );
      expect([await needs(first.id), await needs(second.id)]).toEqual([false, true]);
      const { body } = await gateway
        .call('put', `/api/providers/${second.id}`)
        .send({ credential: null })
        .expect(200);
      expect(body).toMatchObject({ hasCredential: false, needsCredential: false });
    });
  });
});
