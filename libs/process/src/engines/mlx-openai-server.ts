import type { ManagedEnginePreset } from '../engine-preset.js';
import { mainMemory, USUAL_TOKEN_PROBE_MS } from '../engine-traits.js';
import type { EngineTraits } from '../engine-traits.js';
import { offlineEnvironment } from './program/offline-environment.js';
import { createProgramPreset } from './program/program-preset.js';
import { servedUnderInstanceId } from './model-list/served-under-instance-id.js';
import { tqdmProgress } from './program/tqdm-progress.js';

const traits: EngineTraits = {
  title: 'mlx-openai-server',
  platforms: ['darwin-arm64'],
  modelForm: 'model-folder',
  binding: 'late',
  hasSocket: false,
  endpoints: ['/v1/chat/completions', '/v1/responses', '/v1/embeddings'],
  quirks: [
    'any-model-name',
    'error-then-stop',
    'usage-in-finish',
    'repeated-call-id',
    'never-says-length',
  ],
  cancelsOnDisconnect: true,
  maxConcurrentRequests: null,
  memory: mainMemory,
  // It waits for open connections without a limit of its own.
  stop: { signals: ['SIGTERM'], graceMs: 10_000 },
  metrics: [
    {
      form: 'json',
      path: '/v1/queue/stats',
      rows: 'queue_stats',
      figures: {
        requestsRunning: { sum: 'active_requests' },
        requestsWaiting: { sum: 'queue_size' },
      },
    },
  ],
  tokenProbeEveryMs: USUAL_TOKEN_PROBE_MS,
};

/** cubist38/mlx-openai-server. Loads before it listens; from 1.8 on it stops generating for clients that left. */
export function createMlxOpenAiServerPreset(): ManagedEnginePreset {
  return createProgramPreset({
    id: 'mlx-openai-server',
    program: 'mlx-openai-server',
    installHint: 'Install it with "pip install mlx-openai-server" and put it on the PATH.',
    versionArgs: ['--version'],
    protocols: ['openai-chat', 'openai-embeddings'],
    traits,
    args: ({ spec, instanceId, port }) => [
      'launch',
      '--model-path',
      spec.modelPath ?? '',
      '--model-type',
      'lm',
      '--served-model-name',
      instanceId,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--no-log-file',
      '--decode-concurrency',
      String(spec.parallelSlots),
      ...(spec.contextTokens === null ? [] : ['--context-length', String(spec.contextTokens)]),
    ],
    env: () => offlineEnvironment,
    readiness: {
      kind: 'body-predicate',
      path: '/health',
      isReady: (status, body) =>
        status === 200 &&
        typeof body === 'object' &&
        body !== null &&
        'status' in body &&
        body.status === 'ok',
    },
    identity: servedUnderInstanceId,
    loadProgress: tqdmProgress,
  });
}
