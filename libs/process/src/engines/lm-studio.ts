import type { AttachedEnginePreset } from '../engine-preset.js';
import { mainMemory } from '../engine-traits.js';
import { createAttachedPreset } from './attached.js';
import { openAiModelIds } from './model-list/openai-model-list.js';

/** True when the model is listed without a loaded instance of its own name. */
function isUnloaded(body: unknown, servedModel: string): boolean {
  if (typeof body !== 'object' || body === null || !('models' in body)) return false;
  const { models } = body as { readonly models: unknown };
  if (!Array.isArray(models)) return false;
  const instances = (models as { loaded_instances?: { id?: unknown }[] | null }[]).flatMap(
    (model) => model?.loaded_instances ?? [],
  );
  return !instances.some((instance) => instance?.id === servedModel);
}

/** LM Studio's server. It loads what is asked for; a name it does not list may be answered by another model. */
export function createLmStudioPreset(): AttachedEnginePreset {
  const attached = createAttachedPreset();
  return {
    ...attached,
    id: 'lm-studio',
    traits: {
      title: 'LM Studio, already running',
      platforms: ['linux', 'darwin', 'win32'],
      modelForm: 'model-name',
      binding: 'early',
      hasSocket: false,
      endpoints: [
        '/v1/chat/completions',
        '/v1/completions',
        '/v1/embeddings',
        '/v1/responses',
        '/v1/messages',
      ],
      quirks: ['loads-named-model'],
      cancelsOnDisconnect: true,
      maxConcurrentRequests: null,
      memory: mainMemory,
      stop: null,
      metrics: [],
      tokenProbeEveryMs: null,
    },
    identity: {
      path: '/v1/models',
      servedModel: (body, { upstreamModel }) => {
        const ids = openAiModelIds(body) ?? [];
        return upstreamModel === null
          ? (ids[0] ?? null)
          : (ids.find((id) => id === upstreamModel) ?? null);
      },
    },
    sleep: {
      sleep: (model) => ({
        method: 'POST',
        path: '/api/v1/models/unload',
        body: { instance_id: model },
      }),
      status: { path: '/api/v1/models', isAsleep: isUnloaded },
    },
  };
}
