import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { performance } from 'node:perf_hooks';
import { HistogramTally } from './histogram-tally.js';
import { Tally } from './tally.js';

/** What the metrics need of a finished request. */
export interface ObservedRequest {
  readonly protocol: string;
  readonly routeName: string | null;
  readonly outcome: string;
  readonly error: { readonly code: string } | null;
  readonly totalMs: number | null;
  readonly firstTokenMs: number | null;
  readonly attempts: readonly {
    readonly target: { readonly kind: string };
    readonly outcome: string;
    readonly usage: { readonly inputTokens: number | null; readonly outputTokens: number | null };
    readonly cost: { readonly nanos: number | null };
  }[];
}

const secondsBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/**
 * Prometheus figures. Labels come from closed lists and from the routes that exist, never from callers, so that
 * nobody can make the number of series grow.
 */
@Injectable()
export class InferenceMetrics {
  readonly registry = new Registry();
  readonly startedAt = performance.now();
  private readonly requests = new Tally({
    name: 'spillway_requests_total',
    help: 'Inference requests by protocol, route and outcome.',
    labelNames: ['protocol', 'route', 'outcome'],
    registry: this.registry,
  });
  private readonly errors = new Tally({
    name: 'spillway_errors_total',
    help: 'Failed or refused requests by error code.',
    labelNames: ['code'],
    registry: this.registry,
  });
  private readonly attempts = new Tally({
    name: 'spillway_attempts_total',
    help: 'Attempts by kind of target and outcome.',
    labelNames: ['kind', 'outcome'],
    registry: this.registry,
  });
  private readonly tokens = new Tally({
    name: 'spillway_tokens_total',
    help: 'Tokens by kind of target and direction.',
    labelNames: ['kind', 'direction'],
    registry: this.registry,
  });
  private readonly cost = new Tally({
    name: 'spillway_cost_usd_total',
    help: 'Known cost in US dollars.',
    labelNames: [],
    registry: this.registry,
  });
  private readonly duration = new HistogramTally({
    name: 'spillway_request_duration_seconds',
    help: 'From the request to the last byte of the answer.',
    buckets: secondsBuckets,
    registry: this.registry,
  });
  private readonly firstToken = new HistogramTally({
    name: 'spillway_first_token_seconds',
    help: 'From the request to the first byte of the answer.',
    buckets: secondsBuckets,
    registry: this.registry,
  });
  private readonly refusals = new Counter({
    name: 'spillway_refused_before_the_line_total',
    help: 'Requests refused before they had a record, by error code.',
    labelNames: ['code'],
    registers: [this.registry],
  });
  private readonly watchers: (() => void)[] = [];

  observe(request: ObservedRequest): void {
    const route = request.routeName ?? 'none';
    this.requests.add([request.protocol, route, request.outcome]);
    if (request.error !== null) this.errors.add([request.error.code]);
    if (request.totalMs !== null) this.duration.observe(request.totalMs / 1000);
    if (request.firstTokenMs !== null) this.firstToken.observe(request.firstTokenMs / 1000);
    for (const attempt of request.attempts) {
      const { kind } = attempt.target;
      this.attempts.add([kind, attempt.outcome]);
      if (attempt.usage.inputTokens) this.tokens.add([kind, 'input'], attempt.usage.inputTokens);
      if (attempt.usage.outputTokens) this.tokens.add([kind, 'output'], attempt.usage.outputTokens);
      if (attempt.cost.nanos) this.cost.add([], attempt.cost.nanos / 1e9);
    }
  }

  refused(code: string): void {
    this.refusals.inc({ code });
  }

  /** Has figures of a moment set before each reading. */
  beforeRead(watcher: () => void): void {
    this.watchers.push(watcher);
  }

  /** Everything in Prometheus' text form. */
  read(): Promise<string> {
    for (const watcher of this.watchers) watcher();
    return this.registry.metrics();
  }
}
