import type { LaunchContext, ManagedEnginePreset, SleepRule } from '../engine-preset.js';
import type { EngineTraits } from '../engine-traits.js';
import { ollamaModelName, refuseCloudModel } from './model-list/ollama-model-name.js';
import { createProgramPreset } from './program/program-preset.js';

/** What Ollama is, whoever runs it. */
export const ollamaTraits: EngineTraits = {
  title: 'Ollama',
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
  quirks: ['reasoning-field', 'whole-tool-calls', 'empty-delta-on-error', 'silent-truncation'],
  // It does, except while it reads a prompt.
  cancelsOnDisconnect: true,
  maxConcurrentRequests: null,
  memory: { cards: ['nvidia', 'amd'], split: 'layers', fixedShare: null },
  stop: { signals: ['SIGTERM'], graceMs: 10_000 },
  // What it has in memory; it does not tell of requests.
  metrics: [
    {
      form: 'json',
      path: '/api/ps',
      rows: 'models',
      modelField: 'name',
      figures: { modelBytes: { sum: 'size' }, modelGpuBytes: { sum: 'size_vram' } },
    },
  ],
  tokenProbeEveryMs: null,
};

function names(model: unknown): unknown[] {
  if (typeof model !== 'object' || model === null) return [];
  return ['name', 'model'].map((field) => (model as Record<string, unknown>)[field]);
}

/** True when the list of `/api/ps`, which is of what is in memory, does not name the model. */
function isUnloaded(body: unknown, servedModel: string): boolean {
  if (typeof body !== 'object' || body === null || !('models' in body)) return false;
  const { models } = body;
  return Array.isArray(models) && !models.some((each) => names(each).includes(servedModel));
}

/** Lets Ollama drop a model from memory; the next request loads it again. */
export const ollamaUnload: SleepRule = {
  sleep: (model) => ({ method: 'POST', path: '/api/generate', body: { model, keep_alive: 0 } }),
  status: { path: '/api/ps', isAsleep: isUnloaded },
};

function environment({ spec, port }: LaunchContext): Record<string, string> {
  return {
    OLLAMA_HOST: `127.0.0.1:${port}`,
    OLLAMA_NO_CLOUD: '1',
    OLLAMA_NUM_PARALLEL: String(spec.parallelSlots),
    OLLAMA_MAX_LOADED_MODELS: '1',
    // How long it stays is the supervisor's decision.
    OLLAMA_KEEP_ALIVE: '-1',
    // Its OpenAI route takes no context size, and without one it drops what does not fit.
    ...(spec.contextTokens === null ? {} : { OLLAMA_CONTEXT_LENGTH: String(spec.contextTokens) }),
  };
}

/** An Ollama of our own, with the models that were pulled into the user's store. */
export function createOllamaPreset(): ManagedEnginePreset {
  const preset = createProgramPreset({
    id: 'ollama',
    program: 'ollama',
    installHint: 'Install Ollama, or attach to the one that runs already.',
    versionArgs: ['--version'],
    protocols: ['openai-chat', 'openai-completions', 'openai-embeddings'],
    traits: ollamaTraits,
    args: () => ['serve'],
    env: environment,
    readiness: { kind: 'http-200', path: '/api/version', isReady: (status) => status === 200 },
    identity: { path: '/v1/models', servedModel: ollamaModelName },
    sleep: {
      ...ollamaUnload,
      wake: (model) => ({ method: 'POST', path: '/api/generate', body: { model, keep_alive: -1 } }),
    },
  });
  return { ...preset, validate: (spec) => preset.validate(spec) ?? refuseCloudModel(spec) };
}
