/**
 * A gateway in miniature, to be killed by a test: opens a supervisor on the compiled library, starts one fake
 * engine, prints what runs as one JSON line, and stays.
 *
 *   node supervisor-harness.mjs COMPILED_FOLDER DATA_FOLDER FAKE_ENGINE BEHAVIOUR_JSON with-guardian|alone [keep]
 */
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [compiled = '', dataDir = '', fakeEngine = '', behaviour = '{}', mode, policy = 'stop'] =
  process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(compiled, path)).href);
const { Supervisor } = await load('supervisor.js');
const { createEmbeddedPreset } = await load('engines/embedded.js');

const embedded = createEmbeddedPreset({ entry: '/nowhere', engineFolder: '/nowhere' });
const found = { isAvailable: true, path: process.execPath, version: null, reason: null };
const engine = {
  ...embedded,
  id: 'fake',
  portFrom: 'args',
  locate: async () => found,
  validate: () => null,
  checkFiles: async () => null,
  traits: { ...embedded.traits, stop: null, hasSocket: policy === 'keep' },
  // as the preset of the tests does, so that a supervisor there may go on with the engine
  launch: ({ file, instanceId, port, socketPath }) => ({
    file,
    args: [
      fakeEngine,
      ...(socketPath ? ['--host', socketPath] : ['--port', String(port)]),
      '--alias',
      instanceId,
      '--behaviour',
      behaviour,
    ],
    env: {},
    cwd: dirname(fakeEngine),
    stdin: 'ignore',
  }),
};
const spec = {
  id: 'model-1',
  name: 'fake-model',
  engine: 'fake',
  modelPath: null,
  endpoint: null,
  upstreamModel: null,
  contextTokens: null,
  parallelSlots: 1,
  idleStopMs: null,
};

const options = {
  onGatewayDeath: policy,
  ...(mode === 'alone' ? { guardianEntry: null } : {}),
};
const supervisor = await Supervisor.open({ dataDir, engines: [engine], ...options });
const lease = await supervisor.acquire(spec, {
  signal: new AbortController().signal,
  maxWaitMs: 20_000,
});
const [instance] = supervisor.list();
const log = (supervisor.log(lease.instanceId)?.since() ?? []).map(({ text }) => text);
if (policy === 'keep') lease.release();
console.log(JSON.stringify({ pid: instance?.pid, instanceId: lease.instanceId, log }));
process.on('message', async (message) => {
  if (message !== 'close') return;
  lease.release();
  await supervisor.close();
  process.disconnect();
});
setInterval(() => undefined, 60_000);
if (process.send) process.on('disconnect', () => process.exit(0));
