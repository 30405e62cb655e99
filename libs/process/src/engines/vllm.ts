import type { LaunchContext, ManagedEnginePreset, SleepRule } from '../engine-preset.js';
import { cardShareOf } from './program/card-share.js';
import { offlineEnvironment } from './program/offline-environment.js';
import { createProgramPreset } from './program/program-preset.js';
import { maxModelLength, servedUnderInstanceId } from './model-list/served-under-instance-id.js';
import { tqdmProgress } from './program/tqdm-progress.js';

export interface VllmOptions {
  /**
   * Lets it free its memory without ending. Needs CUDA or ROCm, and opens vLLM's development routes to every program
   * of this machine. Default false.
   */
  readonly isSleepEnabled?: boolean;
}

const sleepRule: SleepRule = {
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

function cardFlags(placement: LaunchContext['placement']): string[] {
  const share = cardShareOf(placement);
  if (share === null) return [];
  const count = placement?.cards.length ?? 1;
  const parallel = count > 1 ? ['--tensor-parallel-size', String(count)] : [];
  return ['--gpu-memory-utilization', String(share), ...parallel];
}

function launchArgs({ spec, instanceId, port, placement }: LaunchContext): string[] {
  const args = ['serve', spec.modelPath ?? '', '--served-model-name', instanceId];
  args.push('--host', '127.0.0.1', '--port', String(port));
  args.push('--max-num-seqs', String(spec.parallelSlots));
  if (spec.contextTokens !== null) args.push('--max-model-len', String(spec.contextTokens));
  return [...args, ...cardFlags(placement)];
}

/** vLLM, on CUDA, ROCm or (vllm-metal) a Mac. Takes its port at once, listens when the model is loaded. */
export function createVllmPreset({
  isSleepEnabled = false,
}: VllmOptions = {}): ManagedEnginePreset {
  return createProgramPreset({
    id: 'vllm',
    program: 'vllm',
    installHint: 'Install it with "pip install vllm" and put it on the PATH.',
    versionArgs: ['--version'],
    protocols: ['openai-chat', 'openai-completions', 'openai-embeddings'],
    traits: {
      title: 'vLLM',
      platforms: ['linux', 'darwin-arm64'],
      modelForm: 'model-folder',
      binding: 'late',
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
      metrics: {
        path: '/metrics',
        running: 'vllm:num_requests_running',
        waiting: 'vllm:num_requests_waiting',
        outputTokens: 'vllm:generation_tokens_total',
      },
    },
    args: (context) => [...launchArgs(context), ...(isSleepEnabled ? ['--enable-sleep-mode'] : [])],
    env: () => ({
      ...offlineEnvironment,
      VLLM_NO_USAGE_STATS: '1',
      ...(isSleepEnabled ? { VLLM_SERVER_DEV_MODE: '1' } : {}),
    }),
    readiness: { kind: 'http-200', path: '/health', isReady: (status) => status === 200 },
    identity: servedUnderInstanceId,
    contextTokens: maxModelLength,
    loadProgress: tqdmProgress,
    ...(isSleepEnabled ? { sleep: sleepRule } : {}),
  });
}
