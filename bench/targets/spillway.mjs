import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BenchChild, freePort, waitForOk } from '../harness/child-process.mjs';
import { ManagementClient } from './management-client.mjs';
import { credentialHeaders, probe, protocolPath } from './target.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPT = join(ROOT, 'bin/spillway.cjs');
const ACCOUNT = { username: 'bench', password: 'benchmark-only-password' };
/** Prices make every call a paid one: it needs a reservation, a durable attempt and a cost. */
const PRICES = { priceInputNanosPerMTok: 150_000_000, priceOutputNanosPerMTok: 600_000_000 };
const FLUSH_MS = 10_000;

let instanceCount = 0;

/** Callers' name of a model; longer than the upstream's, as an alias usually is. @param {import('./target.mjs').CallWish} wish */
function routeName({ upstream, model }) {
  return `${upstream === 'openai-chat' ? 'openai' : 'anthropic'}/bench/${model}`;
}

/** The start command builds what is missing by itself; here it is done beforehand, off the clock. */
export function buildIfNeeded() {
  const script = join(ROOT, 'scripts/build.mjs');
  const build = spawnSync(process.execPath, [script, '--if-needed'], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (build.status !== 0)
    throw new Error(`npm run build failed: ${`${build.stdout}${build.stderr}`.trim().slice(-600)}`);
}

/** @param {string} dataFolder @param {number} port */
function spawnGateway(dataFolder, port) {
  return new BenchChild('gateway', [process.execPath, SCRIPT], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      HOME: dataFolder,
      NODE_ENV: 'production',
      SPILLWAY_PORT: String(port),
      SPILLWAY_DATA_DIR: dataFolder,
      SPILLWAY_EMBEDDED_ENGINE: 'off',
      SPILLWAY_DISCOVERY: 'off',
    },
  });
}

/** Sets up account, providers, routes and a key with limits and a budget. @returns {Promise<string>} the key */
async function configure(
  /** @type {ManagementClient} */ api,
  /** @type {string} */ dataFolder,
  /** @type {{ mockPort: number, models: string[], tag: string }} */ plan,
) {
  const token = readFileSync(join(dataFolder, 'setup-token'), 'utf8').trim();
  api.session = (await api.create('/auth/setup', { token, ...ACCOUNT })).token;
  const host = `http://127.0.0.1:${plan.mockPort}`;
  for (const upstream of /** @type {const} */ (['openai-chat', 'anthropic-messages'])) {
    const provider = await api.create('/providers', {
      name: `bench-${upstream}`,
      protocol: upstream,
      baseUrl: upstream === 'openai-chat' ? `${host}/v1` : host,
      allowPrivateNetwork: true,
      isFree: false,
      credential: 'sk-bench-not-a-secret',
    });
    for (const model of plan.models) {
      const target = {
        kind: 'provider',
        providerId: provider.id,
        upstreamModel: `${model}-t${plan.tag}`,
        ...PRICES,
      };
      const name = routeName({ client: upstream, upstream, model });
      await api.create('/model-routes', { name, cloud: 'allow', targets: [target] });
    }
  }
  const limits = {
    requestsPerMinute: 100_000_000,
    budgetNanos: 1_000_000_000_000_000,
    budgetWindow: 'total',
  };
  return (await api.create('/virtual-keys', { name: 'bench', ...limits })).secret;
}

/** @param {ManagementClient} api @param {import('../harness/bench-rig.mjs').BenchRig} rig @param {string} tag @returns {Promise<import('./target.mjs').AuditReport>} */
async function auditReport(api, rig, tag) {
  const { models } = await rig.mockStatistics();
  const expected = { answers: 0, inputTokens: 0, outputTokens: 0, costNanos: 0 };
  for (const [model, counts] of Object.entries(models)) {
    if (!model.endsWith(`-t${tag}`)) continue;
    expected.answers += counts.completed;
    expected.inputTokens += counts.inputTokens;
    expected.outputTokens += counts.outputTokens;
  }
  const { priceInputNanosPerMTok: input, priceOutputNanosPerMTok: output } = PRICES;
  expected.costNanos = (expected.inputTokens * input + expected.outputTokens * output) / 1e6;

  api.session = (await api.create('/auth/login', ACCOUNT)).token;
  const deadlineMs = performance.now() + FLUSH_MS;
  let logged = { answers: 0, inputTokens: 0, outputTokens: 0, costNanos: 0 };
  // Rows are written in batches: what is missing at first may still be on its way.
  while (performance.now() < deadlineMs && logged.costNanos !== expected.costNanos) {
    const { total } = await api.fetch('/request-logs', {
      filter: { outcome: 'completed' },
      range: [0, 0],
    });
    const { value } = await api.fetch('/dashboard', { hours: 24 });
    logged = {
      answers: total,
      inputTokens: value.inputTokens,
      outputTokens: value.outputTokens,
      costNanos: value.costNanos,
    };
    await sleep(250);
  }
  return { logged, expected };
}

/** The product as it is started by its users. @type {import('./target.mjs').Target} */
export const spillway = {
  name: 'spillway',
  features:
    'virtual key, request limit, budget reservation, routing, usage and cost, durable attempt row and request log; management API and database loaded',
  async start({ rig, temporaryFolder, models }) {
    if (!existsSync(SCRIPT)) throw new Error('bin/spillway.cjs is missing');
    buildIfNeeded();
    instanceCount += 1;
    const tag = `sw${instanceCount}x`;
    const dataFolder = join(temporaryFolder, `spillway-${instanceCount}`);
    mkdirSync(dataFolder, { mode: 0o700 });
    const port = await freePort();
    const api = new ManagementClient(port);

    const ready = () => fetch(`http://127.0.0.1:${port}/health/ready`);
    const pace = { timeoutMs: 60_000, everyMs: 10 };
    let child = spawnGateway(dataFolder, port);
    await waitForOk(ready, child, pace);
    const secret = await configure(api, dataFolder, { mockPort: rig.mockPort, models, tag });
    // A second start, with the database in place: the start an operator sees every day, and the one that is timed.
    await child.stop();
    child = spawnGateway(dataFolder, port);
    /** @param {import('./target.mjs').CallWish} wish */
    const plan = (wish) => ({
      path: protocolPath(wish.client),
      headers: credentialHeaders(wish.client, secret),
      model: routeName(wish),
    });
    const first = plan({
      client: 'openai-chat',
      upstream: 'openai-chat',
      model: models[0] ?? 'mock',
    });
    const firstOkMs = await waitForOk(() => probe(port, first, 'openai-chat'), child, pace);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    return {
      port,
      pids: [child.pid],
      version: `${version}, node ${process.versions.node}`,
      firstOkMs,
      plan,
      audit: () => auditReport(api, rig, tag),
      stop: () => child.stop(),
    };
  },
};
