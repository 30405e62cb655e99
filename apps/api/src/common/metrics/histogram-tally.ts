import type { Histogram, Registry } from 'prom-client';

interface HistogramTallyOptions {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, growing. */
  readonly buckets: readonly number[];
  readonly registry: Registry;
}

/**
 * A histogram for the request path, without labels: observing is a search among the bounds and an addition, and
 * prom-client, whose own one checks, hashes and copies at each step, sees the counts only when somebody reads them.
 */
export class HistogramTally {
  /** By bucket, each without those below it; the last one is above all bounds. */
  private readonly counts: Float64Array;
  private readonly bounds: readonly number[];
  private sum = 0;

  constructor({ name, help, buckets, registry }: HistogramTallyOptions) {
    this.bounds = [...buckets];
    this.counts = new Float64Array(buckets.length + 1);
    // all that a registry asks of a metric
    const metric = {
      name,
      get: () => Promise.resolve({ name, help, type: 'histogram', values: this.valuesOf(name) }),
    };
    registry.registerMetric(metric as unknown as Histogram);
  }

  /** @param value a finite number */
  observe(value: number): void {
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    this.sum += value;
  }

  private valuesOf(name: string): readonly object[] {
    let count = 0;
    const buckets = Array.from(this.counts, (inBucket, index) => {
      count += inBucket;
      const labels = { le: this.bounds[index] ?? '+Inf' };
      return { metricName: `${name}_bucket`, labels, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, value: this.sum },
      { metricName: `${name}_count`, labels: {}, value: count },
    ];
  }
}
