import { explain, type KnownException } from './known-exceptions.js';
import type { Outcome } from './outcome.js';

interface Row {
  readonly title: readonly string[];
  uses: number;
  passed: number;
  /** Among the passed: requests answered with a reasoned 400. */
  refused: number;
  excepted: number;
  failed: number;
}

interface FailureClass {
  readonly title: string;
  readonly ids: Set<string>;
  readonly example: string;
}

const columns = ['uses', 'passed', 'refused', 'excepted', 'failed'] as const;

/** Counts outcomes by pair of protocols, and tells apart what failed and what is known to differ. */
export class ReplayReport {
  readonly #rows = new Map<string, Row>();
  readonly #failures = new Map<string, FailureClass>();
  readonly #used = new Map<KnownException, Set<string>>();
  readonly #skipped = new Map<string, number>();

  constructor(private readonly exceptions: readonly KnownException[]) {}

  /** One line for each class of failures that nothing explains; empty for a pass. */
  get failures(): string[] {
    return [...this.#failures.values()].map(
      ({ title, ids, example }) => `${ids.size} × ${title}\n      ${example}`,
    );
  }

  get uses(): number {
    return [...this.#rows.values()].reduce((sum, row) => sum + row.uses, 0);
  }

  skip(reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }

  add(outcome: Outcome): void {
    const row = this.#row(outcome);
    row.uses += 1;
    const unexplained = outcome.problems.filter((problem) => !this.#isKnown(outcome, problem));
    for (const problem of unexplained) this.#fail(outcome, problem);
    if (unexplained.length > 0) row.failed += 1;
    else if (outcome.problems.length > 0) row.excepted += 1;
    else row.passed += 1;
    if (outcome.isRefused === true && outcome.problems.length === 0) row.refused += 1;
  }

  /** The table, the exceptions that were needed, and the failures. */
  toText(): string {
    const rows = [...this.#rows.values()].sort((a, b) => compare(a.title, b.title));
    const head = ['check', 'client', 'upstream', 'streamed', ...columns];
    const body = rows.map((row) => [...row.title, ...columns.map((name) => String(row[name]))]);
    const total = columns.map((name) => String(rows.reduce((sum, row) => sum + row[name], 0)));
    const known = [...this.#used].map(
      ([{ problem, reason }, ids]) => `${ids.size} × ${problem}: ${reason} (${first(ids)})`,
    );
    return [
      table([head, ...body, ['all', '', '', '', ...total]]),
      section(
        'skipped',
        [...this.#skipped].map(([reason, count]) => `${count} × ${reason}`),
      ),
      section('exceptions', known),
      section('failures', this.failures),
    ].join('');
  }

  #row({ check, client, upstream, isStreamed }: Outcome): Row {
    const title = [check, client, upstream, isStreamed ? 'yes' : 'no'];
    const key = title.join();
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const row = { title, uses: 0, passed: 0, refused: 0, excepted: 0, failed: 0 };
    this.#rows.set(key, row);
    return row;
  }

  #isKnown(outcome: Outcome, problem: string): boolean {
    const known = explain(outcome, problem, this.exceptions);
    if (known === undefined) return false;
    const ids = this.#used.get(known) ?? new Set();
    this.#used.set(known, ids.add(outcome.id));
    return true;
  }

  #fail({ check, client, upstream, id }: Outcome, problem: string): void {
    const title = `${check}, ${upstream} for ${client} clients: ${classOf(problem)}`;
    const known = this.#failures.get(title);
    if (known !== undefined) known.ids.add(id);
    else this.#failures.set(title, { title, ids: new Set([id]), example: `${id} ${problem}` });
  }
}

/** The problem without what differs from exchange to exchange. */
function classOf(problem: string): string {
  const [line = ''] = problem.split('\n');
  return line
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replaceAll(/\d+/g, 'N')
    .slice(0, 100);
}

function compare(a: readonly string[], b: readonly string[]): number {
  return a.join() < b.join() ? -1 : 1;
}

function first(ids: ReadonlySet<string>): string {
  const [id = ''] = ids;
  return id;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at < 4 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  ')
        .concat('\n'),
    )
    .join('');
}
