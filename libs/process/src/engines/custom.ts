import type { LaunchContext, ManagedEnginePreset } from '../engine-preset.js';
import type { EngineTraits } from '../engine-traits.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { openAiModelIds } from './model-list/openai-model-list.js';
import { createProgramPreset } from './program/program-preset.js';
import type { CustomEngine } from './custom/custom-engine.js';
import { fillPlaceholders } from './custom/fill-placeholders.js';

/** What may be assumed of a program nothing is known of. */
const customTraits: EngineTraits = {
  title: 'A command of your own',
  platforms: ['linux', 'darwin', 'win32'],
  modelForm: 'none',
  binding: 'late',
  hasSocket: false,
  endpoints: ['/v1/chat/completions'],
  quirks: [],
  cancelsOnDisconnect: true,
  maxConcurrentRequests: null,
  memory: { cards: ['nvidia', 'amd'], split: 'none', fixedShare: null },
  stop: { signals: ['SIGTERM'], graceMs: 10_000 },
  metrics: [],
  tokenProbeEveryMs: null,
};

/** The preset of a declared engine. */
export function createCustomPreset(engine: CustomEngine): ManagedEnginePreset {
  const { id, title, command, modelForm, protocols, stopSignals, stopGraceMs } = engine;
  const fill = (context: LaunchContext) => (text: string) => fillPlaceholders(text, context);
  const served = (spec: LocalModelSpec, instanceId: string) =>
    fillPlaceholders(engine.servedModel, { spec, instanceId, port: 0, file: command });
  return createProgramPreset({
    id,
    program: command,
    installHint: `The file custom-engines.json names it for "${title}".`,
    versionArgs: ['--version'],
    protocols,
    traits: {
      ...customTraits,
      title,
      modelForm,
      stop: { signals: stopSignals, graceMs: stopGraceMs },
      cancelsOnDisconnect: engine.cancelsOnDisconnect,
      abandonedWorkMs: engine.abandonedWorkMs,
    },
    args: (context) => engine.args.map(fill(context)),
    env: (context) =>
      Object.fromEntries(
        Object.entries(engine.env).map(([name, value]) => [name, fill(context)(value)]),
      ),
    readiness: {
      kind: 'http-200',
      path: engine.readinessPath,
      isReady: (status) => status === 200,
    },
    identity: {
      path: '/v1/models',
      servedModel: (body, spec, instanceId) => {
        const name = served(spec, instanceId);
        return openAiModelIds(body)?.includes(name) ? name : null;
      },
    },
  });
}
