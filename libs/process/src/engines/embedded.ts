import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EngineDetection, LaunchContext, ManagedEnginePreset } from '../engine-preset.js';
import { packageRoot } from '../launch/package-root.js';
import { mainMemory, USUAL_TOKEN_PROBE_MS } from '../engine-traits.js';
import type { EngineTraits } from '../engine-traits.js';
import { embeddedEngineFolder } from '../embedded/embedded-engine-folder.js';
import { checkModel, validateModel } from './program/check-model.js';
import { classifyExit } from './program/classify-exit.js';
import { openAiModelIds } from './model-list/openai-model-list.js';

export interface EmbeddedOptions {
  /** Path of the engine's compiled script. */
  readonly entry?: string;
  /** Folder in which the engine's own packages are installed. */
  readonly engineFolder?: string;
}

const traits: EngineTraits = {
  title: 'Embedded llama.cpp',
  platforms: ['linux', 'darwin', 'win32'],
  modelForm: 'gguf-file',
  binding: 'early',
  hasSocket: false,
  endpoints: ['/v1/chat/completions'],
  quirks: ['any-model-name'],
  cancelsOnDisconnect: true,
  maxConcurrentRequests: null,
  memory: mainMemory,
  stop: { signals: ['SIGTERM'], graceMs: 5000 },
  metrics: [
    {
      form: 'prometheus',
      path: '/metrics',
      figures: {
        requestsRunning: ['embedded:requests_processing'],
        requestsWaiting: ['embedded:requests_deferred'],
        kvCacheUsage: ['embedded:kv_cache_usage_ratio'],
        promptTokens: ['embedded:prompt_tokens_total'],
        promptSeconds: ['embedded:prompt_seconds_total'],
        generatedTokens: ['embedded:tokens_predicted_total'],
        generatedSeconds: ['embedded:tokens_predicted_seconds_total'],
        modelBytes: ['embedded:model_bytes'],
      },
    },
  ],
  tokenProbeEveryMs: USUAL_TOKEN_PROBE_MS,
};

const ANNOUNCEMENT = /^spillway-embedded listening on http:\/\/127\.0\.0\.1:(\d{1,5})$/;

function detectInstallation(entry: string, engineFolder: string): EngineDetection {
  const isInstalled = existsSync(join(engineFolder, 'node_modules', 'node-llama-cpp'));
  const missing = isInstalled ? entry : engineFolder;
  if (isInstalled && existsSync(entry)) {
    return { isAvailable: true, path: process.execPath, version: null, reason: null };
  }
  const reason = isInstalled
    ? `The embedded engine is not built: ${missing} is missing. Run "npm run build".`
    : `The embedded engine is not installed. Run "npm ci --ignore-scripts" in ${missing}.`;
  return { isAvailable: false, path: null, version: null, reason };
}

function launchArgs(entry: string, { spec, instanceId, mayOutlive }: LaunchContext): string[] {
  const args = [entry, '--model', spec.modelPath ?? '', '--port', '0', '--alias', instanceId];
  if (spec.contextTokens !== null) args.push('--context', String(spec.contextTokens));
  if (mayOutlive === true) args.push('--outlive');
  return [...args, '--parallel', String(spec.parallelSlots)];
}

/** The engine that comes with the product: llama.cpp inside a Node process of its own. */
export function createEmbeddedPreset(options: EmbeddedOptions = {}): ManagedEnginePreset {
  const entry = options.entry ?? join(packageRoot(), 'dist/libs/process/src/embedded/main.js');
  const engineFolder = options.engineFolder ?? embeddedEngineFolder();
  const locate = () => Promise.resolve(detectInstallation(entry, engineFolder));
  return {
    id: 'embedded',
    kind: 'managed',
    protocols: ['openai-chat'],
    portFrom: 'stdout',
    maxBackoffMs: null,
    locate,
    detect: locate,
    traits,
    validate: (spec) => validateModel('gguf-file', spec),
    checkFiles: (spec) => checkModel('gguf-file', spec),
    launch: (context) => ({
      file: context.file,
      args: launchArgs(entry, context),
      env: {},
      cwd: dirname(entry),
      stdin: context.mayOutlive === true ? 'ignore' : 'pipe',
    }),
    announcedPort: (line) => {
      const port = ANNOUNCEMENT.exec(line)?.[1];
      return port === undefined ? null : Number(port);
    },
    readiness: { kind: 'http-200', path: '/health', isReady: (status) => status === 200 },
    identity: {
      path: '/v1/models',
      // the engine answers by whatever name it is asked, so callers see the model's own
      servedModel: (body, spec, instanceId) =>
        openAiModelIds(body)?.includes(instanceId) ? spec.name : null,
    },
    classifyExit,
  };
}
