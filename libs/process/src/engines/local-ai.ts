import type { ManagedEnginePreset } from '../engine-preset.js';
import { USUAL_ABANDONED_WORK_MS } from '../engine-traits.js';
import { openAiModelIds } from './model-list/openai-model-list.js';
import { createProgramPreset } from './program/program-preset.js';

/** LocalAI. Serves every model of a folder and loads the one that is asked for. */
export function createLocalAiPreset(): ManagedEnginePreset {
  return createProgramPreset({
    id: 'localai',
    program: 'local-ai',
    installHint: 'Install LocalAI and put its `local-ai` program on the PATH.',
    versionArgs: ['--version'],
    protocols: ['openai-chat', 'openai-completions', 'openai-embeddings'],
    traits: {
      title: 'LocalAI',
      platforms: ['linux', 'darwin'],
      modelForm: 'models-folder',
      binding: 'early',
      hasSocket: false,
      endpoints: [
        '/v1/chat/completions',
        '/v1/completions',
        '/v1/embeddings',
        '/v1/rerank',
        '/v1/responses',
        '/v1/messages',
      ],
      quirks: ['reasoning-field'],
      // Whether it does depends on the backend behind it.
      cancelsOnDisconnect: false,
      abandonedWorkMs: USUAL_ABANDONED_WORK_MS,
      maxConcurrentRequests: 1,
      memory: { cards: ['nvidia', 'amd'], split: 'layers', fixedShare: null },
      stop: { signals: ['SIGTERM'], graceMs: 10_000 },
      metrics: [],
      tokenProbeEveryMs: null,
    },
    args: ({ spec, port }) => [
      'run',
      '--address',
      `127.0.0.1:${port}`,
      '--models-path',
      spec.modelPath ?? '',
      ...(spec.contextTokens === null ? [] : ['--context-size', String(spec.contextTokens)]),
    ],
    readiness: { kind: 'http-200', path: '/readyz', isReady: (status) => status === 200 },
    identity: {
      path: '/v1/models',
      servedModel: (body, { upstreamModel }) =>
        upstreamModel !== null && openAiModelIds(body)?.includes(upstreamModel)
          ? upstreamModel
          : null,
    },
  });
}
