import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileProcess } from '../../test/compile-process.js';
import { temporaryFolder, waitFor } from '../../test/process-checks.js';
import { writeDemoModel } from '../demo-model/write-demo-model.js';
import { embeddedEngineFolder } from './embedded-engine-folder.js';
import { embeddedEngineStatus } from './embedded-engine-status.js';

/** The engine as a process of its own, running the sources under test. */
interface EmbeddedEngine {
  readonly origin: string;
  readonly stdout: () => string;
  readonly exited: Promise<{ code: number | null; stderr: string }>;
  kill(signal: NodeJS.Signals): void;
  closeStdin(): void;
}

/** A tree in which the compiled engine finds its packages as it does in a real checkout. */
function layOutEngine(): { root: string; entry: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'spillway-embedded-test-'));
  const library = join(root, 'libs/process');
  mkdirSync(library, { recursive: true });
  cpSync(compileProcess(), join(library, 'src'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  symlinkSync(dirname(embeddedEngineFolder()), join(library, 'embedded-engine'));
  const remove = () => rmSync(root, { recursive: true, force: true });
  return { root, entry: join(library, 'src/embedded/main.js'), remove };
}

/** Resolves when the engine listens or has ended; then `origin` is empty. */
async function startEmbeddedEngine(entry: string, args: string[]): Promise<EmbeddedEngine> {
  const child = spawn(process.execPath, [entry, ...args], { stdio: 'pipe', env: {} });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stderr }));
  });
  const origin = await new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const line = /^spillway-embedded listening on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(stdout);
      if (line?.[1] !== undefined) resolve(line[1]);
    });
    void exited.then(() => resolve(''));
  });
  return {
    origin,
    exited,
    stdout: () => stdout,
    kill: (signal) => void child.kill(signal),
    closeStdin: () => void child.stdin.end(),
  };
}

const { isInstalled } = await embeddedEngineStatus();
const tool = (name: string) => ({ type: 'function', function: { name, parameters: {} } });
let entry = '';
let demoModel = '';
let removeTree = (): void => undefined;

beforeAll(async () => {
  const tree = layOutEngine();
  ({ entry, remove: removeTree } = tree);
  demoModel = join(tree.root, 'demo.gguf');
  await writeDemoModel(demoModel);
});
afterAll(() => removeTree());

async function untilReady(engine: EmbeddedEngine): Promise<void> {
  const health = () => fetch(`${engine.origin}/health`).then(({ status }) => status);
  await waitFor('the model is loaded', async () => (await health()) === 200, 30_000);
}

describe('the embedded engine, started in vain', () => {
  const exitOf = async (...args: string[]) => (await startEmbeddedEngine(entry, args)).exited;

  it('says that a model is missing', async () => {
    const { code, stderr } = await exitOf('--model', '/nowhere/model.gguf');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^failed to load model: no such file or directory: .*model\.gguf/);
    expect((await exitOf()).stderr).toMatch(/^failed to load model: .*--model/);
  });

  it('says that a model is no model', async () => {
    const path = join(temporaryFolder(), 'page.gguf');
    writeFileSync(path, '<!doctype html> something went wrong');
    const { code, stderr } = await exitOf('--model', path);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^failed to load model: .*GGUF/);
  });

  it.each([
    ['--parallel', 'x'],
    ['--context', '1.5'],
    ['--port', '99999'],
    ['--unknown', '1'],
  ])('refuses %s %s in one line', async (...args) => {
    const { code, stderr } = await exitOf('--model', '/m.gguf', ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^invalid argument: .*\n$/);
  });
});

describe.skipIf(!isInstalled)('the embedded engine, installed', { timeout: 60_000 }, () => {
  let engine: EmbeddedEngine;

  beforeAll(async () => {
    engine = await startEmbeddedEngine(entry, [
      '--model',
      demoModel,
      '--alias',
      'demo',
      '--parallel',
      '2',
      '--context',
      '1024',
    ]);
    const loading = await fetch(`${engine.origin}/v1/models`);
    expect([200, 503]).toContain(loading.status);
    await untilReady(engine);
  }, 60_000);
  afterAll(async () => {
    engine.closeStdin();
    expect((await engine.exited).code).toBe(0);
  });

  const post = (body: object, signal?: AbortSignal) =>
    fetch(`${engine.origin}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
  interface Answer {
    choices: {
      finish_reason: string;
      message: {
        content: string | null;
        reasoning_content?: string;
        tool_calls?: { id: string; function: { name: string; arguments: string } }[];
      };
    }[];
    usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
    error: { code: string; param: string; n_ctx: number };
  }
  const ask = async (content: string, more: object = {}) => {
    const messages = [{ role: 'user', content }];
    const answer = (await (await post({ messages, ...more })).json()) as Answer;
    return { ...answer, ...answer.choices?.[0] };
  };

  it('serves its model under the name it was given', async () => {
    const list = (await (await fetch(`${engine.origin}/v1/models`)).json()) as object;
    expect(list).toMatchObject({
      object: 'list',
      data: [{ id: 'demo', object: 'model', owned_by: 'spillway', meta: { n_ctx: 1024 } }],
    });
  });

  it('answers with the words of the model, and counts them', async () => {
    const { message, finish_reason, usage } = await ask('Hello');
    expect(message?.content).toMatch(/^Hello from Spillway\. .*!$/);
    expect(finish_reason).toBe('stop');
    expect(usage.completion_tokens).toBe(27);
    expect(usage.total_tokens).toBe(usage.prompt_tokens + 27);
  });

  it('streams the same text that it answers whole', async () => {
    const messages = [{ role: 'user', content: 'Hello' }];
    const text = await (await post({ messages, stream: true })).text();
    const records = text.split('\n\n').filter((each) => each !== '');
    expect(records.at(-1)).toBe('data: [DONE]');
    const content = records
      .slice(0, -1)
      .map((each) => JSON.parse(each.slice(6)) as { choices: { delta: { content?: string } }[] })
      .map(({ choices }) => choices[0]?.delta.content ?? '')
      .join('');
    expect(content).toBe((await ask('Hello')).message?.content);
  });

  it('ends at the token limit, at the context, and before a stop string', async () => {
    const limited = await ask('LOOP', { max_tokens: 7 });
    expect([limited.finish_reason, limited.usage.completion_tokens]).toEqual(['length', 7]);
    const full = await ask('LOOP');
    expect([full.finish_reason, full.usage.total_tokens]).toEqual(['length', 1024]);
    const stopped = await ask('Hello', { stop: ['scripted demo'] });
    expect([stopped.finish_reason, stopped.message?.content]).toEqual([
      'stop',
      'Hello from Spillway. This ',
    ]);
  });

  it('tells reasoning, calls, JSON and silence from each other', async () => {
    const thought = await ask('THINK');
    expect(thought.message?.reasoning_content).toMatch(/^The question/);
    expect(thought.message?.content).toMatch(/^Forty-two/);
    const called = await ask('weather?', { tools: [tool('get_weather')] });
    expect(called).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    expect(called.message?.tool_calls?.[0]).toMatchObject({
      id: expect.stringMatching(/^call_/) as string,
      function: { name: 'get_weather', arguments: '{"city": "Paris"}' },
    });
    expect((await ask('x', { tools: [tool('other')] })).finish_reason).toBe('stop');
    expect((await ask('EMPTY')).message?.content).toBe('');
    const json = await ask('JSON', { response_format: { type: 'json_object' } });
    expect(json.message?.content).toBe('{"answer": 42, "unit": "none"}');
  });

  it('enforces a schema, and adds nothing behind the value', async () => {
    const properties = { answer: { type: 'integer' } };
    const schema = {
      type: 'object',
      properties,
      required: ['answer'],
      additionalProperties: false,
    };
    const wish = { type: 'json_schema', json_schema: { name: 'a', schema } };
    const { message } = await ask('Hello', { response_format: wish, max_tokens: 400 });
    const content = message?.content ?? '';
    expect(content.trim()).toBe(content);
  });

  it('reads the first request of a coding agent, long as it is', async () => {
    const messages = [
      { role: 'system', content: 'You write JSON and run LOOPs. '.repeat(1_000) },
      { role: 'user', content: 'Hello' },
    ];
    const description = 'THINK. '.repeat(5_000);
    const tools = [{ type: 'function', function: { name: 'Read', description } }];
    const { message } = await ask('Hello', { messages, tools });
    expect(message?.content).toMatch(/^Hello from Spillway/);
  });

  it('refuses what does not fit, and says how much would', async () => {
    const { error } = await ask('x'.repeat(2000));
    expect(error).toMatchObject({
      code: 'context_length_exceeded',
      param: 'messages',
      n_ctx: 1024,
    });
  });

  it('refuses what it cannot read', async () => {
    const send = (body: string) =>
      fetch(`${engine.origin}/v1/chat/completions`, { method: 'POST', body });
    expect((await send('{"messages":')).status).toBe(400);
    expect((await send('[]')).status).toBe(400);
    expect((await send('x'.repeat(33 * 1024 * 1024))).status).toBe(413);
    expect((await fetch(`${engine.origin}/v1/nothing`)).status).toBe(404);
  });

  it('serves who waits as soon as another has left', async () => {
    const messages = [{ role: 'user', content: 'LOOP' }];
    const leaving = new AbortController();
    const begin = async () => (await post({ messages, stream: true }, leaving.signal)).body;
    const streams = [await begin(), await begin()];
    const waiting = ask('Hello', { max_tokens: 1 });
    for (const stream of streams) await stream?.getReader().read();
    leaving.abort();
    expect((await waiting).finish_reason).toBe('length');
  });

  const figureOf = (text: string, name: string): number =>
    Number(new RegExp(`^embedded:${name} (.+)$`, 'm').exec(text)?.[1]);
  const figures = async (): Promise<string> => {
    const answer = await fetch(`${engine.origin}/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    return answer.text();
  };

  it('tells what it works on, and what it has done', async () => {
    const before = await figures();
    const { usage } = await ask('Hello');
    const after = await figures();
    const grown = (name: string): number => figureOf(after, name) - figureOf(before, name);
    expect(grown('tokens_predicted_total')).toBe(usage.completion_tokens);
    // a prompt that begins like an earlier one is read from where they differ
    expect(grown('prompt_tokens_total')).toBeGreaterThan(0);
    expect(grown('prompt_tokens_total')).toBeLessThanOrEqual(usage.prompt_tokens);
    expect(grown('prompt_seconds_total')).toBeGreaterThan(0);
    expect(grown('tokens_predicted_seconds_total')).toBeGreaterThan(0);
    const cache = figureOf(after, 'kv_cache_usage_ratio');
    expect(cache).toBeGreaterThan(0);
    expect(cache).toBeLessThanOrEqual(1);
    expect(figureOf(after, 'model_bytes')).toBeGreaterThan(0);

    const messages = [{ role: 'user', content: 'LOOP' }];
    const leaving = new AbortController();
    for (let each = 0; each < 3; each += 1) {
      void post({ messages, stream: true }, leaving.signal).catch(() => undefined);
    }
    await waitFor('two are served and one waits', async () => {
      const text = await figures();
      const [running, waiting] = ['requests_processing', 'requests_deferred'];
      return figureOf(text, running) === 2 && figureOf(text, waiting) === 1;
    });
    leaving.abort();
    await waitFor('it rests', async () => figureOf(await figures(), 'requests_processing') === 0);
  });

  it('ends at once when it is told to, even in the middle of an answer', async () => {
    for (const end of ['SIGTERM', 'stdin'] as const) {
      const other = await startEmbeddedEngine(entry, ['--model', demoModel]);
      await untilReady(other);
      const body = JSON.stringify({ messages: [{ role: 'user', content: 'LOOP' }], stream: true });
      const answer = await fetch(`${other.origin}/v1/chat/completions`, { method: 'POST', body });
      await answer.body?.getReader().read();
      const startedAt = performance.now();
      if (end === 'stdin') other.closeStdin();
      else other.kill('SIGTERM');
      expect(await other.exited).toEqual({ code: 0, stderr: '' });
      expect(performance.now() - startedAt).toBeLessThan(2000);
      expect(other.stdout().split('\n')[0]).toContain('listening on');
    }
  });
});
