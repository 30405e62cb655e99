import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../support/management-client.js';
import { launchGateway, temporaryFolder } from '../support/start-gateway.js';
import { checkStream } from '../support/stream-grammar.js';
import { engineProcesses } from './local-engines.js';
import { protocols, TestBed } from './test-bed.js';

const fakeEngine = fileURLToPath(new URL('../support/fake-engine.mjs', import.meta.url));
const behaviour = JSON.stringify({ announce: true });

/** An engine the user runs: the gateway may talk to it, and must leave it alone. */
async function startServer(profile: string): Promise<{ endpoint: string; end: () => void }> {
  const args = [fakeEngine, '--profile', profile, '--behaviour', behaviour];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      const found = /127\.0\.0\.1:(\d+)/.exec(text.toString())?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`the server of ${profile} ended`)));
  });
  return { endpoint: `http://127.0.0.1:${port}`, end: () => child.kill('SIGKILL') };
}

const dataDir = temporaryFolder();
const models = temporaryFolder('spillway-models-');
const custom = {
  engines: {
    mine: {
      command: process.execPath,
      args: [fakeEngine, '--profile', 'vllm', '--served-model-name', '{instanceId}'].concat([
        '--model-path',
        '{modelPath}',
        '--port',
        '{port}',
      ]),
      stopGraceMs: 1_000,
    },
  },
};
let bed: TestBed;
let servers: Awaited<ReturnType<typeof startServer>>[] = [];
beforeAll(async () => {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, 'custom-engines.json'), JSON.stringify(custom), { mode: 0o600 });
  writeFileSync(join(models, 'tiny.gguf'), 'GGUF and more');
  bed = await TestBed.open({ dataDir, env: { SPILLWAY_MODEL_DIRS: models } });
  servers = await Promise.all(['ollama', 'local-ai'].map(startServer));
});
afterAll(async () => {
  await bed.close();
  for (const { end } of servers) end();
  expect(engineProcesses(dataDir)).toEqual([]);
});

async function expectAnswers(route: string): Promise<void> {
  for (const protocol of protocols) {
    const response = await bed.ask(protocol, route, { isStream: true });
    const text = await response.text();
    expect([response.status, text]).toEqual([200, expect.stringContaining('engine.')]);
    const broken = checkStream(protocol, text, { includesUsage: false });
    if (protocol !== 'openai-chat') expect(broken).toEqual([]);
  }
}

async function addModel(fields: {
  name: string;
  engine: string;
  endpoint?: string;
  upstreamModel?: string;
  modelPath?: string;
}): Promise<LocalModel> {
  const model = await bed.admin.createLocalModel(fields);
  await bed.routeTo(fields.name, [{ kind: 'local', localModelId: model.id }]);
  return model;
}

describe('a server that runs already', () => {
  it.each([
    ['ollama-attached', 0, 'tiny'],
    ['lm-studio', 1, 'tiny'],
    ['attached', 1, null],
  ])('is used as %s, and still runs when its model is stopped', async (engine, index, name) => {
    const endpoint = servers[index]?.endpoint ?? '';
    const named = name === null ? {} : { upstreamModel: name };
    const { id } = await addModel({ name: engine, engine, endpoint, ...named });
    await expectAnswers(engine);
    await bed.admin.call('POST', `/local-models/${id}/stop`);
    expect((await fetch(`${endpoint}/v1/models`)).status).toBe(200);
  });

  it('is refused for a model it would pass on to a cloud', async () => {
    const endpoint = servers[0]?.endpoint ?? '';
    const refused = bed.admin.createLocalModel({
      name: 'cloudy',
      engine: 'ollama-attached',
      endpoint,
      upstreamModel: 'gpt-oss:120b-cloud',
    });
    await expect(refused).rejects.toThrow(/cloud/);
  });
});

describe('an engine declared on the host', () => {
  it('is started as its file says', async () => {
    await addModel({ name: 'own', engine: 'custom-mine', modelPath: join(models, 'tiny.gguf') });
    await expectAnswers('own');
  });

  it('cannot be changed over the API, nor chosen when it is not declared', async () => {
    const fields = { name: 'other', modelPath: join(models, 'tiny.gguf') };
    for (const extra of [
      { engine: 'custom-other' },
      { engine: 'custom-mine', args: ['--port', '1'] },
      { engine: 'custom-mine', command: '/bin/sh' },
    ]) {
      await expect(bed.admin.createLocalModel({ ...fields, ...extra })).rejects.toThrow(/400/);
    }
  });

  it('with a fault keeps the gateway from starting, and says which', async () => {
    const broken = temporaryFolder();
    writeFileSync(join(broken, 'custom-engines.json'), '{"engines":{"x":{"command":"sh"}}}');
    const gateway = launchGateway({ dataDir: broken });
    const { code } = await gateway.exited;
    expect(code).not.toBe(0);
    expect(gateway.output).toContain('"command" must be the absolute path of a program');
  });
});
