import { describe, expect, it } from 'vitest';
import { shippedEngines } from '../engines.js';
import { listFoundModels } from './list-found-models.js';

const nothing = { servers: [], modelFiles: [], modelFolders: [], ollamaModels: [] };
const presets = shippedEngines();
const only = (...ids: string[]) => presets.filter(({ id }) => ids.includes(id));

describe('listFoundModels', () => {
  it('puts what is loaded first, then the disk by size, each with the engines that are there', () => {
    const found = listFoundModels(
      {
        servers: [
          { kind: 'Ollama', origin: 'http://127.0.0.1:11434', models: ['llama3.2:1b'] },
          { kind: 'vLLM', origin: 'http://127.0.0.1:8000', models: ['org/big'] },
        ],
        modelFiles: [{ path: '/m/Qwen 3 (4B).gguf', sizeBytes: 9 }],
        modelFolders: [{ path: '/hub/x', name: 'org/x', sizeBytes: 5 }],
        ollamaModels: [{ name: 'phi4:latest', sizeBytes: 7 }],
      },
      only('embedded', 'llama-server', 'vllm'),
    );
    expect(found.map(({ name, source, engines }) => [name, source, engines])).toEqual([
      ['llama3.2:1b', 'server', ['ollama-attached']],
      ['org/big', 'server', ['attached']],
      ['org/x', 'folder', ['vllm']],
      ['phi4:latest', 'ollama-store', []],
      ['Qwen-3-4B-', 'file', ['llama-server', 'embedded']],
    ]);
  });

  it('calls the same thing by the same id, and different things by different ones', () => {
    const look = (...paths: string[]) =>
      listFoundModels(
        { ...nothing, modelFiles: paths.map((path) => ({ path, sizeBytes: 1 })) },
        [],
      ).map(({ id }) => id);
    const [first, second] = look('/a/m.gguf', '/b/m.gguf');
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(first).not.toBe(second);
    expect(look('/b/m.gguf')).toEqual([second]);
  });
});
