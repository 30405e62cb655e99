import type { LaunchContext, ManagedEnginePreset, SleepRule } from '../engine-preset.js';
import { USUAL_TOKEN_PROBE_MS } from '../engine-traits.js';
import type { EngineTraits } from '../engine-traits.js';
import { cardShareOf } from './program/card-share.js';
import { offlineEnvironment } from './program/offline-environment.js';
import { createProgramPreset } from './program/program-preset.js';
import { maxModelLength, servedUnderInstanceId } from './model-list/served-under-instance-id.js';
import { tqdmProgress } from './program/tqdm-progress.js';

/** Needs CUDA or ROCm, and opens vLLM's development routes to every program of this machine: so by setting alone. */
const sleepRule: SleepRule = {
  isOptional: true,
  sleep: () => ({ method: 'POST', path: '/sleep?level=1', body: null }),
  wake: () => ({ method: 'POST', path: '/wake_up', body: null }),
  status: {
    path: '/is_sleeping',
    isAsleep: (body) =>
      typeof body === 'object' &&
      body !== null &&
      'is_sleeping' in body &&
      body.is_sleeping === true,
  },
};

const traits: EngineTraits = {
  title: 'vLLM',
  platforms: ['linux', 'darwin-arm64'],
  modelForm: 'model-folder',
  binding: 'late',
  hasSocket: true,
  endpoints: [
    '/v1/chat/completions',
    '/v1/completions',
    '/v1/embeddings',
    '/v1/rerank',
    '/v1/responses',
    '/v1/messages',
    '/v1/messages/count_tokens',
  ],
  quirks: ['reasoning-field'],
  cancelsOnDisconnect: true,
  maxConcurrentRequests: null,
  memory: { cards: ['nvidia', 'amd'], split: 'shares', fixedShare: 0.9 },
  // Its workers are told by a pipe; the group gets the signal too.
  stop: { signals: ['SIGTERM'], graceMs: 10_000 },
  metrics: [
    {
      form: 'prometheus',
      path: '/metrics',
      figures: {
        requestsRunning: ['vllm:num_requests_running'],
        requestsWaiting: ['vllm:num_requests_waiting'],
        kvCacheUsage: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'],
        promptTokens: ['vllm:prompt_tokens_total'],
        generatedTokens: ['vllm:generation_tokens_total'],
      },
    },
  ],
  tokenProbeEveryMs: USUAL_TOKEN_PROBE_MS,
};

function cardFlags(placement: LaunchContext['placement']): string[] {
  const share = cardShareOf(placement);
  if (share === null) return [];
  const count = placement?.cards.length ?? 1;
  const parallel = count > 1 ? ['--tensor-parallel-size', String(count)] : [];
  return ['--gpu-memory-utilization', String(share), ...parallel];
}

function launchArgs(context: LaunchContext): string[] {
  const { spec, instanceId, port, socketPath, placement } = context;
  const args = ['serve', spec.modelPath ?? '', '--served-model-name', instanceId];
  if (socketPath == null) args.push('--host', '127.0.0.1', '--port', String(port));
  else args.push('--uds', socketPath);
  args.push('--max-num-seqs', String(spec.parallelSlots));
  if (spec.contextTokens !== null) args.push('--max-model-len', String(spec.contextTokens));
  return [...args, ...cardFlags(placement)];
}

/** vLLM, on CUDA, ROCm or (vllm-metal) a Mac. Takes its port at once, listens when the model is loaded. */
export function createVllmPreset(): ManagedEnginePreset {
  return createProgramPreset({
    id: 'vllm',
    program: 'vllm',
    installHint: 'Install it with "pip install vllm" and put it on the PATH.',
    versionArgs: ['--version'],
    protocols: ['openai-chat', 'openai-completions', 'openai-embeddings'],
    traits,
    args: (context) => [
      ...launchArgs(context),
      ...(context.spec.isSleepEnabled === true ? ['--enable-sleep-mode'] : []),
    ],
    env: ({ spec }) => ({
      ...offlineEnvironment,
      VLLM_NO_USAGE_STATS: '1',
      ...(spec.isSleepEnabled === true ? { VLLM_SERVER_DEV_MODE: '1' } : {}),
    }),
    readiness: { kind: 'http-200', path: '/health', isReady: (status) => status === 200 },
    identity: servedUnderInstanceId,
    contextTokens: maxModelLength,
    loadProgress: tqdmProgress,
    sleep: sleepRule,
  });
}
