import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LaunchContext, ManagedEnginePreset } from '../src/engine-preset.js';
import { mainMemory } from '../src/engine-traits.js';
import type { EngineTraits } from '../src/engine-traits.js';
import { classifyExit } from '../src/engines/program/classify-exit.js';
import { createEmbeddedPreset } from '../src/engines/embedded.js';
import type { LocalModelSpec } from '../src/local-model-spec.js';

export const FAKE_ENGINE = fileURLToPath(
  new URL('../../../test/support/fake-engine.mjs', import.meta.url),
);

/** What the fake engine is told to do; see the head of `fake-engine.mjs`. */
export interface FakeBehaviour {
  loadMs?: number;
  lateBindMs?: number;
  neverReady?: boolean;
  progressMs?: number;
  print?: string[];
  exitAtOnce?: number;
  exitAfterReadyMs?: number;
  exitCode?: number;
  ignoreTerm?: boolean;
  fork?: boolean;
  forkSession?: boolean;
  floodBytes?: number;
  endlessLineBytes?: number;
  printEnvironment?: boolean;
  serveAs?: string;
  journal?: string;
  exitOnStdinEnd?: boolean;
  isOld?: boolean;
  talkMs?: number;
  workMs?: number;
  goesOn?: boolean;
}

export interface FakePresetOptions {
  /** Looked at for every launch, so that a test can change it between two of them. */
  behaviour?: FakeBehaviour;
  file?: string | null;
  portFrom?: 'args' | 'stdout';
  traits?: Partial<EngineTraits>;
  hasSocket?: boolean;
  onLaunch?: (context: LaunchContext) => void;
}

const fakeTraits: EngineTraits = {
  title: 'Fake engine',
  platforms: ['linux', 'darwin', 'win32'],
  modelForm: 'none',
  binding: 'early',
  endpoints: ['/v1/chat/completions'],
  quirks: [],
  cancelsOnDisconnect: true,
  maxConcurrentRequests: null,
  memory: mainMemory,
  stop: { signals: ['SIGTERM'], graceMs: 1000 },
  metrics: [],
  hasSocket: false,
  tokenProbeEveryMs: null,
};

/** A preset whose engine is the scripted one. The returned options may be changed while it is in use. */
export function createFakePreset(options: FakePresetOptions = {}): ManagedEnginePreset {
  const embedded = createEmbeddedPreset({ entry: '/nowhere', engineFolder: '/nowhere' });
  const file = options.file === undefined ? process.execPath : options.file;
  const locate = () =>
    Promise.resolve({
      isAvailable: file !== null,
      path: file,
      version: null,
      reason: file === null ? 'The fake engine is not installed.' : null,
    });
  const { traits } = embedded;
  return {
    id: 'fake',
    ...(traits === undefined || options.hasSocket !== true
      ? {}
      : { traits: { ...traits, stop: null, hasSocket: true } }),
    kind: 'managed',
    protocols: ['openai-chat'],
    portFrom: options.portFrom ?? 'args',
    maxBackoffMs: null,
    locate,
    detect: locate,
    validate: () => null,
    checkFiles: () => Promise.resolve(null),
    launch: (context) => {
      options.onLaunch?.(context);
      const behaviour = { announce: options.portFrom === 'stdout', ...options.behaviour };
      const { socketPath, port, instanceId, mayOutlive } = context;
      const place = socketPath == null ? ['--port', String(port)] : ['--host', socketPath];
      const args = [FAKE_ENGINE, ...place, '--alias', instanceId];
      return {
        file: context.file,
        args: [...args, '--behaviour', JSON.stringify(behaviour)],
        env: {},
        cwd: dirname(FAKE_ENGINE),
        stdin: mayOutlive === true ? 'ignore' : 'pipe',
      };
    },
    announcedPort: embedded.announcedPort,
    readiness: embedded.readiness,
    identity: embedded.identity,
    classifyExit,
    ...(options.traits === undefined ? {} : { traits: { ...fakeTraits, ...options.traits } }),
  };
}

export function fakeSpec(changes: Partial<LocalModelSpec> = {}): LocalModelSpec {
  return {
    id: 'model-1',
    name: 'fake-model',
    engine: 'fake',
    modelPath: null,
    endpoint: null,
    upstreamModel: null,
    contextTokens: null,
    parallelSlots: 1,
    idleStopMs: null,
    ...changes,
  };
}
