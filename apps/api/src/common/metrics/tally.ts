import { Counter, type Registry } from 'prom-client';

interface TallyOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  readonly registry: Registry;
}

interface Series {
  readonly values: readonly string[];
  count: number;
}

/** What is known under the label values so far: a series, where they are all there, and the values that come next. */
interface Branch {
  series: Series | null;
  readonly next: Map<string, Branch>;
}

/**
 * A counter for the request path: counting is a Map look-up for each label and an addition, and prom-client, which
 * sorts, checks and joins labels at each step, hears of it only when somebody reads the figures.
 */
export class Tally<Label extends string> {
  private readonly root: Branch = { series: null, next: new Map() };
  /** In the order of their first appearance. */
  private readonly series: Series[] = [];

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
        for (const { values, count } of series) {
          const labels = labelNames.map((label, index) => [label, values[index] ?? ''] as const);
          this.inc(Object.fromEntries(labels) as Record<Label, string>, count);
        }
      },
    });
  }

  /** @param values one for each label name, in their order */
  add(values: readonly string[], amount = 1): void {
    let branch = this.root;
    for (const value of values) branch = branch.next.get(value) ?? open(branch, value);
    if (branch.series === null) {
      branch.series = { values: [...values], count: 0 };
      this.series.push(branch.series);
    }
    branch.series.count += amount;
  }
}

function open(parent: Branch, value: string): Branch {
  const branch: Branch = { series: null, next: new Map() };
  parent.next.set(value, branch);
  return branch;
}
