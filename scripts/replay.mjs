// Uses every recorded exchange between every two protocols and prints what passed. Exit 1 for anything unexplained.
// usage: npm run replay [-- part-of-an-id]     SPILLWAY_RECORDINGS=folder, else ../shared/recordings
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { module } = await runnerImport(resolve(root, 'test/replay/replay-all.ts'), {
  root,
  configFile: false,
  logLevel: 'warn',
  // the sources, whatever the last build has left
  resolve: { alias: { '#translation': resolve(root, 'libs/translation/src/index.ts') } },
});
process.exitCode = module.replayAll(process.argv[2] ?? '', (text) => process.stdout.write(text));
