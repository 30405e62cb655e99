// Builds what is missing or stale: the API with `tsc -b` (incremental) and into one file, the panel with Vite.
// usage: node scripts/build.mjs [--api | --admin] [--if-needed]
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(join(root, 'package.json'));
const flags = new Set(process.argv.slice(2));
const wantsApi = !flags.has('--admin');
const wantsAdmin = !flags.has('--api');
const onlyIfNeeded = flags.has('--if-needed');

const newest = (path) => {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .reduce((latest, entry) => Math.max(latest, newest(join(path, entry.name))), 0);
};

const isStale = (output, sources) => {
  const built = existsSync(join(root, output)) ? statSync(join(root, output)).mtimeMs : 0;
  return built === 0 || sources.some((source) => newest(join(root, source)) > built);
};

const fail = (label, status) => {
  console.error(`\nBuilding the ${label} failed (see above).`);
  process.exit(status ?? 1);
};

const say = (label, startedMs) =>
  console.log(`built the ${label} in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);

const run = (label, script, args, cwd) => {
  const startedMs = Date.now();
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd, stdio: 'inherit' });
  if (status !== 0) fail(label, status);
  say(label, startedMs);
};

const apiSources = ['apps/api', 'libs', 'scripts', 'tsconfig.base.json', 'package-lock.json'];
if (wantsApi && (!onlyIfNeeded || isStale('dist/.api-built', apiSources))) {
  run('gateway', require.resolve('typescript/bin/tsc'), ['-b', 'tsconfig.json'], root);
  const startedMs = Date.now();
  const { bundleGateway } = await import('./bundle-gateway.mjs');
  await bundleGateway(root).catch((error) => {
    console.error(error);
    fail('bundle');
  });
  say('bundle', startedMs);
  writeFileSync(join(root, 'dist/.api-built'), '');
}
if (
  wantsAdmin &&
  (!onlyIfNeeded || isStale('dist/admin/index.html', ['apps/admin', 'package-lock.json']))
) {
  const vite = join(dirname(require.resolve('vite/package.json')), 'bin/vite.js');
  run('admin panel', vite, ['build', '--logLevel', 'warn'], join(root, 'apps/admin'));
}
