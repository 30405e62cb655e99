import type { IdentityProbe, LaunchContext, ManagedEnginePreset } from '../engine-preset.js';
import { mainMemory, USUAL_TOKEN_PROBE_MS } from '../engine-traits.js';
import type { EngineTraits } from '../engine-traits.js';
import { offlineEnvironment } from './program/offline-environment.js';
import { openAiModelIds } from './model-list/openai-model-list.js';
import { createProgramPreset } from './program/program-preset.js';
import { tqdmProgress } from './program/tqdm-progress.js';

/** The one name it never swaps its model for; any other would be looked up, and fetched, at Hugging Face. */
const LOADED_MODEL = 'default_model';
/** Its own default is 512, which would cut answers short for clients that name no limit. */
const MAX_OUTPUT_TOKENS = 32_768;
/** A probe that is given up still costs the engine its token, so it may take as long as a load. */
const PROBE_TIMEOUT_MS = 60_000;

const identity: IdentityProbe = {
  path: '/v1/models',
  // It cannot be given a name; its list holds the folder it was told to load.
  servedModel: (body, { modelPath }) =>
    modelPath !== null && openAiModelIds(body)?.includes(modelPath) ? LOADED_MODEL : null,
};

const traits: EngineTraits = {
  title: 'mlx_lm.server',
  platforms: ['darwin-arm64'],
  modelForm: 'model-folder',
  binding: 'early',
  hasSocket: false,
  endpoints: ['/v1/chat/completions', '/v1/completions'],
  quirks: [
    'health-always-200',
    'loads-named-model',
    'reasoning-field',
    'whole-tool-calls',
    'cuts-on-error',
    'http-1.0',
    'needs-content-length',
    'errors-are-404',
  ],
  cancelsOnDisconnect: true,
  maxConcurrentRequests: null,
  memory: mainMemory,
  // Python's default for TERM is to die at once; INT lets it clean up.
  stop: { signals: ['SIGINT', 'SIGTERM'], graceMs: 3000 },
  metrics: [],
  tokenProbeEveryMs: USUAL_TOKEN_PROBE_MS,
};

function launchArgs({ spec, port }: LaunchContext): string[] {
  const args = ['--model', spec.modelPath ?? '', '--host', '127.0.0.1', '--port', String(port)];
  args.push('--max-tokens', String(spec.contextTokens ?? MAX_OUTPUT_TOKENS));
  return [...args, '--decode-concurrency', String(spec.parallelSlots)];
}

/** Apple's mlx_lm.server. Says it is healthy before it has a model, so only an answer proves it ready. */
export function createMlxLmServerPreset(): ManagedEnginePreset {
  return createProgramPreset({
    id: 'mlx-lm-server',
    program: 'mlx_lm.server',
    installHint: 'Install it with "pip install mlx-lm" and put it on the PATH.',
    versionArgs: ['--version'],
    protocols: ['openai-chat', 'openai-completions'],
    traits,
    args: launchArgs,
    env: () => offlineEnvironment,
    readiness: {
      kind: 'one-token',
      path: '/v1/chat/completions',
      body: () => ({
        model: LOADED_MODEL,
        messages: [{ role: 'user', content: 'Hi' }],
        max_tokens: 1,
      }),
      timeoutMs: PROBE_TIMEOUT_MS,
      isReady: (status) => status === 200,
    },
    identity,
    loadProgress: tqdmProgress,
  });
}
