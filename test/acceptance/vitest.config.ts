import { defineConfig } from 'vitest/config';
import { conditions } from '../../vitest.config.js';

/** Real agents from the npm registry against the built gateway: `npm run acceptance`, never part of `npm test`. */
export default defineConfig({
  resolve: { conditions: [...conditions] },
  ssr: {
    resolve: {
      conditions: [...conditions],
      externalConditions: ['node', 'import', 'default'],
    },
  },
  test: {
    name: 'acceptance',
    environment: 'node',
    include: ['test/acceptance/*.acceptance.ts'],
    globalSetup: './test/support/build-first.ts',
    testTimeout: 240_000,
    hookTimeout: 600_000,
    fileParallelism: false,
    reporters: ['verbose', './test/support/plain-count-reporter.ts'],
  },
});
