import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../support/management-client.js';
import { expectError } from './error-shape.js';
import { LocalEngines, until, type EngineBehaviour } from './local-engines.js';
import { TestBed } from './test-bed.js';

const engines = new LocalEngines();
let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open({ env: engines.env });
});
afterAll(() => bed.close());

/** A route to the model that may spill over. */
async function spilling(model: LocalModel): Promise<string> {
  const local = { kind: 'local', localModelId: model.id } as const;
  return bed.routeTo(`${model.name}-or-cloud`, [local, bed.target('openai-chat', 'say-hello')]);
}

async function broken(name: string, behaviour: EngineBehaviour): Promise<string> {
  return spilling(await engines.addModel(bed, name, behaviour));
}

/** The reason in the header of the answer, which must be that in the log too. */
async function reasonOf(route: string): Promise<string | null> {
  const response = await bed.ask('openai-chat', route);
  expect(response.status).toBe(200);
  const reason = response.headers.get('x-spillway-fallback');
  const log = await bed.logOf(response);
  expect(log).toMatchObject({ fallbackReason: reason, attempts: [{ reasonCode: reason }, {}] });
  return reason;
}

describe('the reason a local model is not used', () => {
  const foreign = process.platform === 'darwin' ? 'sglang' : 'mlx-openai-server';

  it('is `platform_unsupported` where its engine does not run on this kind of machine', async () => {
    const modelPath = join(engines.folder, 'weights');
    mkdirSync(modelPath);
    for (const file of ['config.json', 'a.safetensors']) {
      writeFileSync(join(modelPath, file), '{}');
    }
    const model = await bed.admin.createLocalModel({
      name: 'elsewhere',
      engine: foreign,
      modelPath,
    });
    expect(await reasonOf(await spilling(model))).toBe('platform_unsupported');
    const alone = await bed.routeTo('elsewhere', [{ kind: 'local', localModelId: model.id }]);
    const response = await bed.ask('openai-chat', alone);
    const message = await expectError('openai-chat', response, 'engine_platform_unsupported');
    expect(message).toContain('Choose another engine');
  });

  it('is `oom` where its engine runs out of memory twice', async () => {
    const route = await broken('hungry', { exitAtOnce: 'ggml: failed to allocate buffer' });
    expect(await reasonOf(route)).toBe('oom');
    expect(engines.journal('hungry', 'start').length).toBeLessThanOrEqual(2);
  });

  it('is `quarantined` once another try cannot end differently', async () => {
    const route = await broken('spoiled', { exitAtOnce: 'error loading model: bad magic' });
    expect(await reasonOf(route)).toBe('start_failed');
    await until('it rests', async () => (await reasonOf(route)) === 'quarantined');
  });

  it('is `backoff` for a while after a failure that may pass', async () => {
    const route = await broken('shaky', { exitAtOnce: 'something odd happened' });
    expect(await reasonOf(route)).toBe('start_failed');
    await until('it rests', async () => (await reasonOf(route)) === 'backoff');
  });
});
