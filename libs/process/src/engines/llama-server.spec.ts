import { chmodSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeSpec } from '../../test/fake-engine-preset.js';
import { temporaryFolder } from '../../test/process-checks.js';
import { createLlamaServerPreset } from './llama-server.js';

const spec = fakeSpec({ engine: 'llama-server', modelPath: '/models/tiny.gguf' });
const instanceId = 'sw-a-b-1';

describe('the llama-server preset', () => {
  it('binds to loopback, under the instance id', () => {
    const plan = createLlamaServerPreset().launch({ spec, instanceId, port: 4711, file: '/bin/l' });
    expect(plan).toMatchObject({ file: '/bin/l', cwd: '/models', stdin: 'ignore', env: {} });
    expect(plan.args.join(' ')).toBe(
      '-m /models/tiny.gguf --host 127.0.0.1 --port 4711 --alias sw-a-b-1 -np 1 --metrics --no-webui --offline --log-colors off',
    );
  });

  it('listens on a socket where it is given one', () => {
    const socketPath = '/data/instances/sw-a-b-1.sock';
    const place = { instanceId, port: 0, socketPath, file: 'l' };
    const { args } = createLlamaServerPreset().launch({ spec, ...place });
    expect(args.join(' ')).toContain(`--host ${socketPath} --alias`);
  });

  it('reads the context of one slot from the list, and whether it sleeps', () => {
    const { contextTokens, sleep } = createLlamaServerPreset();
    const list = { data: [{ id: instanceId, meta: { n_ctx: 1024 } }, { id: 'other' }] };
    expect(contextTokens?.(list, instanceId)).toBe(1024);
    expect(contextTokens?.(list, 'other')).toBeNull();
    expect(sleep?.status.isAsleep({ is_sleeping: true }, instanceId)).toBe(true);
    expect(sleep?.status.isAsleep({}, instanceId)).toBe(false);
    const drowsy = createLlamaServerPreset({ sleepIdleSeconds: 60 });
    const plan = drowsy.launch({ spec, instanceId, port: 1, file: 'l' });
    expect(plan.args.join(' ')).toContain('--sleep-idle-seconds 60');
  });

  it('multiplies the context by the slots, which llama-server divides it among', () => {
    const wide = { ...spec, contextTokens: 4096, parallelSlots: 4 };
    const plan = createLlamaServerPreset().launch({ spec: wide, instanceId, port: 1, file: 'l' });
    expect(plan.args.join(' ')).toContain('-np 4 -c 16384');
  });

  it('knows its engine by the served name only', () => {
    const { identity } = createLlamaServerPreset();
    expect(identity.servedModel({ data: [{ id: instanceId }] }, spec, instanceId)).toBe(instanceId);
    expect(identity.servedModel({ data: [{ id: 'other' }] }, spec, instanceId)).toBeNull();
    expect(identity.servedModel(null, spec, instanceId)).toBeNull();
  });

  it('finds the program on the PATH and asks it for its version', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'llama-server');
    writeFileSync(path, '#!/bin/sh\necho "version: 8123 (abcdef)" >&2\n');
    chmodSync(path, 0o755);
    const found = { isAvailable: true, path, version: '8123', reason: null };
    expect(await createLlamaServerPreset().detect({ PATH: `relative:${folder}` })).toEqual(found);
    expect(await createLlamaServerPreset({ binary: path }).detect({})).toEqual(found);
  });

  it('says how to install a missing program', async () => {
    const found = await createLlamaServerPreset().detect({ PATH: '/nowhere' });
    expect(found).toMatchObject({ isAvailable: false, path: null });
    expect(found.reason).toContain('LLAMA_SERVER_BIN');
  });

  it.each([null, 'relative.gguf', '-h', '/a\0b'])('refuses the model path %j', (modelPath) => {
    expect(createLlamaServerPreset().validate({ ...spec, modelPath })?.code).toBe('model-missing');
  });

  it('checks the model file before anything is started', async () => {
    const { checkFiles } = createLlamaServerPreset();
    const modelPath = join(temporaryFolder(), 'm.gguf');
    expect((await checkFiles({ ...spec, modelPath }))?.message).toContain('does not exist');
    expect((await checkFiles({ ...spec, modelPath: '/' }))?.code).toBe('model-missing');
    writeFileSync(modelPath, 'GGUF and more');
    expect(await checkFiles({ ...spec, modelPath })).toBeNull();
    truncateSync(modelPath, 2);
    expect((await checkFiles({ ...spec, modelPath }))?.message).toContain('not a GGUF file');
  });
});
