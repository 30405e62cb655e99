// Uses every recorded exchange between every two protocols and prints what passed. Exit 1 for anything unexplained.
// usage: npm run replay [-- part-of-an-id]     SPILLWAY_RECORDINGS=folder, else ../shared/recordings
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const conditions = ['source', 'node', 'import', 'module', 'default'];
const { module } = await runnerImport(resolve(root, 'test/replay/replay-all.ts'), {
  root,
  configFile: false,
  logLevel: 'warn',
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['node', 'import', 'default'] } },
});
process.exitCode = module.replayAll(process.argv[2] ?? '', (text) => process.stdout.write(text));
