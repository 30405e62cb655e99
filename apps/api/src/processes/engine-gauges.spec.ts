import type { InstanceView, Supervisor } from '#process';
import { describe, expect, it } from 'vitest';
import { InferenceMetrics } from '../common/metrics/inference-metrics.js';
import { EngineGauges } from './engine-gauges.js';

const figures = {
  at: 1,
  requestsRunning: 2,
  requestsWaiting: null,
  kvCacheUsage: 0.25,
  promptTokens: 10,
  generatedTokens: 300,
  promptTokensPerSecond: 0,
  generatedTokensPerSecond: 42.5,
  modelBytes: null,
  modelGpuBytes: null,
};
const view = (changes: object): InstanceView =>
  ({
    id: 'sw-1',
    localModelName: 'tiny "q4"',
    engine: 'llama-server',
    state: 'ready',
    endedAt: null,
    leases: 1,
    abandoned: 2,
    suspicion: null,
    cpuPercent: 150,
    footprintBytes: 1024,
    rssBytes: 1,
    gpuBytes: null,
    figures,
    ...changes,
  }) as InstanceView;

/** Samples of engines, read twice: nothing may add up. */
async function samplesOf(views: readonly InstanceView[]): Promise<string[]> {
  const metrics = new InferenceMetrics();
  new EngineGauges({ list: () => views } as unknown as Supervisor, metrics);
  await metrics.read();
  const lines = (await metrics.read()).split('\n');
  return lines.filter((line) => line.startsWith('spillway_engine_'));
}

describe('the figures of engines for Prometheus', () => {
  it('are told by instance, model and engine, and left out where they are not known', async () => {
    const labels = '{instance="sw-1",model="tiny \\"q4\\"",engine="llama-server"}';
    expect((await samplesOf([view({})])).sort()).toEqual(
      [
        `spillway_engine_abandoned_requests${labels} 2`,
        `spillway_engine_cpu_cores${labels} 1.5`,
        `spillway_engine_generated_tokens_per_second${labels} 42.5`,
        `spillway_engine_generated_tokens_total${labels} 300`,
        'spillway_engine_instances{state="ready"} 1',
        `spillway_engine_kv_cache_usage_ratio${labels} 0.25`,
        `spillway_engine_leases${labels} 1`,
        `spillway_engine_memory_bytes${labels} 1024`,
        `spillway_engine_prompt_tokens_per_second${labels} 0`,
        `spillway_engine_prompt_tokens_total${labels} 10`,
        `spillway_engine_requests_running${labels} 2`,
        `spillway_engine_suspect${labels} 0`,
      ].sort(),
    );
  });

  it('go with the engine, and are never those of more than so many', async () => {
    const ended = view({ id: 'sw-0', state: 'stopped', endedAt: 7 });
    expect(await samplesOf([ended])).toEqual(['spillway_engine_instances{state="stopped"} 1']);
    const many = Array.from({ length: 200 }, (_, number) => view({ id: `sw-${number}` }));
    const leases = (await samplesOf(many)).filter((line) => /_leases/.test(line));
    expect(leases).toHaveLength(64);
  });
});
