import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../support/management-client.js';
import { temporaryFolder } from '../support/start-gateway.js';
import { LocalEngines } from './local-engines.js';
import { TestBed } from './test-bed.js';

interface Find {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly engines: readonly string[];
}

const engines = new LocalEngines();
const home = temporaryFolder('spillway-home-');
let bed: TestBed;
beforeAll(async () => {
  engines.writeModel('tiny-model-Q4');
  const hub = join(home, '.cache/huggingface/hub/models--org--folder-model/snapshots/1');
  mkdirSync(hub, { recursive: true });
  writeFileSync(join(hub, 'config.json'), '{}');
  writeFileSync(join(hub, 'model.safetensors'), 'weights');
  bed = await TestBed.open({ env: { ...engines.env, HOME: home } });
});
afterAll(() => bed.close());

const look = async (): Promise<readonly Find[]> =>
  (await bed.admin.get<{ models: Find[] }>('/discovery')).models;
const findNamed = async (name: string): Promise<Find> => {
  const found = (await look()).find((find) => find.name === name);
  if (found === undefined) throw new Error(`${name} was not found`);
  return found;
};
const adopt = (body: object) =>
  fetch(`${bed.gateway.origin}/api/discovery/models`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${bed.admin.token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });

describe('a model file that was found', () => {
  it('is called after one click, and the click cannot be made twice', async () => {
    const find = await findNamed('tiny-model-Q4');
    expect(find).toMatchObject({ source: 'file', engines: ['llama-server'] });
    const answer = await adopt({ findId: find.id });
    expect(answer.status).toBe(201);
    const { localModel, route } = (await answer.json()) as {
      localModel: LocalModel;
      route: { name: string };
    };
    expect(localModel).toMatchObject({ engine: 'llama-server' });
    expect(route.name).toBe('tiny-model-Q4');
    expect((await bed.ask('openai-chat', 'tiny-model-Q4')).status).toBe(200);
    expect((await adopt({ findId: find.id })).status).toBe(409);
  });

  it('may be given another name, and leaves nothing behind when the route cannot be made', async () => {
    const { id: findId } = await findNamed('tiny-model-Q4');
    const route = await bed.route('openai-chat', 'say-hello');
    expect((await adopt({ findId, name: route })).status).toBe(409);
    const left = await bed.admin.list<LocalModel>('local-models');
    expect(left.map(({ name }) => name)).not.toContain(route);
    expect((await adopt({ findId, name: 'second-name' })).status).toBe(201);
  });
});

describe('what cannot be adopted', () => {
  it('is a model no installed engine can serve', async () => {
    const find = await findNamed('org/folder-model');
    expect(find.engines).toEqual([]);
    const answer = await adopt({ findId: find.id });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('no engine that is installed');
  });

  it('is anything typed: a path, an argument, an engine of one’s own', async () => {
    const { id: findId } = await findNamed('tiny-model-Q4');
    for (const body of [
      { findId, modelPath: '/etc/passwd' },
      { findId, args: ['--host', '0.0.0.0'] },
      { findId, engine: 'vllm' },
      { findId: '/models/x.gguf' },
      {},
    ]) {
      const { status } = await adopt(body);
      expect(status, JSON.stringify(body)).toBe(400);
    }
    expect((await adopt({ findId: '0123456789abcdef' })).status).toBe(404);
  });

  it('is anything at all without an administrator', async () => {
    const url = `${bed.gateway.origin}/api/discovery/models`;
    const headers = { authorization: `Bearer ${bed.key}`, 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: '{}' });
    expect([401, 403]).toContain(answer.status);
  });
});
