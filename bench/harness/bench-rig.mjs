import { fileURLToPath } from 'node:url';
import { BenchChild } from './child-process.mjs';

const START_MS = 10_000;

/** @param {string} relative */
const file = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** The mock upstream and the load generator, both on the harness core. */
export class BenchRig {
  async start() {
    this.mock = new BenchChild('harness', [process.execPath, file('../mock-upstream.mjs')], {
      hasIpc: true,
    });
    this.mockPort = (await this.mock.nextMessage(START_MS)).port;
    this.load = new BenchChild('harness', [process.execPath, file('../load-generator.mjs')], {
      hasIpc: true,
    });
    return this;
  }

  /** @returns {number[]} */
  get pids() {
    return [this.mock?.pid ?? 0, this.load?.pid ?? 0];
  }

  /** @param {import('../load/job.mjs').LoadJob} job @returns {Promise<import('../load/job.mjs').LoadResult>} */
  async run(job) {
    if (this.load === undefined) throw new Error('the rig is not started');
    const answer = this.load.nextMessage(job.warmUpMs + job.measureMs + job.drainMs + 30_000);
    this.load.child.send(job);
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`load generator: ${error}`);
    return result;
  }

  /** @returns {Promise<{ models: Record<string, MockCounts> }>} what the mock answered so far */
  async mockStatistics() {
    const answer = await fetch(`http://127.0.0.1:${this.mockPort}/stats`);
    return /** @type {any} */ (await answer.json());
  }

  async stop() {
    await Promise.all([this.load?.stop(), this.mock?.stop()]);
  }
}

/** @typedef {{ requests: number, completed: number, inputTokens: number, outputTokens: number, answersWithoutUsage: number }} MockCounts */
