import type { LaunchContext, ManagedEnginePreset } from '../engine-preset.js';
import { USUAL_TOKEN_PROBE_MS } from '../engine-traits.js';
import type { EngineTraits } from '../engine-traits.js';
import { cardShareOf } from './program/card-share.js';
import { offlineEnvironment } from './program/offline-environment.js';
import { createProgramPreset } from './program/program-preset.js';
import { maxModelLength, servedUnderInstanceId } from './model-list/served-under-instance-id.js';
import { tqdmProgress } from './program/tqdm-progress.js';

/** Each look at its health runs one token and takes a second or more. */
const PROBE_TIMEOUT_MS = 10_000;

const traits: EngineTraits = {
  title: 'sglang',
  platforms: ['linux'],
  modelForm: 'model-folder',
  binding: 'late',
  hasSocket: false,
  endpoints: [
    '/v1/chat/completions',
    '/v1/completions',
    '/v1/embeddings',
    '/v1/rerank',
    '/v1/responses',
  ],
  quirks: [],
  cancelsOnDisconnect: true,
  maxConcurrentRequests: null,
  memory: { cards: ['nvidia', 'amd'], split: 'shares', fixedShare: 0.9 },
  stop: { signals: ['SIGTERM'], graceMs: 10_000 },
  metrics: [
    {
      form: 'prometheus',
      path: '/metrics',
      figures: {
        requestsRunning: ['sglang:num_running_reqs'],
        requestsWaiting: ['sglang:num_queue_reqs'],
        kvCacheUsage: ['sglang:token_usage'],
        promptTokens: ['sglang:prompt_tokens_total'],
        generatedTokens: ['sglang:generation_tokens_total'],
      },
    },
  ],
  tokenProbeEveryMs: USUAL_TOKEN_PROBE_MS,
};

/** Its share is that of weights and cache alone: a tenth of what it was given is left for everything else. */
const STATIC_SHARE = 0.9;

function cardFlags(placement: LaunchContext['placement']): string[] {
  const share = cardShareOf(placement);
  if (share === null) return [];
  const count = placement?.cards.length ?? 1;
  const fraction = (share * STATIC_SHARE).toFixed(3);
  return ['--mem-fraction-static', fraction, ...(count > 1 ? ['--tp', String(count)] : [])];
}

/** sglang. Loads and warms up before it listens. */
export function createSglangPreset(): ManagedEnginePreset {
  return createProgramPreset({
    id: 'sglang',
    program: 'sglang',
    installHint: 'Install it with "pip install sglang" and put its `sglang` command on the PATH.',
    versionArgs: ['version'],
    protocols: ['openai-chat', 'openai-completions', 'openai-embeddings'],
    traits,
    args: ({ spec, instanceId, port, placement }) => [
      'serve',
      '--model-path',
      spec.modelPath ?? '',
      '--served-model-name',
      instanceId,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--max-running-requests',
      String(spec.parallelSlots),
      '--enable-metrics',
      ...cardFlags(placement),
      ...(spec.contextTokens === null ? [] : ['--context-length', String(spec.contextTokens)]),
    ],
    env: () => offlineEnvironment,
    readiness: {
      kind: 'http-200',
      path: '/health',
      timeoutMs: PROBE_TIMEOUT_MS,
      costsToken: true,
      isReady: (status) => status === 200,
    },
    identity: servedUnderInstanceId,
    contextTokens: maxModelLength,
    loadProgress: tqdmProgress,
  });
}
