import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { BenchChild, waitForOk } from '../harness/child-process.mjs';
import { passThroughPlan, probe } from './target.mjs';

const { version: undiciVersion } = createRequire(import.meta.url)('undici/package.json');

/** @type {import('./target.mjs').Target} */
export const floor = {
  name: 'floor',
  features: 'node:http + undici dispatch, bytes in, bytes out; no key, no limit, no record',
  async start({ rig, models }) {
    const script = fileURLToPath(new URL('../floor.mjs', import.meta.url));
    const command = [process.execPath, script, '--upstream-port', String(rig.mockPort)];
    const child = new BenchChild('gateway', command, { hasIpc: true });
    const { port } = await child.nextMessage(10_000);
    const wish = /** @type {const} */ ({
      client: 'openai-chat',
      upstream: 'openai-chat',
      model: models[0] ?? 'mock',
    });
    const plan = /** @type {import('./target.mjs').CallPlan} */ (passThroughPlan(wish));
    const firstOkMs = await waitForOk(() => probe(port, plan, wish.client), child, {
      timeoutMs: 10_000,
      everyMs: 5,
    });
    return {
      port,
      pids: [child.pid],
      version: `node ${process.versions.node}, undici ${undiciVersion}`,
      firstOkMs,
      plan: passThroughPlan,
      stop: () => child.stop(),
    };
  },
};
