import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchChild, freePort, waitForOk } from '../harness/child-process.mjs';
import { credentialHeaders, probe, protocolPath } from './target.mjs';

const PEERS = fileURLToPath(new URL('../peers/node_modules', import.meta.url));
const SCRIPT = join(PEERS, '@portkey-ai/gateway/build/start-server.js');

/** @param {string} name */
function installed(name) {
  const { version } = JSON.parse(readFileSync(join(PEERS, name, 'package.json'), 'utf8'));
  return `${name} ${version}`;
}

/** Portkey takes its whole configuration from headers; this is its fastest mode. @param {number} mockPort */
function planner(mockPort) {
  return (/** @type {import('./target.mjs').CallWish} */ { client, upstream, model }) => ({
    path: protocolPath(client),
    headers: {
      ...credentialHeaders(client, 'sk-bench-not-a-secret'),
      'x-portkey-provider': upstream === 'openai-chat' ? 'openai' : 'anthropic',
      'x-portkey-custom-host': `http://127.0.0.1:${mockPort}/v1`,
    },
    model,
  });
}

/** @type {import('./target.mjs').Target} */
export const portkey = {
  name: 'portkey',
  features:
    'pass-through configured by headers; no virtual key, no limit, no budget, no record, no database',
  async start({ rig, models }) {
    if (!existsSync(SCRIPT)) throw new Error('not installed (npm run bench -- --install-peers)');
    const port = await freePort();
    const child = new BenchChild(
      'gateway',
      [process.execPath, SCRIPT, '--headless', `--port=${port}`],
      {
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production' },
      },
    );
    const plan = planner(rig.mockPort);
    const first = plan({
      client: 'openai-chat',
      upstream: 'openai-chat',
      model: models[0] ?? 'mock',
    });
    const firstOkMs = await waitForOk(() => probe(port, first, 'openai-chat'), child, {
      timeoutMs: 20_000,
      everyMs: 5,
    });
    return {
      port,
      pids: [child.pid],
      version: ['@portkey-ai/gateway', 'hono', '@hono/node-server'].map(installed).join(', '),
      firstOkMs,
      plan,
      stop: () => child.stop(),
    };
  },
};
