import type { ManagedEnginePreset } from '../engine-preset.js';
import {
  llamaServerFlags,
  llamaServerInstallHint,
  llamaServerMetrics,
  llamaServerTraits,
} from './llama-server.js';
import type { LlamaServerOptions } from './llama-server.js';
import { llamaOffload } from './program/llama-offload.js';
import { openAiModels } from './model-list/openai-model-list.js';
import { createProgramPreset } from './program/program-preset.js';

/** By the state that the router gives each of its models; one that loads is neither here nor away. */
function isUnloaded(body: unknown, servedModel: string): boolean {
  const status = openAiModels(body)?.find(({ id }) => id === servedModel)?.['status'];
  if (typeof status !== 'object' || status === null || !('value' in status)) return false;
  return status.value === 'unloaded' || status.value === 'loading';
}

/**
 * llama-server without a model: it serves every model of a folder, and loads the one that is asked for. Its models run
 * in children that end when it does.
 */
export function createLlamaServerRouterPreset(
  options: LlamaServerOptions = {},
): ManagedEnginePreset {
  return createProgramPreset({
    id: 'llama-server-router',
    program: options.binary ?? 'llama-server',
    installHint: llamaServerInstallHint,
    versionArgs: ['--version'],
    protocols: ['openai-chat', 'openai-completions', 'openai-embeddings'],
    traits: {
      ...llamaServerTraits,
      // Its children take its host for their own.
      hasSocket: false,
      title: 'llama-server as a router',
      modelForm: 'models-folder',
      quirks: llamaServerTraits.quirks.filter((quirk) => quirk !== 'any-model-name'),
      stop: { signals: ['SIGTERM'], graceMs: 12_000 },
      tokenProbeEveryMs: null,
      metrics: llamaServerMetrics('?model={model}&autoload=false'),
    },
    args: ({ spec, instanceId, port, placement }) => [
      '--models-dir',
      spec.modelPath ?? '',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--tags',
      instanceId,
      '-np',
      String(spec.parallelSlots),
      ...(spec.contextTokens === null
        ? []
        : ['-c', String(spec.contextTokens * spec.parallelSlots)]),
      ...llamaOffload(placement),
      ...llamaServerFlags,
    ],
    readiness: { kind: 'http-200', path: '/health', isReady: (status) => status === 200 },
    identity: {
      path: '/v1/models',
      // Its models carry the tag it was started with, which nobody else can know.
      servedModel: (body, { upstreamModel }, instanceId) =>
        openAiModels(body)?.some(
          ({ id, tags }) =>
            id === upstreamModel && Array.isArray(tags) && tags.includes(instanceId),
        )
          ? upstreamModel
          : null,
    },
    sleep: {
      sleep: (model) => ({ method: 'POST', path: '/models/unload', body: { model } }),
      wake: (model) => ({ method: 'POST', path: '/models/load', body: { model } }),
      status: { path: '/models', isAsleep: isUnloaded },
    },
  });
}
