import { describe, expect, it } from 'vitest';
import type { Discovery } from '../discovery/Discovery.js';
import { nameFromPath, suggestLocalModels } from './suggestLocalModels.js';

const found: Discovery = {
  engines: [{ id: 'llama-server', path: '/usr/bin/llama-server', version: 'b7120' }],
  servers: [{ kind: 'ollama', origin: 'http://127.0.0.1:11434', models: ['gemma3:4b'] }],
  modelFiles: [{ path: '/models/Qwen3-8B-Instruct-Q4_K_M.gguf', sizeBytes: 1 }],
  models: [],
  modelFolders: ['/models'],
  environmentKeys: [],
  embeddedEngine: { isInstalled: false, isAllowed: true, reason: null },
};

describe('nameFromPath', () => {
  it.each([
    ['/models/Qwen3-8B-Instruct-Q4_K_M.gguf', 'qwen3-8b-instruct'],
    ['/models/tinyllama-1.1b-chat-v1.0.Q4_K_M.gguf', 'tinyllama-1.1b-chat-v1.0'],
    ['/models/My Model (final)-F16.GGUF', 'my-model-final'],
    ['phi.gguf', 'phi'],
  ])('names %s %s', (path, name) => {
    expect(nameFromPath(path)).toBe(name);
  });
});

describe('suggestLocalModels', () => {
  it('attaches to what already runs, and starts llama-server for files', () => {
    expect(suggestLocalModels(found)).toEqual([
      {
        name: 'gemma3:4b',
        engine: 'attached',
        endpoint: 'http://127.0.0.1:11434',
        upstreamModel: 'gemma3:4b',
      },
      {
        name: 'qwen3-8b-instruct',
        engine: 'llama-server',
        modelPath: '/models/Qwen3-8B-Instruct-Q4_K_M.gguf',
      },
    ]);
  });

  it('takes the embedded engine for files when there is no llama-server', () => {
    const [, file] = suggestLocalModels({ ...found, engines: [] });
    expect(file?.engine).toBe('embedded');
  });
});
