import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/process-checks.js';
import { findModelFolders } from './find-model-folders.js';
import { findOllamaModels } from './find-ollama-models.js';

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

describe('findModelFolders', () => {
  it('finds the snapshots of the Hugging Face cache by the names of the hub', async () => {
    const hub = temporaryFolder();
    const snapshot = join(hub, 'models--mlx-community--Qwen3-4B-4bit/snapshots/abc');
    write(hub, { 'models--mlx-community--Qwen3-4B-4bit/blobs/1': 'weights' });
    write(snapshot, { 'config.json': '{}' });
    symlinkSync('../../blobs/1', join(snapshot, 'model.safetensors'));
    expect(await findModelFolders([hub])).toEqual([
      { path: snapshot, name: 'mlx-community/Qwen3-4B-4bit', sizeBytes: 7 },
    ]);
  });

  it('passes over folders without weights, without a configuration, or half fetched', async () => {
    const folder = temporaryFolder();
    write(folder, {
      'a/config.json': '{}',
      'b/model.safetensors': 'x',
      'c/config.json': '{}',
      'd/config.json': '{}',
      'd/model.safetensors': 'xy',
    });
    symlinkSync('nowhere', join(folder, 'c/model.safetensors'));
    expect(await findModelFolders([folder])).toEqual([
      { path: join(folder, 'd'), name: 'd', sizeBytes: 2 },
    ]);
  });
});

describe('findOllamaModels', () => {
  const manifest = JSON.stringify({
    layers: [
      { mediaType: 'application/vnd.ollama.image.model', digest: 'sha256:1', size: 100 },
      { mediaType: 'application/vnd.ollama.image.template', size: 5 },
    ],
  });

  it('names models as Ollama does, and leaves out those that run in its cloud', async () => {
    const store = temporaryFolder();
    write(join(store, 'manifests'), {
      'registry.ollama.ai/library/llama3.2/1b': manifest,
      'registry.ollama.ai/me/mine/latest': manifest,
      'hf.co/org/model-GGUF/Q4_K_M': manifest,
      'registry.ollama.ai/library/gpt-oss/120b-cloud': manifest,
      'registry.ollama.ai/library/broken/latest': '{',
      'registry.ollama.ai/library/remote/latest': '{"layers":[]}',
      'registry.ollama.ai/stray': manifest,
    });
    const found = await findOllamaModels(store);
    expect(found.map(({ name }) => name).sort()).toEqual([
      'hf.co/org/model-GGUF:Q4_K_M',
      'llama3.2:1b',
      'me/mine:latest',
    ]);
    expect(found[0]?.sizeBytes).toBe(105);
  });

  it('finds nothing where there is no store', async () => {
    expect(await findOllamaModels('/nowhere')).toEqual([]);
  });
});
