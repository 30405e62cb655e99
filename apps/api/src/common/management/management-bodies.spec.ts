import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openManagementApp,
  type ManagementApp,
} from '../../../../../test/support/management-app.js';

/** Texts of JSON, because a few of them are no values: 1e400 is read as infinity, a lone surrogate is no text of UTF-8. */
const extremes = [
  ...'1e400 -1e400 1e308 -1 0 -0 0.1 1 9007199254740993 1e15 null true false'.split(' '),
  ...'{} [] [[]] [null] [{}] {"__proto__":1} {"":""} "" "a" "null" "%" "😀"'.split(' '),
  ...'"\\u0000" "\\ud800" "..\\u002f" "never" "allow" "openai-chat" "file:///etc"'.split(' '),
  ...'"http://" "http://[::1"'.split(' '),
  '" "',
  `"${'x'.repeat(10_000)}"`,
  `[${Array.from({ length: 300 }, () => '"x"').join()}]`,
  `${'['.repeat(60)}${']'.repeat(60)}`,
];
const value = fc.oneof(
  { arbitrary: fc.constantFrom(...extremes), weight: 3 },
  fc.jsonValue({ maxDepth: 3 }).map((each) => JSON.stringify(each)),
);

describe('bodies of the management API', () => {
  let gateway: ManagementApp;
  let count = 0;
  let bases: Record<string, { readonly id: string; readonly body: Record<string, unknown> }>;

  beforeAll(async () => {
    gateway = await openManagementApp();
    const make = async (resource: string, body: object) => {
      const made = await gateway.call('post', `/api/${resource}`).send(body).expect(201);
      const { id } = made.body as { id: string };
      const { body: read } = await gateway.call('get', `/api/${resource}/${id}`).expect(200);
      return { id, body: read as Record<string, unknown> };
    };
    const modelPath = join(gateway.modelDir, 'a.gguf');
    writeFileSync(modelPath, 'GGUF');
    const model = await make('local-models', { name: 'llama', engine: 'embedded', modelPath });
    const provider = await make('providers', {
      name: 'cloud',
      protocol: 'openai-chat',
      baseUrl: 'https://api.example.com/v1',
      credential: 'sk-1',
    });
    const targets = [
      { kind: 'local', localModelId: model.id },
      { kind: 'provider', providerId: provider.id, upstreamModel: 'gpt' },
    ];
    bases = {
      'local-models': model,
      providers: provider,
      'model-routes': await make('model-routes', { name: 'chat', cloud: 'allow', targets }),
      'virtual-keys': await make('virtual-keys', { name: 'app' }),
    };
  });
  afterAll(() => gateway.remove());

  const nameOf = fc.constantFrom('local-models', 'providers', 'model-routes', 'virtual-keys');

  it('are kept as they are answered, or refused with a 4xx, whatever is in them', async () => {
    await fc.assert(
      fc.asyncProperty(
        nameOf,
        fc.array(fc.tuple(fc.nat(60), value), { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (resource, changes, isNew) => {
          const { id, body } = bases[resource] ?? { id: '', body: {} };
          const fields = Object.keys(body);
          const texts = new Map(fields.map((name) => [name, JSON.stringify(body[name])]));
          if (isNew) texts.set('name', `"new-${(count += 1)}"`);
          for (const [place, text] of changes) texts.set(fields[place % fields.length] ?? '', text);
          const sent = `{${[...texts].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join()}}`;

          const answer = await gateway
            .call(isNew ? 'post' : 'put', `/api/${resource}${isNew ? '' : `/${id}`}`)
            .set('content-type', 'application/json')
            .send(sent);

          expect([sent, answer.status, [200, 201, 400, 409].includes(answer.status)]).toEqual([
            sent,
            answer.status,
            true,
          ]);
          if (answer.status >= 400) return;
          const { secret: _shownOnce, ...kept } = answer.body as { id: string; secret?: string };
          const read = await gateway.call('get', `/api/${resource}/${kept.id}`).expect(200);
          expect([sent, read.body]).toEqual([sent, kept]);
          await gateway.call('get', `/api/${resource}`).expect(200);
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);
});
