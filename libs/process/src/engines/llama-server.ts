import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../child/child-environment.js';
import type { Environment } from '../child/child-environment.js';
import type { EngineDetection, LaunchContext, ManagedEnginePreset } from '../engine-preset.js';
import { checkModelFile, validateModelPath } from './check-model-file.js';
import { classifyExit } from './classify-exit.js';
import { findExecutable } from './find-executable.js';
import { openAiModelIds } from './openai-model-list.js';

const run = promisify(execFile);
const VERSION_TIMEOUT_MS = 5000;

interface LlamaServerOptions {
  /** Absolute path of the program; without it `llama-server` is looked up on the PATH. */
  readonly binary?: string | null;
}

function launchArgs({ spec, instanceId, port }: LaunchContext): string[] {
  const args = ['-m', spec.modelPath ?? '', '--host', '127.0.0.1', '--port', String(port)];
  args.push('--alias', instanceId, '-np', String(spec.parallelSlots));
  // llama-server divides its context among the slots; ours is promised to each of them.
  if (spec.contextTokens !== null) args.push('-c', String(spec.contextTokens * spec.parallelSlots));
  return [...args, '--no-webui', '--offline'];
}

async function readVersion(path: string, environment: Environment): Promise<string | null> {
  try {
    const { stdout, stderr } = await run(path, ['--version'], {
      env: childEnvironment(environment),
      timeout: VERSION_TIMEOUT_MS,
    });
    return /version:\s*(\S+)/.exec(`${stdout}\n${stderr}`)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** llama.cpp's server. Binds before it loads, answers 503 until the model is in memory. */
export function createLlamaServerPreset(options: LlamaServerOptions = {}): ManagedEnginePreset {
  const name = options.binary ?? 'llama-server';
  const locate = async (environment: Environment): Promise<EngineDetection> => {
    const path = await findExecutable(name, environment['PATH']);
    const reason =
      path === null
        ? `No executable "${name}" was found. Install llama.cpp, or set LLAMA_SERVER_BIN to the path of its llama-server.`
        : null;
    return { isAvailable: path !== null, path, version: null, reason };
  };
  return {
    id: 'llama-server',
    kind: 'managed',
    // Its own Anthropic route lets content blocks overlap, so requests go through its OpenAI one.
    protocols: ['openai-chat', 'openai-completions', 'openai-embeddings'],
    portFrom: 'args',
    maxBackoffMs: null,
    locate,
    async detect(environment) {
      const found = await locate(environment);
      if (found.path === null) return found;
      return { ...found, version: await readVersion(found.path, environment) };
    },
    validate: validateModelPath,
    checkFiles: checkModelFile,
    launch: (context) => ({
      file: context.file,
      args: launchArgs(context),
      env: {},
      cwd: dirname(context.spec.modelPath ?? '/'),
      stdin: 'ignore',
    }),
    announcedPort: () => null,
    readiness: { path: '/health', isReady: (status) => status === 200 },
    identity: {
      path: '/v1/models',
      servedModel: (body, _spec, instanceId) =>
        openAiModelIds(body)?.includes(instanceId) ? instanceId : null,
    },
    classifyExit,
  };
}
