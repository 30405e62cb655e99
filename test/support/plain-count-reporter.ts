import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

/** Tests by how they ended. A file or a suite that broke outside a test counts as one failure. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The text of a count; what was skipped is always told. */
export function formatCount({ passed, failed, skipped }: TestCount): string {
  const tail = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${passed} passed, ${failed} failed${tail}`;
}

/** Ends the output of a run with one plain line that people and programs can read. */
export default class PlainCountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module): TestCase[] => [...module.children.allTests()]);
    const suites = modules.flatMap((module): (TestModule | TestSuite)[] => [
      module,
      ...module.children.allSuites(),
    ]);
    const broken = suites.filter((suite) => suite.errors().length > 0).length;
    const ended = (state: string): number =>
      tests.filter((test) => test.result().state === state).length;
    const count: TestCount = {
      passed: ended('passed'),
      failed: ended('failed') + broken + unhandledErrors.length,
      skipped: tests.length - ended('passed') - ended('failed'),
    };
    process.stdout.write(`${formatCount(count)}\n`);
  }
}
