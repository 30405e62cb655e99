import type { InstanceView } from '#process';
import { Supervisor } from '#process';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { InferenceMetrics } from '../common/metrics/inference-metrics.js';

/** Engines with figures of their own; further ones are only counted. */
const MAX_ENGINES = 64;
const labelNames = ['instance', 'model', 'engine'] as const;

type Figure = (view: InstanceView) => number | null;

/** What holds at the moment. */
const gauges: readonly { readonly name: string; readonly help: string; readonly of: Figure }[] = [
  {
    name: 'spillway_engine_leases',
    help: 'Requests the gateway has under way at the engine.',
    of: ({ leases }) => leases,
  },
  {
    name: 'spillway_engine_abandoned_requests',
    help: 'Requests the engine may still be working on although their callers have left.',
    of: ({ abandoned }) => abandoned,
  },
  {
    name: 'spillway_engine_suspect',
    help: '1 while the engine is doubted and gets no new requests.',
    of: ({ suspicion }) => (suspicion === null ? 0 : 1),
  },
  {
    name: 'spillway_engine_requests_running',
    help: 'Requests being answered, as the engine tells.',
    of: ({ figures }) => figures?.requestsRunning ?? null,
  },
  {
    name: 'spillway_engine_requests_waiting',
    help: 'Requests waiting inside the engine, as it tells.',
    of: ({ figures }) => figures?.requestsWaiting ?? null,
  },
  {
    name: 'spillway_engine_kv_cache_usage_ratio',
    help: 'Share of the room for contexts that is taken, from 0 to 1.',
    of: ({ figures }) => figures?.kvCacheUsage ?? null,
  },
  {
    name: 'spillway_engine_prompt_tokens_per_second',
    help: 'Tokens read in a second, between the last two readings.',
    of: ({ figures }) => figures?.promptTokensPerSecond ?? null,
  },
  {
    name: 'spillway_engine_generated_tokens_per_second',
    help: 'Tokens written in a second, between the last two readings.',
    of: ({ figures }) => figures?.generatedTokensPerSecond ?? null,
  },
  {
    name: 'spillway_engine_cpu_cores',
    help: 'Cores that all processes of the engine keep busy.',
    of: ({ cpuPercent }) => cpuPercent && cpuPercent / 100,
  },
  {
    name: 'spillway_engine_memory_bytes',
    help: 'Main memory of all processes of the engine.',
    of: ({ footprintBytes, rssBytes }) => footprintBytes ?? rssBytes,
  },
  {
    name: 'spillway_engine_gpu_memory_bytes',
    help: 'Graphics memory of the engine, measured or as it tells.',
    of: ({ gpuBytes, figures }) => gpuBytes ?? figures?.modelGpuBytes ?? null,
  },
];

/** What was counted since the engine was started. */
const counters: readonly { readonly name: string; readonly help: string; readonly of: Figure }[] = [
  {
    name: 'spillway_engine_prompt_tokens_total',
    help: 'Tokens the engine has read since its start.',
    of: ({ figures }) => figures?.promptTokens ?? null,
  },
  {
    name: 'spillway_engine_generated_tokens_total',
    help: 'Tokens the engine has written since its start.',
    of: ({ figures }) => figures?.generatedTokens ?? null,
  },
];

/**
 * What is known of running engines, as Prometheus figures by instance. Labels are those of live engines alone, and of
 * so many at most, so that the number of series stays bounded. A figure that is not known has no sample.
 */
@Injectable()
export class EngineGauges {
  private readonly instances: Gauge<'state'>;
  private readonly figures: readonly {
    readonly of: Figure;
    readonly metric: Gauge<(typeof labelNames)[number]> | Counter<(typeof labelNames)[number]>;
  }[];

  constructor(
    private readonly supervisor: Supervisor,
    metrics: InferenceMetrics,
  ) {
    const registers = [metrics.registry];
    this.instances = new Gauge({
      name: 'spillway_engine_instances',
      help: 'Local engine processes by state, those that have ended lately included.',
      labelNames: ['state'],
      registers,
    });
    this.figures = [
      ...gauges.map(({ of, ...rest }) => ({
        of,
        metric: new Gauge({ ...rest, labelNames, registers }),
      })),
      ...counters.map(({ of, ...rest }) => ({
        of,
        metric: new Counter({ ...rest, labelNames, registers }),
      })),
    ];
    metrics.beforeRead(() => this.update());
  }

  private update(): void {
    this.instances.reset();
    for (const { metric } of this.figures) metric.reset();
    const views = this.supervisor.list();
    for (const { state } of views) this.instances.inc({ state });
    const live = views.filter(({ endedAt }) => endedAt === null).slice(0, MAX_ENGINES);
    for (const view of live) this.note(view);
  }

  private note(view: InstanceView): void {
    const { id: instance, localModelName: model, engine } = view;
    for (const { of, metric } of this.figures) {
      const value = of(view);
      if (value !== null) metric.inc({ instance, model, engine }, value);
    }
  }
}
