import { Counter, type Registry } from 'prom-client';

interface TallyOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  readonly registry: Registry;
}

/**
 * A counter for the request path: counting is a Map look-up and an addition, and prom-client, which sorts, checks and
 * joins labels at each step, hears of it only when somebody reads the figures.
 */
export class Tally<Label extends string> {
  private readonly series = new Map<
    string,
    { readonly values: readonly string[]; count: number }
  >();

  constructor(options: TallyOptions<Label>) {
    const { name, help, labelNames, registry } = options;
    const { series } = this;
    new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect() {
        this.reset();
        for (const { values, count } of series.values()) {
          const labels = labelNames.map((label, index) => [label, values[index] ?? ''] as const);
          this.inc(Object.fromEntries(labels) as Record<Label, string>, count);
        }
      },
    });
  }

  /** @param values one for each label name, in their order */
  add(values: readonly string[], amount = 1): void {
    const key = values.length === 1 ? (values[0] ?? '') : values.join('\n');
    const known = this.series.get(key);
    if (known === undefined) this.series.set(key, { values: [...values], count: amount });
    else known.count += amount;
  }
}
