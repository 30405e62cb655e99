import type { ManagedEnginePreset } from '../engine-preset.js';
import { mainMemory, USUAL_TOKEN_PROBE_MS } from '../engine-traits.js';
import type { EngineTraits } from '../engine-traits.js';
import { offlineEnvironment } from './program/offline-environment.js';
import { createProgramPreset } from './program/program-preset.js';
import { servedUnderInstanceId } from './model-list/served-under-instance-id.js';
import { tqdmProgress } from './program/tqdm-progress.js';

/** Its `/health` is always 200; what counts is in the body. */
function isLoaded(status: number, body: unknown): boolean {
  if (status !== 200 || typeof body !== 'object' || body === null) return false;
  const { status: health, model_loaded: loaded } = body as Record<string, unknown>;
  return health === 'healthy' && loaded === true;
}

const traits: EngineTraits = {
  title: 'vllm-mlx',
  platforms: ['darwin-arm64'],
  modelForm: 'model-folder',
  binding: 'late',
  hasSocket: false,
  endpoints: [
    '/v1/chat/completions',
    '/v1/completions',
    '/v1/embeddings',
    '/v1/rerank',
    '/v1/responses',
    '/v1/messages',
    '/v1/messages/count_tokens',
  ],
  quirks: ['health-always-200', 'swallows-errors', 'detail-errors'],
  cancelsOnDisconnect: true,
  maxConcurrentRequests: null,
  memory: mainMemory,
  stop: { signals: ['SIGTERM'], graceMs: 10_000 },
  metrics: [
    {
      form: 'prometheus',
      path: '/metrics',
      figures: {
        requestsRunning: ['vllm_mlx_scheduler_running_requests'],
        requestsWaiting: ['vllm_mlx_scheduler_waiting_requests'],
        kvCacheUsage: ['vllm_mlx_cache_utilization_ratio'],
        promptTokens: ['vllm_mlx_prompt_tokens_total'],
        generatedTokens: ['vllm_mlx_completion_tokens_total'],
      },
    },
  ],
  tokenProbeEveryMs: USUAL_TOKEN_PROBE_MS,
};

/** waybarrios/vllm-mlx. */
export function createVllmMlxPreset(): ManagedEnginePreset {
  return createProgramPreset({
    id: 'vllm-mlx',
    program: 'vllm-mlx',
    installHint: 'Install it with "pip install vllm-mlx" and put it on the PATH.',
    versionArgs: ['--version'],
    protocols: ['openai-chat', 'openai-completions', 'openai-embeddings'],
    traits,
    args: ({ spec, instanceId, port }) => [
      'serve',
      spec.modelPath ?? '',
      '--served-model-name',
      instanceId,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--continuous-batching',
      '--max-num-seqs',
      String(spec.parallelSlots),
      '--enable-metrics',
      '--offline',
    ],
    env: () => offlineEnvironment,
    readiness: { kind: 'body-predicate', path: '/health', isReady: isLoaded },
    identity: servedUnderInstanceId,
    loadProgress: tqdmProgress,
  });
}
