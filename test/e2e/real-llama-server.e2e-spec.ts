import { Supervisor, writeDemoModel, type LocalModelSpec } from '#process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createLlamaServerPreset } from '../../libs/process/src/engines/llama-server.js';
import { probeEngine } from '../../libs/process/src/readiness/probe-engine.js';
import type { Instance, LocalModel } from '../support/management-client.js';
import type { LocalModelFields } from '../support/management-client/row-fields.js';
import { sseEvents, readEvents, takeEvents } from '../support/read-sse.js';
import { startGateway, temporaryFolder } from '../support/start-gateway.js';
import { checkStream } from '../support/stream-grammar.js';
import { expectError } from './error-shape.js';
import { engineProcesses, until } from './local-engines.js';
import { protocols, TestBed } from './test-bed.js';

/** A llama-server of one's own; without it these tests are skipped, and counted as skipped. */
const binary = process.env['LLAMA_SERVER_BIN'] ?? '';
const models = temporaryFolder('spillway-models-');
const tiny = join(models, 'tiny.gguf');
/** Some 1.5 GB when it is read, next to nothing on the disk. */
const heavy = join(models, 'heavy.gguf');

/** The body of its answer, by socket or port. */
async function askEngine(origin: string, path: string, body?: object): Promise<unknown> {
  const post = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await probeEngine(origin, { path, timeoutMs: 10_000, ...post });
  expect(answer?.status).toBe(200);
  return answer?.body;
}

/** A program that runs llama-server under other circumstances. */
function wrapper(line: string): string {
  const path = join(temporaryFolder('spillway-bin-'), 'llama-server');
  writeFileSync(path, `#!/bin/sh\nexec ${line.replaceAll('{}', `'${binary}'`)}\n`);
  chmodSync(path, 0o755);
  return path;
}

const openBed = (program = binary): Promise<TestBed> =>
  TestBed.open({ env: { SPILLWAY_MODEL_DIRS: models, LLAMA_SERVER_BIN: program } });

async function addModel(
  bed: TestBed,
  fields: Pick<LocalModelFields, 'name'> & Partial<LocalModelFields>,
): Promise<LocalModel> {
  const model = await bed.admin.createLocalModel({
    engine: 'llama-server',
    modelPath: tiny,
    contextTokens: 2048,
    ...fields,
  });
  await bed.routeTo(fields.name, [{ kind: 'local', localModelId: model.id }]);
  return model;
}

async function runningInstance(bed: TestBed, model: LocalModel): Promise<Instance> {
  const instances = await bed.admin.list<Instance>('instances');
  const running = instances.find(
    ({ localModelId, state }) => localModelId === model.id && state === 'ready',
  );
  if (running?.pid == null) throw new Error(`${model.name} does not run`);
  return running;
}

const loop = {
  max_tokens: 400,
  messages: [{ role: 'user', content: 'LOOP' }],
  stream_options: { include_usage: true },
};

describe.skipIf(binary === '')('a real llama-server', () => {
  let bed: TestBed;
  beforeAll(async () => {
    await writeDemoModel(tiny);
    await writeDemoModel(heavy, { blocks: 24, feedForwardSize: 16_384 });
    bed = await openBed();
  });
  afterAll(async () => {
    await bed.close();
    expect(engineProcesses(bed.gateway.dataDir)).toEqual([]);
  });

  it('is started by the first of many callers, and answers each in their protocol', async () => {
    await addModel(bed, { name: 'tiny', parallelSlots: 4 });
    const answers = await Promise.all(
      protocols.flatMap((protocol) =>
        [true, false].map(async (isStream) => {
          const body =
            protocol === 'openai-chat' && isStream
              ? { stream_options: { include_usage: true } }
              : {};
          const response = await bed.ask(protocol, 'tiny', { isStream, body });
          return { protocol, isStream, status: response.status, text: await response.text() };
        }),
      ),
    );
    for (const { protocol, isStream, status, text } of answers) {
      expect([status, text]).toEqual([200, expect.stringContaining('Spillway')]);
      if (!isStream) continue;
      const broken = checkStream(protocol, text, { includesUsage: true });
      // it stamps every chunk anew, and callers of its own protocol get its bytes
      const habit = protocol === 'openai-chat' ? 'C2 created is the same in every chunk' : '';
      expect(broken.filter((rule) => rule !== habit)).toEqual([]);
    }
    expect((await bed.admin.list<Instance>('instances')).length).toBe(1);
  });

  it('reasons and calls tools for callers of Anthropic', async () => {
    const thought = await bed.ask('anthropic-messages', 'tiny', {
      isStream: true,
      body: { messages: [{ role: 'user', content: 'THINK' }] },
    });
    const text = await thought.text();
    expect(checkStream('anthropic-messages', text, { includesUsage: true })).toEqual([]);
    expect(text).toContain('thinking_delta');
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    const called = await bed.ask('anthropic-messages', 'tiny', {
      body: { tools: [{ name: 'get_weather', input_schema: schema }] },
    });
    expect(await called.json()).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', name: 'get_weather', input: { city: 'Paris' } }],
    });
  });

  it('loads a heavy model while a small one goes on answering', async () => {
    await addModel(bed, { name: 'heavy', modelPath: heavy });
    const slow = bed.ask('openai-chat', 'heavy', { body: { max_tokens: 2 } });
    const quick = await bed.ask('openai-chat', 'tiny');
    expect(quick.status).toBe(200);
    const loaded = await slow;
    expect(loaded.status, await loaded.text()).toBe(200);
    const [attempt] = (await bed.logOf(loaded)).attempts;
    expect(attempt?.kind).toBe('local');
  });

  it('that aborts in the middle of a stream ends it with an error, and is started again', async () => {
    const model = await addModel(bed, { name: 'mortal', modelPath: heavy });
    const response = await bed.ask('openai-chat', 'mortal', { isStream: true, body: loop });
    const events = sseEvents(response);
    await takeEvents(events, 2);
    process.kill((await runningInstance(bed, model)).pid ?? 0, 'SIGABRT');
    const rest = await readEvents(events);
    expect(rest.at(-1)?.data).toContain('"error"');
    expect(rest.map(({ data }) => data)).not.toContain('[DONE]');
    const answers = async (): Promise<boolean> => {
      const again = await bed.ask('openai-chat', 'mortal', { body: { max_tokens: 2 } });
      return again.status === 200 && (await again.text()) !== '';
    };
    await until('another engine answers', answers, 45_000);
  });

  it('stops generating when its caller leaves', async () => {
    const model = await addModel(bed, { name: 'left', modelPath: heavy });
    const leaving = new AbortController();
    const response = await bed.ask('openai-chat', 'left', {
      isStream: true,
      signal: leaving.signal,
      body: loop,
    });
    await takeEvents(sseEvents(response), 2);
    const { id } = await runningInstance(bed, model);
    const { origin } = await bed.admin.get<{ origin: string }>(`/instances/${id}`);
    const busySlots = async (): Promise<number> => {
      const slots = (await askEngine(origin, '/slots')) as { is_processing: boolean }[];
      return slots.filter((slot) => slot.is_processing).length;
    };
    expect(await busySlots()).toBe(1);
    leaving.abort();
    await until('its slot is free', async () => (await busySlots()) === 0);
  });

  it('says which model is too large for the memory', async () => {
    const poor = await openBed(wrapper('prlimit --as=700000000 {} --no-mmap "$@"'));
    onTestFinished(() => poor.close());
    await addModel(poor, { name: 'too-large', modelPath: heavy });
    const refused = await poor.ask('openai-chat', 'too-large');
    await expectError('openai-chat', refused, 'engine_out_of_memory');
    await addModel(poor, { name: 'fits' });
    expect((await poor.ask('openai-chat', 'fits')).status).toBe(200);
  });

  it('that does not know a flag is not started over and over', async () => {
    const old = await openBed(wrapper('{} --no-such-flag "$@"'));
    onTestFinished(() => old.close());
    await addModel(old, { name: 'old' });
    const message = await expectError(
      'openai-chat',
      await old.ask('openai-chat', 'old'),
      'engine_start_failed',
    );
    expect(message).toContain('command line');
    await old.ask('openai-chat', 'old');
    expect((await old.admin.list<Instance>('instances')).length).toBe(1);
  });

  it('listens on a socket, and is gone on with when the gateway was killed', async () => {
    const env = {
      SPILLWAY_MODEL_DIRS: models,
      LLAMA_SERVER_BIN: binary,
      SPILLWAY_ON_GATEWAY_DEATH: 'keep',
      // another home would be another environment of the engine
      HOME: temporaryFolder(),
    };
    const kept = await TestBed.open({ env });
    onTestFinished(() => kept.close());
    const model = await addModel(kept, { name: 'kept', modelPath: heavy });
    expect((await kept.ask('openai-chat', 'kept', { body: { max_tokens: 2 } })).status).toBe(200);
    const before = await runningInstance(kept, model);
    const { origin } = await kept.admin.get<{ origin: string }>(`/instances/${before.id}`);
    expect(origin).toMatch(/^unix:.*\.sock$/);
    const { dataDir } = kept.gateway;
    await kept.gateway.kill();
    await kept.resume(await startGateway({ dataDir, env }));
    const after = await runningInstance(kept, model);
    expect([after.id, after.pid]).toEqual([before.id, before.pid]);
    const response = await kept.ask('openai-chat', 'kept', { body: { max_tokens: 2 } });
    expect(response.status).toBe(200);
    const [attempt] = (await kept.logOf(response)).attempts;
    expect(attempt).toMatchObject({ kind: 'local', instanceId: before.id, loadMs: 0 });
    await kept.gateway.stop();
    expect(engineProcesses(dataDir)).toEqual([]);
  });

  it('as a router loads the model of a folder that is asked for', async () => {
    await addModel(bed, {
      name: 'routed',
      engine: 'llama-server-router',
      modelPath: models,
      upstreamModel: 'tiny',
    });
    for (const protocol of protocols) {
      const response = await bed.ask(protocol, 'routed');
      expect([response.status, await response.text()]).toEqual([
        200,
        expect.stringContaining('Spillway'),
      ]);
    }
  });
});

describe.skipIf(binary === '')('the supervisor of a real llama-server', () => {
  const spec: LocalModelSpec = {
    id: 'model-1',
    name: 'tiny',
    engine: 'llama-server',
    modelPath: tiny,
    endpoint: null,
    upstreamModel: null,
    contextTokens: 1024,
    parallelSlots: 2,
    idleStopMs: null,
  };
  const open = async (sleepIdleSeconds?: number): Promise<Supervisor> => {
    await writeDemoModel(tiny);
    const sleep = sleepIdleSeconds === undefined ? {} : { sleepIdleSeconds };
    const supervisor = await Supervisor.open({
      dataDir: temporaryFolder(),
      engines: [createLlamaServerPreset({ binary, ...sleep })],
    });
    onTestFinished(() => supervisor.close());
    return supervisor;
  };
  const acquire = (supervisor: Supervisor) =>
    supervisor.acquire(spec, { signal: new AbortController().signal, maxWaitMs: 30_000 });

  it('learns the context of one slot from the engine', async () => {
    const lease = await acquire(await open());
    const list = await askEngine(lease.origin, '/v1/models');
    const { contextTokens } = createLlamaServerPreset();
    expect(contextTokens?.(list, lease.servedModel)).toBe(1024);
    lease.release();
  });

  it('ends an engine that accepts connections but hangs, and starts another', async () => {
    const supervisor = await open();
    (await acquire(supervisor)).release();
    const pid = supervisor.view(spec.id).instance?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    await supervisor.sweepHealth();
    const isGivenUp = () => supervisor.view(spec.id).instance?.pid !== pid;
    await until('it was given up', isGivenUp, 30_000);
    await until('it may be started again', () => supervisor.view(spec.id).state !== 'backoff');
    const lease = await acquire(supervisor);
    expect(supervisor.view(spec.id).instance?.pid).not.toBe(pid);
    lease.release();
  });

  const say = async (origin: string, content: string): Promise<void> => {
    const messages = [{ role: 'user', content }];
    const answer = await askEngine(origin, '/v1/chat/completions', { messages, max_tokens: 300 });
    expect(answer).toHaveProperty('choices');
  };

  it('tells what it does', async () => {
    const supervisor = await open();
    const lease = await acquire(supervisor);
    await say(lease.origin, 'LOOP');
    await supervisor.readFigures();
    const figures = () => supervisor.view(spec.id).instance?.figures;
    expect(figures()).toMatchObject({
      requestsRunning: 0,
      requestsWaiting: 0,
      generatedTokens: 300,
      generatedTokensPerSecond: null,
    });
    expect(figures()?.promptTokens).toBeGreaterThan(5);
    expect(figures()?.kvCacheUsage).toBeGreaterThan(300 / 2048);
    expect(figures()?.kvCacheUsage).toBeLessThan(400 / 2048);
    await say(lease.origin, 'LOOP');
    await supervisor.readFigures();
    expect(figures()?.generatedTokens).toBe(600);
    expect(figures()?.generatedTokensPerSecond).toBeGreaterThan(1);
    lease.release();
  });

  it('sees the engine fall asleep, and be woken by a request', async () => {
    const { sleep } = createLlamaServerPreset();
    const supervisor = await open(1);
    const lease = await acquire(supervisor);
    const isAsleep = async (): Promise<boolean> => {
      const body = await askEngine(lease.origin, sleep?.status.path ?? '');
      return sleep?.status.isAsleep(body, lease.servedModel) === true;
    };
    await until('it sleeps', isAsleep, 20_000);
    await supervisor.readFigures();
    expect(await isAsleep()).toBe(true);
    await say(lease.origin, 'Hi');
    expect(await isAsleep()).toBe(false);
    lease.release();
  });
});
