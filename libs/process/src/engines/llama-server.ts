import type { LaunchContext, ManagedEnginePreset } from '../engine-preset.js';
import { USUAL_TOKEN_PROBE_MS } from '../engine-traits.js';
import type { EngineTraits } from '../engine-traits.js';
import type { MetricsSource } from '../metrics/metrics-source.js';
import { llamaOffload } from './program/llama-offload.js';
import { openAiModels } from './model-list/openai-model-list.js';
import { createProgramPreset } from './program/program-preset.js';
import { servedUnderInstanceId } from './model-list/served-under-instance-id.js';

export interface LlamaServerOptions {
  /** Absolute path of the program; without it `llama-server` is looked up on the PATH. */
  readonly binary?: string | null;
  /** Seconds without a request after which it gives up its memory but stays. Needs a build of 2026. Default: never. */
  readonly sleepIdleSeconds?: number;
}

/** Tokens are counted when a request has ended; the cache is only to be seen in the slots. */
export function llamaServerMetrics(query: string): readonly MetricsSource[] {
  return [
    {
      form: 'prometheus',
      path: `/metrics${query}`,
      figures: {
        requestsRunning: ['llamacpp:requests_processing'],
        requestsWaiting: ['llamacpp:requests_deferred'],
        kvCacheUsage: ['llamacpp:kv_cache_usage_ratio'],
        promptTokens: ['llamacpp:prompt_tokens_total'],
        promptSeconds: ['llamacpp:prompt_seconds_total'],
        generatedTokens: ['llamacpp:tokens_predicted_total'],
        generatedSeconds: ['llamacpp:tokens_predicted_seconds_total'],
      },
    },
    {
      form: 'json',
      path: `/slots${query}`,
      rows: null,
      figures: { kvCacheUsage: { sum: 'n_prompt_tokens', per: 'n_ctx' } },
    },
  ];
}

/** What llama-server is, with one model or as a router of several. */
export const llamaServerTraits: EngineTraits = {
  title: 'llama-server (llama.cpp)',
  platforms: ['linux', 'darwin', 'win32'],
  modelForm: 'gguf-file',
  binding: 'early',
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
  quirks: ['any-model-name', 'error-without-done', 'overlapping-blocks', 'bad-request-is-500'],
  cancelsOnDisconnect: true,
  maxConcurrentRequests: null,
  memory: { cards: ['nvidia', 'amd'], split: 'layers', fixedShare: null },
  // It has no drain of its own: a signal cuts the streams that run, so leases end first.
  stop: { signals: ['SIGTERM'], graceMs: 5000 },
  metrics: llamaServerMetrics(''),
  tokenProbeEveryMs: USUAL_TOKEN_PROBE_MS,
};

/** One that sleeps by itself: a token or a look at its slots would keep it awake, or wake it. */
const sleeperTraits: EngineTraits = {
  ...llamaServerTraits,
  metrics: llamaServerTraits.metrics.filter(({ form }) => form === 'prometheus'),
  tokenProbeEveryMs: null,
};

export const llamaServerInstallHint =
  'Install llama.cpp, or set LLAMA_SERVER_BIN to the path of its llama-server.';

/** Flags that hold for both ways to run it; its own page is never served. */
export const llamaServerFlags = ['--metrics', '--no-webui', '--offline', '--log-colors', 'off'];

function launchArgs(context: LaunchContext): string[] {
  const { spec, instanceId, port, socketPath, placement } = context;
  // A host that ends in `.sock` is a socket, since builds of April 2025; older ones cannot bind it.
  const place = socketPath == null ? ['127.0.0.1', '--port', String(port)] : [socketPath];
  const args = ['-m', spec.modelPath ?? '', '--host', ...place];
  args.push('--alias', instanceId, '-np', String(spec.parallelSlots));
  // llama-server divides its context among the slots; ours is promised to each of them.
  if (spec.contextTokens !== null) args.push('-c', String(spec.contextTokens * spec.parallelSlots));
  return [...args, ...llamaOffload(placement), ...llamaServerFlags];
}

/** `meta.n_ctx` of the model list, which is per slot. */
function llamaContextTokens(body: unknown, servedModel: string): number | null {
  const meta = openAiModels(body)?.find(({ id }) => id === servedModel)?.['meta'];
  if (typeof meta !== 'object' || meta === null || !('n_ctx' in meta)) return null;
  return typeof meta.n_ctx === 'number' && meta.n_ctx > 0 ? meta.n_ctx : null;
}

function isAsleep(body: unknown): boolean {
  return (
    typeof body === 'object' && body !== null && 'is_sleeping' in body && body.is_sleeping === true
  );
}

/** llama.cpp's server. Binds before it loads, answers 503 until the model is in memory. */
export function createLlamaServerPreset(options: LlamaServerOptions = {}): ManagedEnginePreset {
  const { binary, sleepIdleSeconds } = options;
  const sleepArgs =
    sleepIdleSeconds === undefined ? [] : ['--sleep-idle-seconds', String(sleepIdleSeconds)];
  return createProgramPreset({
    id: 'llama-server',
    program: binary ?? 'llama-server',
    installHint: llamaServerInstallHint,
    versionArgs: ['--version'],
    // Its own Anthropic route lets content blocks overlap, so requests go through its OpenAI one.
    protocols: ['openai-chat', 'openai-completions', 'openai-embeddings'],
    traits: sleepIdleSeconds === undefined ? llamaServerTraits : sleeperTraits,
    args: (context) => [...launchArgs(context), ...sleepArgs],
    readiness: { kind: 'http-200', path: '/health', isReady: (status) => status === 200 },
    identity: servedUnderInstanceId,
    contextTokens: llamaContextTokens,
    // It falls asleep by itself and wakes with the next request; /props does not wake it.
    sleep: { status: { path: '/props', isAsleep } },
  });
}
