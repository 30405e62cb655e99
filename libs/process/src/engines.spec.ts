import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeSpec } from '../test/fake-engine-preset.js';
import { temporaryFolder } from '../test/process-checks.js';
import type { EnginePlacement, EnginePreset, ManagedEnginePreset } from './engine-preset.js';
import { shippedEngines } from './engines.js';
import { canSleep } from './launch/can-sleep.js';
import { hasSameLaunch } from './local-model-spec.js';

const presets = shippedEngines();
const byId = (id: string): EnginePreset => {
  const found = presets.find((preset) => preset.id === id);
  if (found === undefined) throw new Error(`no engine ${id}`);
  return found;
};
const isManaged = (preset: EnginePreset): preset is ManagedEnginePreset =>
  preset.kind === 'managed';
const managed = presets.filter(isManaged);
const instanceId = 'sw-a-b-1';
const spec = fakeSpec({ modelPath: '/models/m.gguf', upstreamModel: 'qwen3:4b', parallelSlots: 2 });
const list = (...entries: object[]) => ({ object: 'list', data: entries });

const launchLine = (id: string, changes = {}): string => {
  const preset = byId(id);
  if (preset.kind !== 'managed') throw new Error(`${id} is not launched`);
  const context = { spec: { ...spec, ...changes }, instanceId, port: 4711, file: '/bin/x' };
  const { args, env } = preset.launch(context);
  return [...Object.entries(env).map((pair) => pair.join('=')), ...args].join(' ');
};

describe('the shipped engines', () => {
  it('have ids of their own, fit for a column and an address', () => {
    const ids = presets.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]{0,31}$/);
  });

  it.each(managed.map((preset) => [preset.id] as const))('%s binds to loopback alone', (id) => {
    const line = launchLine(id);
    expect(line).not.toContain('0.0.0.0');
    if (id === 'embedded') return; // its script knows no other address
    expect(line).toMatch(/127\.0\.0\.1[: ]/);
    expect(line).toContain('4711');
  });

  it.each(managed.map((preset) => [preset.id] as const))('%s gets no secret', (id) => {
    expect(launchLine(id)).not.toMatch(/api[-_]?key|token=|secret/i);
  });

  it.each(presets.map((preset) => [preset.id, preset] as const))(
    '%s can be described',
    (_, preset) => {
      expect(preset.traits?.title).not.toBe('');
      expect(preset.traits?.endpoints).toContain('/v1/chat/completions');
      expect(preset.traits?.stop === null).toBe(preset.kind === 'attached');
      expect(preset.protocols).toContain('openai-chat');
    },
  );
});

describe('launch lines', () => {
  it.each([
    [
      'llama-server-router',
      '--models-dir /models/m.gguf --host 127.0.0.1 --port 4711 --tags sw-a-b-1 -np 2 --metrics --no-webui --offline --log-colors off',
    ],
    [
      'mlx-openai-server',
      'launch --model-path /models/m.gguf --model-type lm --served-model-name sw-a-b-1 --host 127.0.0.1 --port 4711 --no-log-file --decode-concurrency 2',
    ],
    [
      'vllm-mlx',
      'serve /models/m.gguf --served-model-name sw-a-b-1 --host 127.0.0.1 --port 4711 --continuous-batching --max-num-seqs 2 --enable-metrics --offline',
    ],
    [
      'mlx-lm-server',
      '--model /models/m.gguf --host 127.0.0.1 --port 4711 --max-tokens 32768 --decode-concurrency 2',
    ],
    [
      'vllm',
      'serve /models/m.gguf --served-model-name sw-a-b-1 --host 127.0.0.1 --port 4711 --max-num-seqs 2',
    ],
    [
      'sglang',
      'serve --model-path /models/m.gguf --served-model-name sw-a-b-1 --host 127.0.0.1 --port 4711 --max-running-requests 2 --enable-metrics',
    ],
    ['localai', 'run --address 127.0.0.1:4711 --models-path /models/m.gguf'],
    [
      'ollama',
      'OLLAMA_HOST=127.0.0.1:4711 OLLAMA_NO_CLOUD=1 OLLAMA_NUM_PARALLEL=2 OLLAMA_MAX_LOADED_MODELS=1 OLLAMA_KEEP_ALIVE=-1 serve',
    ],
  ])('%s', (id, line) => {
    expect(launchLine(id)).toContain(line);
  });

  it.each([
    ['mlx-openai-server', '--context-length 4096'],
    ['vllm', '--max-model-len 4096'],
    ['sglang', '--context-length 4096'],
    ['ollama', 'OLLAMA_CONTEXT_LENGTH=4096'],
    ['localai', '--context-size 4096'],
    ['llama-server-router', '-c 8192'],
  ])('%s is told the context', (id, part) => {
    expect(launchLine(id, { contextTokens: 4096 })).toContain(part);
  });
});

describe('launch lines on a machine with graphics cards', () => {
  const GIB = 1024 ** 3;
  const cardOf = (index: number, gibibytes: number) =>
    ({ maker: 'nvidia', index, bytes: gibibytes * GIB, totalBytes: 24 * GIB }) as const;
  const line = (id: string, placement: EnginePlacement): string => {
    const preset = byId(id) as ManagedEnginePreset;
    const context = { spec, instanceId, port: 4711, file: '/bin/x', placement };
    return preset.launch(context).args.join(' ');
  };
  const whole = { cards: [cardOf(1, 12)], cardShare: 1, layerCount: null };
  const twoCards = { cards: [cardOf(0, 12), cardOf(1, 6)], cardShare: 1, layerCount: null };

  it.each(['llama-server', 'llama-server-router'])('%s is told how much goes where', (id) => {
    expect(line(id, whole)).toContain('-ngl 999');
    expect(line(id, twoCards)).toContain('-ngl 999 --tensor-split 12288,6144');
    expect(line(id, { ...whole, cardShare: 0.5, layerCount: 31 })).toContain('-ngl 16');
    expect(line(id, { ...whole, cardShare: 0.5 })).not.toContain('-ngl');
    expect(line(id, { cards: [], cardShare: 0, layerCount: null })).toContain('-ngl 0');
  });

  it('vllm and sglang take no more of a card than is reserved', () => {
    expect(line('vllm', whole)).toContain('--gpu-memory-utilization 0.5');
    expect(line('vllm', twoCards)).toContain(
      '--gpu-memory-utilization 0.25 --tensor-parallel-size 2',
    );
    expect(line('sglang', whole)).toContain('--mem-fraction-static 0.450');
    expect(line('sglang', twoCards)).toContain('--tp 2');
  });

  it.each(['embedded', 'mlx-lm-server', 'attached'])('%s is told of none', (id) => {
    expect(byId(id).traits?.memory.cards).toEqual([]);
  });
});

describe('sleep', () => {
  it('is a matter of the model’s settings where it opens routes, and another launch', () => {
    expect(launchLine('vllm')).not.toMatch(/sleep|DEV_MODE/);
    expect(launchLine('vllm', { isSleepEnabled: true })).toMatch(
      /VLLM_SERVER_DEV_MODE=1.*--enable-sleep-mode/,
    );
    expect(canSleep(byId('vllm'), spec)).toBe(false);
    expect(canSleep(byId('vllm'), { isSleepEnabled: true })).toBe(true);
    expect(canSleep(byId('sglang'), { isSleepEnabled: true })).toBe(false);
    expect(hasSameLaunch(spec, { ...spec, isSleepEnabled: true })).toBe(false);
    expect(hasSameLaunch(spec, { ...spec, isSleepEnabled: false, isPinned: true })).toBe(true);
  });
});

describe('readiness', () => {
  it('of vllm-mlx and mlx-openai-server is in the body', () => {
    const { isReady } = byId('vllm-mlx').readiness;
    expect(isReady(200, { status: 'healthy', model_loaded: false })).toBe(false);
    expect(isReady(200, { status: 'healthy', model_loaded: true })).toBe(true);
    expect(isReady(200, null)).toBe(false);
    expect(byId('mlx-openai-server').readiness.isReady(200, { status: 'unhealthy' })).toBe(false);
    expect(byId('mlx-openai-server').readiness.isReady(200, { status: 'ok' })).toBe(true);
  });

  it('of mlx_lm.server is one token, asked for under the name it never swaps for', () => {
    const { readiness } = byId('mlx-lm-server');
    expect(readiness.body?.(spec, instanceId)).toMatchObject({
      model: 'default_model',
      max_tokens: 1,
    });
  });

  it('of the engines that show it is followed', () => {
    const { loadProgress } = byId('vllm') as ManagedEnginePreset;
    const line = 'Loading safetensors checkpoint shards:  50% Completed | 2/4 [00:01<00:01]';
    expect(loadProgress?.(line)).toBe(0.5);
    expect(loadProgress?.('Fetching 8 files: 100%|██████████| 8/8')).toBe(1);
    expect(loadProgress?.('GPU KV cache usage: 0.0%, 50% off')).toBeNull();
    expect(loadProgress?.('999%| nonsense')).toBeNull();
  });
});

describe('identity and the name that is sent', () => {
  const served = (id: string, body: unknown, changes = {}) =>
    byId(id).identity.servedModel(body, { ...spec, ...changes }, instanceId);

  it.each(['llama-server', 'mlx-openai-server', 'vllm-mlx', 'vllm', 'sglang'])(
    '%s serves under the id of its instance and no other',
    (id) => {
      expect(served(id, list({ id: instanceId }))).toBe(instanceId);
      expect(served(id, list({ id: 'sw-a-b-2' }))).toBeNull();
    },
  );

  it('mlx_lm.server is known by its folder and called by the name it never swaps', () => {
    expect(served('mlx-lm-server', list({ id: 'org/x' }, { id: '/models/m.gguf' }))).toBe(
      'default_model',
    );
    expect(served('mlx-lm-server', list({ id: 'org/x' }))).toBeNull();
  });

  it('a router is known by the tag it was started with', () => {
    const entry = { id: 'qwen3:4b', tags: [instanceId] };
    expect(served('llama-server-router', list(entry))).toBe('qwen3:4b');
    expect(served('llama-server-router', list({ ...entry, tags: ['sw-a-b-2'] }))).toBeNull();
    expect(served('llama-server-router', list({ id: 'x', tags: [instanceId] }))).toBeNull();
  });

  it.each(['localai', 'lm-studio'])('%s must list the model', (id) => {
    expect(served(id, list({ id: 'a' }, { id: 'qwen3:4b' }))).toBe('qwen3:4b');
    expect(served(id, list({ id: 'a' }))).toBeNull();
  });

  it.each(['ollama', 'ollama-attached'])('%s completes a name without a tag', (id) => {
    expect(served(id, list({ id: 'llama3.2:latest' }), { upstreamModel: 'llama3.2' })).toBe(
      'llama3.2:latest',
    );
    expect(served(id, list({ id: 'llama3.2:1b' }), { upstreamModel: 'llama3.2' })).toBeNull();
  });

  it.each(['ollama', 'ollama-attached', 'attached'])('%s serves nothing from a cloud', (id) => {
    const endpoint = 'http://127.0.0.1:11434';
    for (const upstreamModel of ['gpt-oss:120b-cloud', 'kimi-k2:cloud']) {
      expect(byId(id).validate({ ...spec, endpoint, upstreamModel })?.message).toContain('cloud');
    }
    const body = list({ id: 'kimi-k2:cloud' }, { id: 'here' });
    if (id !== 'ollama') expect(served(id, body, { upstreamModel: null })).toBe('here');
  });

  it('tells the context per slot where the list does', () => {
    const body = list({ id: instanceId, max_model_len: 8192 });
    expect(byId('vllm').contextTokens?.(body, instanceId)).toBe(8192);
    expect(byId('sglang').contextTokens?.(body, 'other')).toBeNull();
  });
});

describe('what is in memory of an engine that keeps several models', () => {
  const isAsleep = (id: string, body: unknown) => byId(id).sleep?.status.isAsleep(body, 'qwen3:4b');

  it.each(['ollama', 'ollama-attached'])('%s lists it', (id) => {
    expect(isAsleep(id, { models: [{ name: 'qwen3:4b', model: 'qwen3:4b' }] })).toBe(false);
    expect(isAsleep(id, { models: [{ name: 'other', model: 'other' }] })).toBe(true);
    expect(isAsleep(id, { models: [] })).toBe(true);
    expect(isAsleep(id, { error: 'x' })).toBe(false);
    const { sleep } = byId(id);
    expect(sleep?.sleep?.('m').body).toEqual({ model: 'm', keep_alive: 0 });
    // Whoever runs the attached one says how long it keeps a model.
    expect(sleep?.wake === undefined).toBe(id === 'ollama-attached');
  });

  it('lm-studio lists its instances', () => {
    const loaded = { key: 'qwen3:4b', loaded_instances: [{ id: 'qwen3:4b' }] };
    expect(isAsleep('lm-studio', { models: [loaded] })).toBe(false);
    expect(isAsleep('lm-studio', { models: [{ ...loaded, loaded_instances: [] }] })).toBe(true);
    expect(isAsleep('lm-studio', 'no')).toBe(false);
  });

  it('a router gives each model a state', () => {
    const state = (value: string) => list({ id: 'qwen3:4b', status: { value } });
    expect(isAsleep('llama-server-router', state('loaded'))).toBe(false);
    expect(isAsleep('llama-server-router', state('unloaded'))).toBe(true);
    expect(isAsleep('llama-server-router', state('loading'))).toBe(true);
  });
});

describe('what a model must be', () => {
  const folderWith = (...files: string[]): string => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    for (const file of files) writeFileSync(join(folder, file), '{}');
    return folder;
  };
  const check = async (id: string, modelPath: string): Promise<string | undefined> => {
    const preset = byId(id) as ManagedEnginePreset;
    return (await preset.checkFiles({ ...spec, modelPath }))?.message;
  };

  it('a folder with weights and a configuration, for engines of the Python world', async () => {
    expect(await check('vllm', folderWith('config.json', 'a.safetensors'))).toBeUndefined();
    expect(await check('vllm', folderWith('a.safetensors'))).toContain('no config.json');
    expect(await check('vllm', folderWith('config.json'))).toContain('no weights');
    expect(await check('vllm', join(folderWith(), 'missing'))).toContain('does not exist');
    const damaged = folderWith('a.safetensors', 'config.json');
    writeFileSync(join(damaged, 'config.json'), '{');
    expect(await check('vllm', damaged)).toContain('damaged config.json');
  });

  it('never a name that could be fetched, a relative path or a flag', () => {
    for (const modelPath of ['org/model', '-h', null, '/a\0b']) {
      expect(byId('vllm').validate({ ...spec, modelPath })?.code).toBe('model-missing');
    }
    for (const upstreamModel of ['--help', '', 'a b', null]) {
      expect(byId('ollama').validate({ ...spec, upstreamModel })?.code).toBe('model-missing');
    }
  });
});
