import fc from 'fast-check';
import type supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openManagementApp,
  type ManagementApp,
} from '../../../../../test/support/management-app.js';

interface Row {
  readonly id: string;
  readonly name: string;
}
const namesOf = (answer: supertest.Response): string[] =>
  (answer.body as Row[]).map(({ name }) => name);

describe('lists of the management API', () => {
  let gateway: ManagementApp;
  let ids: string[];
  const list = (query: Record<string, unknown>, resource = 'virtual-keys') =>
    gateway
      .call('get', `/api/${resource}`)
      .query(
        Object.fromEntries(
          Object.entries(query).map(([name, value]) => [
            name,
            typeof value === 'string' ? value : JSON.stringify(value),
          ]),
        ),
      );

  beforeAll(async () => {
    gateway = await openManagementApp();
    ids = [];
    for (const name of [
      'alpha',
      'Beta',
      '100%',
      'under_score',
      'back\\slash',
      "o'hara",
      ...Array.from({ length: 110 }, (_, index) => `bulk ${index}`),
    ]) {
      const answer = await gateway
        .call('post', '/api/virtual-keys')
        .send({ name, isPrivate: name === 'alpha' })
        .expect(201);
      ids.push((answer.body as Row).id);
    }
  });
  afterAll(() => gateway.remove());

  it('answer 25 rows and how many there are', async () => {
    const answer = await list({}).expect(200);

    expect(answer.body).toHaveLength(25);
    expect(answer.headers['content-range']).toBe('virtual-keys 0-24/116');
  });

  it('answer the page that was asked for, without gaps or repeats', async () => {
    const pages = await Promise.all(
      [
        [0, 49],
        [50, 99],
        [100, 149],
      ].map((range) => list({ range, sort: ['name', 'ASC'] })),
    );
    const names = pages.flatMap(namesOf);

    expect(new Set(names).size).toBe(116);
    expect(pages[2]?.headers['content-range']).toBe('virtual-keys 100-115/116');
  });

  it('answer an empty page behind the last row', async () => {
    const answer = await list({ range: [500, 524] }).expect(200);

    expect(answer.body).toEqual([]);
    expect(answer.headers['content-range']).toMatch(/\/116$/);
  });

  it('fetch several rows by their ids', async () => {
    const answer = await list({ filter: { id: [ids[0], ids[2], 'none'] } }).expect(200);

    expect(namesOf(answer).sort()).toEqual(['100%', 'alpha']);
    expect(namesOf(await list({ filter: { id: [] } }))).toEqual([]);
    expect(namesOf(await list({ filter: { id: ids[0] } }))).toEqual(['alpha']);
  });

  it.each([
    ['%', ['100%']],
    ['_', ['under_score']],
    ['\\', ['back\\slash']],
    ["'", ["o'hara"]],
    ['BETA', ['Beta']],
    ['%%%%', []],
    ["' OR 1=1 --", []],
  ])('search for %j as it is written', async (q, names) => {
    expect(namesOf(await list({ filter: { q } }).expect(200))).toEqual(names);
    expect(namesOf(await list({ filter: { name: q } }).expect(200))).toEqual(names);
  });

  it('filter by true and false', async () => {
    expect(namesOf(await list({ filter: { isPrivate: true } }).expect(200))).toEqual(['alpha']);
  });

  it.each(['providers', 'local-models', 'model-routes', 'virtual-keys', 'request-logs'])(
    'of %s refuse what they do not know',
    async (resource) => {
      for (const query of [
        { filter: '{' },
        { filter: { password: 'x' } },
        { filter: { credentialSealed: 'x' } },
        { filter: { hash: 'x' } },
        { filter: { bootId: 'x' } },
        { sort: ['hash', 'ASC'] },
        { sort: ['id; DROP TABLE users', 'ASC'] },
        { sort: ['id', 'ASC; --'] },
        { range: [0, 100_000_000] },
        { range: [-1, 5] },
        { range: 'all' },
      ]) {
        const answer = await list(query, resource);
        expect([query, answer.status]).toEqual([query, 400]);
      }
    },
  );

  it.each([
    { filter: { name: 5 } },
    { filter: { name: { $like: '%' } } },
    { filter: { name: null } },
    { filter: { id: { $ne: '' } } },
    { filter: { id: [['x']] } },
    { filter: { id: [{}] } },
    { filter: { isPrivate: { $ne: true } } },
    { filter: { id: Array.from({ length: 50_000 }, () => 'x') } },
  ])('refuse a filter value of the wrong kind', async (query) => {
    const answer = await list(query);

    expect(answer.status === 400 || answer.status === 431 || answer.status === 414).toBe(true);
  });

  it.each([
    ['providers', '{"isEnabled":1e400}'],
    ['model-routes', '{"id":[1e400]}'],
    ['request-logs', '{"status":[200,-1e400]}'],
    ['request-logs', '{"createdAfter":1e400}'],
  ])('of %s refuse a number that is too large: %s', async (resource, filter) => {
    await list({ filter }, resource).expect(400);
  });

  it('take a time that no request can have', async () => {
    for (const filter of [
      { createdAfter: -4e304 },
      { createdBefore: 1.7e308 },
      { createdAfter: '+275760-09-13' },
    ])
      await list({ filter }, 'request-logs').expect(200);
  });

  it('refuse a parameter that is given twice', async () => {
    const answer = await gateway.call(
      'get',
      '/api/virtual-keys?range=[0,1]&range=[0,99]&filter={}&filter={}',
    );

    expect(answer.status).toBe(400);
  });

  it('never fail with anything but a 400, whatever is asked', async () => {
    const resource = fc.constantFrom(
      'providers',
      'local-models',
      'model-routes',
      'virtual-keys',
      'request-logs',
    );
    const field = fc.constantFrom(
      'id',
      'q',
      'name',
      'isEnabled',
      'keyId',
      'isStream',
      'createdAfter',
      'createdBefore',
      'outcome',
      'status',
      'x',
    );
    const filter = fc.dictionary(field, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(
        resource,
        filter,
        fc.jsonValue(),
        fc.jsonValue(),
        async (name, where, range, sort) => {
          for (const query of [{ filter: where }, { range }, { sort }]) {
            const answer = await list(query, name);
            expect([name, query, [200, 400].includes(answer.status)]).toEqual([name, query, true]);
          }
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);
});
