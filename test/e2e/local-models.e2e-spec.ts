import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instance, LocalModel } from '../support/management-client.js';
import { sseEvents, readEvents, takeEvents, textOfEvents } from '../support/read-sse.js';
import { expectError } from './error-shape.js';
import { engineProcesses, LocalEngines, until } from './local-engines.js';
import { protocols, TestBed } from './test-bed.js';

const engines = new LocalEngines();
let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open({ env: engines.env });
});
afterAll(async () => {
  await bed.close();
  expect(engineProcesses(bed.gateway.dataDir)).toEqual([]);
});

const modelState = async ({ id }: LocalModel): Promise<string> =>
  (await bed.admin.get<LocalModel>(`/local-models/${id}`)).state;
const isGone = (pid: number) => (): boolean => !engineProcesses(bed.gateway.dataDir).includes(pid);

describe('a cold local model', () => {
  it('is started once for 50 first calls at the same time', async () => {
    const model = await engines.addModel(bed, 'busy', { loadMs: 500 }, { parallelSlots: 8 });
    expect(await modelState(model)).toBe('cold');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, turn) =>
        bed.ask(protocols[turn % 2] ?? 'openai-chat', 'busy', { isStream: turn % 3 === 0 }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    for (const text of await Promise.all(answers.map((answer) => answer.text()))) {
      expect(text).toContain('word5');
    }
    expect(engines.journal('busy', 'start')).toHaveLength(1);
    expect(engines.journal('busy', 'prompt')).toHaveLength(50);
    expect(await modelState(model)).toBe('ready');
  });

  it('is warm for the second call', async () => {
    await engines.addModel(bed, 'warm', { loadMs: 400 });
    const first = await bed.logOf(await bed.ask('openai-chat', 'warm'));
    const started = Date.now();
    const response = await bed.ask('openai-chat', 'warm');
    expect(response.status).toBe(200);
    expect(Date.now() - started).toBeLessThan(300);
    expect(response.headers.get('x-spillway-served-by')).toBe('local:warm');
    expect((await bed.logOf(response)).costStatus).toBe('free');
    expect(first.attempts[0]?.kind).toBe('local');
    expect(engines.journal('warm', 'start')).toHaveLength(1);
  });

  it('is loaded ahead by the start button and stopped by the stop button', async () => {
    const model = await engines.addModel(bed, 'buttons');
    await bed.admin.call('POST', `/local-models/${model.id}/start`);
    await until('it is ready', async () => (await modelState(model)) === 'ready');
    const pid = engines.lastPid('buttons');
    await bed.admin.call('POST', `/local-models/${model.id}/stop`);
    await until('it is cold', async () => (await modelState(model)) === 'cold');
    await until('its process is gone', isGone(pid));
    expect((await bed.ask('openai-chat', 'buttons')).status).toBe(200);
    const [instance] = (await bed.admin.list<Instance>('instances')).filter(
      ({ localModelId, state }) => localModelId === model.id && state === 'ready',
    );
    await bed.admin.call('POST', `/instances/${instance?.id}/stop`);
    await until('the second process is gone', isGone(engines.lastPid('buttons')));
  });

  it('stops by itself when nobody asks for a while', async () => {
    const model = await engines.addModel(bed, 'idle', {}, { idleStopMs: 1_000 });
    expect((await bed.ask('openai-chat', 'idle')).status).toBe(200);
    const pid = engines.lastPid('idle');
    expect(engineProcesses(bed.gateway.dataDir)).toContain(pid);
    await until('its process is gone', isGone(pid));
    await until('it is cold', async () => (await modelState(model)) === 'cold');
    expect((await bed.ask('openai-chat', 'idle')).status).toBe(200);
    expect(engines.journal('idle', 'start')).toHaveLength(2);
  });

  it('shows its engine neither secrets nor settings of the gateway', async () => {
    await engines.addModel(bed, 'clean');
    await bed.ask('openai-chat', 'clean');
    const [environment = ''] = engines.journal('clean', 'environment');
    const names = Object.keys(JSON.parse(environment) as object);
    expect(names.filter((name) => name.startsWith('SPILLWAY_'))).toEqual(['SPILLWAY_INSTANCE']);
  });
});

describe('a local model that cannot run', () => {
  it('is told apart: a file that is no model', async () => {
    await engines.addModel(bed, 'damaged');
    writeFileSync(engines.pathOf('damaged'), 'NOPE, this is a text.');
    const response = await bed.ask('openai-chat', 'damaged');
    const message = await expectError('openai-chat', response, 'engine_model_missing');
    expect(message).toMatch(/GGUF/);
  });

  it('is told apart: an engine that cannot load the file', async () => {
    await engines.addModel(bed, 'corrupt', { exitAtOnce: 'error loading model: invalid magic' });
    const response = await bed.ask('anthropic-messages', 'corrupt');
    const message = await expectError('anthropic-messages', response, 'engine_start_failed');
    expect(message).toMatch(/damaged|incomplete/);
    expect(engines.journal('corrupt', 'start').length).toBeLessThanOrEqual(2);
  });

  it('spills over to the cloud where that is allowed', async () => {
    const model = await engines.addModel(bed, 'broken', { exitAtOnce: 'error loading model' });
    const route = await bed.routeTo('broken-or-cloud', [
      { kind: 'local', localModelId: model.id },
      bed.target('openai-chat', 'say-hello'),
    ]);
    const response = await bed.ask('openai-chat', route);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-spillway-attempts')).toMatch(
      /^local:broken=engine_\w+;provider:/,
    );
  });

  it('is told apart: no such program', async () => {
    const other = await TestBed.open({
      env: { ...engines.env, LLAMA_SERVER_BIN: '/nowhere/llama-server' },
    });
    await engines.addModel(other, 'homeless');
    const response = await other.ask('openai-chat', 'homeless');
    const message = await expectError('openai-chat', response, 'engine_not_installed');
    expect(message).toContain('LLAMA_SERVER_BIN');
    await other.close();
  });
});

describe('an engine that is killed', () => {
  it.each(protocols)(
    'while it streams ends the stream with an error for %s callers',
    async (protocol) => {
      const name = `mortal-${protocol}`;
      await engines.addModel(bed, name, { words: 200, wordMs: 30 });
      const response = await bed.ask(protocol, name, { isStream: true });
      const events = sseEvents(response);
      await takeEvents(events, 6);
      process.kill(engines.lastPid(name), 'SIGKILL');
      const rest = await readEvents(events);
      expect(rest.at(-1)?.data).toContain('"error"');
      expect(rest.map(({ data }) => data).join('')).not.toMatch(/\[DONE\]|message_stop/);
      expect(textOfEvents(rest)).not.toContain('word200');
      const row = await bed.logOf(response);
      // the broken connection may be seen before the death of the process
      expect(row.outcome).toBe('failed');
      expect(row.errorCode).toMatch(/^(engine_crashed|upstream_stream_interrupted)$/);
    },
  );

  it('is started again for the next request', async () => {
    await engines.addModel(bed, 'phoenix');
    await bed.ask('openai-chat', 'phoenix');
    process.kill(engines.lastPid('phoenix'), 'SIGKILL');
    await until('a new engine answers', async () => {
      const response = await bed.ask('openai-chat', 'phoenix');
      await response.text();
      return response.status === 200;
    });
    expect(engines.journal('phoenix', 'start').length).toBeGreaterThanOrEqual(2);
  });

  it('by a caller that leaves, is not: it only stops writing', async () => {
    await engines.addModel(bed, 'patient', { words: 200, wordMs: 30 });
    const leaving = new AbortController();
    const response = await bed.ask('openai-chat', 'patient', {
      isStream: true,
      signal: leaving.signal,
    });
    await takeEvents(sseEvents(response), 4);
    leaving.abort();
    await until('it has noticed', () => engines.journal('patient', 'left').length === 1, 2_000);
    expect(engineProcesses(bed.gateway.dataDir)).toContain(engines.lastPid('patient'));
  });
});
