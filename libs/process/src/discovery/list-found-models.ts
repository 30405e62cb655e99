import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { EnginePreset } from '../engine-preset.js';
import type { ModelForm } from '../engine-traits.js';
import type { EngineId } from '../local-model-spec.js';
import type {
  FoundModel,
  FoundModelFile,
  FoundModelFolder,
  FoundOllamaModel,
  FoundServer,
} from './discovery.js';

interface Finds {
  readonly servers: readonly FoundServer[];
  readonly modelFiles: readonly FoundModelFile[];
  readonly modelFolders: readonly FoundModelFolder[];
  readonly ollamaModels: readonly FoundOllamaModel[];
}

/** Presets that know a running server of that kind; the others are used as any OpenAI-compatible server. */
const attachedEngines: Readonly<Record<string, EngineId>> = {
  Ollama: 'ollama-attached',
  'LM Studio': 'lm-studio',
};

/**
 * Everything that can become a local model: what servers have loaded already comes first, then models on the disk from
 * small to large. `installed` are the presets whose engine can be used here.
 */
export function listFoundModels(finds: Finds, installed: readonly EnginePreset[]): FoundModel[] {
  const enginesFor = (form: ModelForm): EngineId[] =>
    installed
      .filter((preset) => preset.kind === 'managed' && preset.traits?.modelForm === form)
      .map(({ id }) => id)
      // the embedded engine serves whom nothing better is installed
      .sort((a, b) => Number(a === 'embedded') - Number(b === 'embedded'));
  const onServers = finds.servers.flatMap(({ kind, origin, models }) =>
    models.map((model) =>
      describe('server', {
        name: model,
        engines: [attachedEngines[kind] ?? 'attached'],
        endpoint: origin,
        upstreamModel: model,
      }),
    ),
  );
  const onDisk = [
    ...finds.modelFiles.map(({ path, sizeBytes }) => {
      const name = basename(path).replace(/\.gguf$/i, '');
      return describe('file', {
        name,
        engines: enginesFor('gguf-file'),
        modelPath: path,
        sizeBytes,
      });
    }),
    ...finds.modelFolders.map(({ path, name, sizeBytes }) => {
      const engines = enginesFor('model-folder');
      return describe('folder', { name, engines, modelPath: path, sizeBytes });
    }),
    ...finds.ollamaModels.map(({ name, sizeBytes }) => {
      const engines = enginesFor('model-name');
      return describe('ollama-store', { name, engines, upstreamModel: name, sizeBytes });
    }),
  ];
  return [...onServers, ...onDisk.sort((a, b) => (a.sizeBytes ?? 0) - (b.sizeBytes ?? 0))];
}

type Description = Pick<FoundModel, 'name' | 'engines'> &
  Partial<Pick<FoundModel, 'modelPath' | 'endpoint' | 'upstreamModel' | 'sizeBytes'>>;

function describe(source: FoundModel['source'], found: Description): FoundModel {
  const { engines, modelPath = null, endpoint = null, upstreamModel = null } = found;
  const what = JSON.stringify([source, modelPath, endpoint, upstreamModel]);
  return {
    id: createHash('sha256').update(what).digest('hex').slice(0, 16),
    name: callableName(found.name),
    source,
    engines,
    modelPath,
    endpoint,
    upstreamModel,
    sizeBytes: found.sizeBytes ?? null,
  };
}

/** A name that models and routes may have. */
function callableName(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9._:/-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return plain.slice(0, 127) || 'model';
}
