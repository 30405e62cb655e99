import type { AttachedEnginePreset } from '../engine-preset.js';
import { mainMemory } from '../engine-traits.js';
import type { EngineTraits } from '../engine-traits.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { ProcessError } from '../process-error.js';
import { isCloudModel, refuseCloudModel } from './model-list/ollama-model-name.js';
import { openAiModelIds } from './model-list/openai-model-list.js';

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** Its owner may start it any moment, so the pause after a failed look stays short. */
const MAX_BACKOFF_MS = 5000;

function parseEndpoint(endpoint: string | null): URL | null {
  if (endpoint === null || !URL.canParse(endpoint)) return null;
  const url = new URL(endpoint);
  const isPlain =
    url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  const isLoopback = url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname);
  // the parser drops the port a scheme usually has
  const hasPort = url.port !== '' || /:80\/?$/.test(endpoint);
  return isPlain && isLoopback && url.pathname === '/' && hasPort ? url : null;
}

function validateEndpoint(spec: LocalModelSpec): ProcessError | null {
  if (parseEndpoint(spec.endpoint) !== null) return null;
  return new ProcessError(
    'start-failed',
    `The local model "${spec.name}" has no usable endpoint. Set it to http://127.0.0.1:<port> of a server on this machine.`,
  );
}

const traits: EngineTraits = {
  title: 'Any OpenAI-compatible server',
  platforms: ['linux', 'darwin', 'win32'],
  modelForm: 'none',
  binding: 'early',
  hasSocket: false,
  endpoints: ['/v1/chat/completions', '/v1/completions', '/v1/embeddings'],
  quirks: [],
  // Nothing is known of it, so it is asked for no more at once than the model's slots.
  cancelsOnDisconnect: true,
  maxConcurrentRequests: null,
  memory: mainMemory,
  stop: null,
  metrics: [],
  tokenProbeEveryMs: null,
};

/** The first model a server lists that runs on this machine, unless one is named. */
function servedModel(body: unknown, { upstreamModel }: LocalModelSpec): string | null {
  return upstreamModel ?? openAiModelIds(body)?.find((id) => !isCloudModel(id)) ?? null;
}

/** A server somebody else runs on this machine, of whatever kind. */
export function createAttachedPreset(): AttachedEnginePreset {
  return {
    id: 'attached',
    kind: 'attached',
    protocols: ['openai-chat', 'openai-completions', 'openai-embeddings'],
    traits,
    maxBackoffMs: MAX_BACKOFF_MS,
    detect: () => Promise.resolve({ isAvailable: true, path: null, version: null, reason: null }),
    validate: (spec) => validateEndpoint(spec) ?? refuseCloudModel(spec),
    origin: (spec) => parseEndpoint(spec.endpoint)?.origin ?? '',
    readiness: {
      kind: 'body-predicate',
      path: '/v1/models',
      isReady: (status, body) => status === 200 && openAiModelIds(body) !== null,
    },
    identity: { path: '/v1/models', servedModel },
  };
}
