import { defineConfig } from 'vitest/config';

/** `source` makes the `#translation`-style imports of package.json resolve to TypeScript instead of `dist`. */
export const conditions = ['source', 'node', 'import', 'module', 'default'];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['node', 'import', 'default'] } },
};

export default defineConfig({
  test: {
    globalSetup: './test/support/build-first.ts',
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{libs,apps}/**/src/**/*.spec.ts', 'test/architecture/*.spec.ts'],
          testTimeout: 20_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'replay',
          environment: 'node',
          include: ['test/replay/**/*.spec.ts'],
          testTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/{e2e,conformance,browser}/**/*.{e2e-spec,spec}.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // they mostly wait, and some measure: two at a time, and nothing else meanwhile
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    reporters: ['default', './test/support/plain-count-reporter.ts'],
  },
});
