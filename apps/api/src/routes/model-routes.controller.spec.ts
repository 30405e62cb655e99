import type supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openManagementApp, type ManagementApp } from '../../../../test/support/management-app.js';
import { ConfigurationChanges } from '../common/configuration-changes.js';
import { ModelRoutesService } from './model-routes.service.js';

interface ErrorBody {
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly details: { path: string }[];
  };
}
const errorOf = (answer: supertest.Response) => (answer.body as ErrorBody).error;
const pathsOf = (answer: supertest.Response): string[] => [
  ...new Set((errorOf(answer)?.details ?? []).map(({ path }) => path)),
];

interface Route {
  readonly id: string;
  readonly name: string;
  readonly targets: readonly (Record<string, unknown> & { readonly label: string })[];
}

describe('/api/model-routes', () => {
  let gateway: ManagementApp;
  let local: { kind: 'local'; localModelId: string };
  let cloud: { kind: 'provider'; providerId: string; upstreamModel: string };
  let count = 0;
  const post = (fields: object) => gateway.call('post', '/api/model-routes').send(fields);
  const create = async (fields: object = {}): Promise<Route> => {
    const answer = await post({ name: `r${(count += 1)}`, targets: [local], ...fields });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer.body as Route;
  };

  beforeAll(async () => {
    gateway = await openManagementApp();
    const model = await gateway
      .call('post', '/api/local-models')
      .send({ name: 'llama', engine: 'attached', endpoint: 'http://127.0.0.1:1' });
    const provider = await gateway
      .call('post', '/api/providers')
      .send({ name: 'openai', protocol: 'openai-chat', baseUrl: 'https://api.example.com/v1' });
    local = { kind: 'local', localModelId: (model.body as { id: string }).id };
    cloud = {
      kind: 'provider',
      providerId: (provider.body as { id: string }).id,
      upstreamModel: 'gpt',
    };
  });
  afterAll(() => gateway.remove());

  it('answers every field, with defaults and with targets in their order', async () => {
    const priced = { ...cloud, priceInputNanosPerMTok: 1_000_000_000, priceOutputNanosPerMTok: 0 };
    const targets = [cloud, local, priced];

    expect(await create({ name: 'team/chat@v1', targets })).toEqual({
      id: expect.any(String) as string,
      name: 'team/chat@v1',
      cloud: 'never',
      isPrivate: false,
      lossMode: 'warn',
      isEnabled: true,
      firstByteTimeoutMs: null,
      whenCold: 'wait',
      maxWaitMs: null,
      commitAfterMs: null,
      hedgeAfterMs: null,
      fallbackBudgetNanos: null,
      fallbackBudgetWindow: 'month',
      fallbackSpentNanos: 0,
      fallbackHeldNanos: 0,
      createdAt: expect.any(Number) as number,
      updatedAt: expect.any(Number) as number,
      targets: [
        {
          ...cloud,
          capabilities: null,
          priceInputNanosPerMTok: null,
          priceOutputNanosPerMTok: null,
          id: expect.any(String) as string,
          label: 'provider:openai/gpt',
        },
        {
          ...local,
          capabilities: null,
          id: expect.any(String) as string,
          label: 'local:llama',
        },
        {
          ...priced,
          capabilities: null,
          id: expect.any(String) as string,
          label: 'provider:openai/gpt',
        },
      ],
    });
  });

  it('keeps what the owner knows of a target, and says which of it cannot be', async () => {
    const capabilities = { takesSampling: false, effortLevels: ['low', 'high'] };
    const route = await create({ targets: [{ ...cloud, capabilities }], lossMode: 'strict' });
    expect(route).toMatchObject({ lossMode: 'strict', targets: [{ capabilities }] });
    const answer = await gateway
      .call('put', `/api/model-routes/${route.id}`)
      .send({ targets: [{ ...cloud, capabilities: { takesSampling: 1, magic: true } }] });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toMatch(/takesSampling must be true or false.*magic is no/);
    await gateway.call('put', `/api/model-routes/${route.id}`).send({ lossMode: 'x' }).expect(400);
  });

  it('reads back in a list what it reads back alone', async () => {
    const route = await create({ targets: [cloud, local] });
    const list = (
      await gateway.call('get', `/api/model-routes?filter={"id":["${route.id}"]}`).expect(200)
    ).body as Route[];
    const one = (await gateway.call('get', `/api/model-routes/${route.id}`).expect(200))
      .body as Route;

    expect([list, one]).toEqual([[route], route]);
  });

  it('accepts the whole route sent back, targets with their id and label included', async () => {
    const route = await create({ targets: [cloud, local] });
    const answer = await gateway
      .call('put', `/api/model-routes/${route.id}`)
      .send({ ...route, cloud: 'allow' })
      .expect(200);

    expect((answer.body as Route).targets.map(({ label }) => label)).toEqual(
      route.targets.map(({ label }) => label),
    );
    expect(answer.body).toMatchObject({
      cloud: 'allow',
      createdAt: (route as unknown as { createdAt: number }).createdAt,
    });
  });

  it('keeps a fallback budget, which null takes away again', async () => {
    const { id } = await create({ fallbackBudgetNanos: 0, fallbackBudgetWindow: 'day' });
    const put = (fields: object) => gateway.call('put', `/api/model-routes/${id}`).send(fields);
    expect((await put({ fallbackBudgetWindow: 'total' }).expect(200)).body).toMatchObject({
      fallbackBudgetNanos: 0,
      fallbackBudgetWindow: 'total',
    });
    expect((await put({ fallbackBudgetNanos: null }).expect(200)).body).toMatchObject({
      fallbackBudgetNanos: null,
    });
  });

  it('leaves the targets alone when only something else is changed', async () => {
    const route = await create({ targets: [cloud, local] });
    const answer = await gateway
      .call('put', `/api/model-routes/${route.id}`)
      .send({ isPrivate: true })
      .expect(200);

    expect((answer.body as Route).targets).toEqual(route.targets);
  });

  it('is read by others whole, never with half of its targets, while it is being changed', async () => {
    const { id } = await create({ targets: [cloud, local] });
    const writes = Array.from({ length: 10 }, (_, index) =>
      gateway
        .call('put', `/api/model-routes/${id}`)
        .send({ targets: index % 2 === 0 ? [local] : [cloud, local] }),
    );
    const reads = Array.from(
      { length: 30 },
      async () =>
        ((await gateway.call('get', `/api/model-routes/${id}`)).body as Route).targets.length,
    );
    await Promise.all(writes);

    expect((await Promise.all(reads)).every((targets) => targets === 1 || targets === 2)).toBe(
      true,
    );
  });

  it.each([
    [{ name: undefined }, ['name']],
    [{ name: 'a b' }, ['name']],
    [{ name: '' }, ['name']],
    [{ name: 'a'.repeat(128) }, ['name']],
    [{ cloud: 'always' }, ['cloud']],
    [{ cloud: null }, ['cloud']],
    [{ isPrivate: 1 }, ['isPrivate']],
    [{ targets: undefined }, ['targets']],
    [{ targets: [] }, ['targets']],
    [{ targets: null }, ['targets']],
    [{ targets: {} }, ['targets']],
    [{ targets: 'local' }, ['targets']],
    [{ fallback: true }, ['fallback']],
    [{ firstByteTimeoutMs: 0 }, ['firstByteTimeoutMs']],
    [{ whenCold: 'cloud' }, ['whenCold']],
    [{ whenCold: null }, ['whenCold']],
    [{ maxWaitMs: -1 }, ['maxWaitMs']],
    [{ maxWaitMs: '5s' }, ['maxWaitMs']],
    [{ commitAfterMs: 3_600_001 }, ['commitAfterMs']],
    [{ hedgeAfterMs: 99 }, ['hedgeAfterMs']],
    [{ hedgeAfterMs: 1.5 }, ['hedgeAfterMs']],
    [{ fallbackBudgetNanos: -1 }, ['fallbackBudgetNanos']],
    [{ fallbackBudgetNanos: 0.5 }, ['fallbackBudgetNanos']],
    [{ fallbackBudgetNanos: '$5' }, ['fallbackBudgetNanos']],
    [{ fallbackBudgetNanos: 2 ** 53 }, ['fallbackBudgetNanos']],
    [{ fallbackBudgetWindow: 'week' }, ['fallbackBudgetWindow']],
    [{ fallbackBudgetWindow: null }, ['fallbackBudgetWindow']],
  ])('refuses %j and names the field', async (fields, paths) => {
    const answer = await post({ name: 'never', targets: [local], ...fields });

    expect([
      answer.status,
      [...new Set(pathsOf(answer).map((path) => path.split('.')[0]))],
    ]).toEqual([400, paths]);
  });

  it.each([
    ['no kind', {}],
    ['null', null],
    ['a text', 'local'],
    ['a list', []],
    ['another kind', { kind: 'exec', command: 'id' }],
    ['no model', { kind: 'local' }],
    ['a model that does not exist', { kind: 'local', localModelId: 'none' }],
    ['a model that is an object', { kind: 'local', localModelId: { $ne: null } }],
    ['no upstream model', { kind: 'provider', providerId: 'PROVIDER' }],
    ['an unknown field', { kind: 'local', localModelId: 'MODEL', weight: 5 }],
    [
      'a negative price',
      {
        kind: 'provider',
        providerId: 'PROVIDER',
        upstreamModel: 'm',
        priceInputNanosPerMTok: -1,
        priceOutputNanosPerMTok: 1,
      },
    ],
    [
      'a price with a fraction',
      {
        kind: 'provider',
        providerId: 'PROVIDER',
        upstreamModel: 'm',
        priceInputNanosPerMTok: 0.5,
        priceOutputNanosPerMTok: 1,
      },
    ],
    [
      'one price without the other',
      { kind: 'provider', providerId: 'PROVIDER', upstreamModel: 'm', priceInputNanosPerMTok: 1 },
    ],
  ])('refuses a target with %s', async (_case, target) => {
    const text = JSON.stringify({ name: 'never', targets: [local, target] })
      .replace('PROVIDER', cloud.providerId)
      .replace('MODEL', local.localModelId);
    const answer = await post(JSON.parse(text) as object);

    expect([answer.status, pathsOf(answer).every((path) => path.startsWith('targets'))]).toEqual([
      400,
      true,
    ]);
    expect(pathsOf(answer)[0]).toMatch(/^targets[.[]1/);
  });

  it('takes sixteen targets and not seventeen', async () => {
    await create({ targets: Array.from({ length: 16 }, () => local) });
    const answer = await post({ name: 'never', targets: Array.from({ length: 17 }, () => local) });

    expect([answer.status, pathsOf(answer)]).toEqual([400, ['targets']]);
  });

  it('refuses a name that is taken and keeps the targets of the one that has it', async () => {
    const [a, b] = [await create(), await create({ targets: [cloud] })];
    const made = await post({ name: a.name, targets: [cloud] });
    const changed = await gateway
      .call('put', `/api/model-routes/${b.id}`)
      .send({ name: a.name, targets: [local] });

    expect([made.status, changed.status]).toEqual([409, 409]);
    expect(errorOf(made)?.details[0]?.path).toBe('name');
    expect(
      ((await gateway.call('get', `/api/model-routes/${b.id}`)).body as Route).targets,
    ).toEqual(b.targets);
  });

  it('lists the routes of a local model and those of a provider', async () => {
    const [onlyLocal, both] = [await create(), await create({ targets: [local, cloud] })];
    const idsOf = async (filter: object): Promise<string[]> => {
      const answer = await gateway.call(
        'get',
        `/api/model-routes?range=[0,99]&filter=${encodeURIComponent(JSON.stringify(filter))}`,
      );
      expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
      return (answer.body as Route[]).map(({ id }) => id);
    };
    const [ofModel, ofProvider] = [
      await idsOf({ localModelId: local.localModelId }),
      await idsOf({ providerId: cloud.providerId }),
    ];

    expect(ofModel).toEqual(expect.arrayContaining([onlyLocal.id, both.id]));
    expect(ofProvider).toContain(both.id);
    expect(ofProvider).not.toContain(onlyLocal.id);
  });

  it('finds nothing, and fails at nothing, for targets that do not exist', async () => {
    const answer = await gateway.call('get', '/api/model-routes?filter={"providerId":"none"}');
    const odd = await gateway.call('get', '/api/model-routes?filter={"providerId":{"a":1}}');

    expect([answer.status, answer.body, odd.status]).toEqual([200, [], 400]);
  });

  it('answers a conflict, and stays as it was, when a target goes while it is changed', async () => {
    const route = await create();
    const made = await gateway
      .call('post', '/api/local-models')
      .send({ name: 'leaving', engine: 'attached', endpoint: 'http://127.0.0.1:1' });
    const { id } = made.body as { id: string };
    const [changed, deleted] = await Promise.all([
      gateway
        .call('put', `/api/model-routes/${route.id}`)
        .send({ targets: [{ kind: 'local', localModelId: id }] }),
      gateway.call('delete', `/api/local-models/${id}`),
    ]);
    const { targets } = (await gateway.call('get', `/api/model-routes/${route.id}`)).body as Route;

    expect([changed.status < 300, deleted.status < 300].filter(Boolean)).toHaveLength(1);
    expect(changed.status < 500 && deleted.status < 500).toBe(true);
    expect(targets).toHaveLength(1);
  });

  it('takes its targets along when it is deleted', async () => {
    const route = await create({ targets: [cloud, local] });
    const deleted = await gateway.call('delete', `/api/model-routes/${route.id}`);
    const snapshot = await gateway.app.get(ModelRoutesService, { strict: false }).snapshot();

    expect(deleted.status).toBeLessThan(300);
    expect(snapshot.some(({ id }) => id === route.id)).toBe(false);
    await gateway.call('get', `/api/model-routes/${route.id}`).expect(404);
  });

  it('tells routing of every change, after it was made', async () => {
    const routes = gateway.app.get(ModelRoutesService, { strict: false });
    const seen: Promise<boolean>[] = [];
    const stop = gateway.app.get(ConfigurationChanges).subscribe(() => {
      seen.push(routes.snapshot().then((all) => all.some(({ name }) => name === 'announced')));
    });
    const { id } = await create({ name: 'announced' });
    await gateway.call('put', `/api/model-routes/${id}`).send({ isEnabled: false });
    await gateway.call('put', `/api/model-routes/${id}`).send({ isEnabled: true });
    await gateway.call('delete', `/api/model-routes/${id}`);
    stop();

    expect(await Promise.all(seen)).toEqual([true, false, true, false]);
  });
});
