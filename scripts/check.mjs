// Holds the tree against its rules: format, lint, types, import graph, dead code. Changes nothing but `dist`.
// usage: node scripts/check.mjs [step ...]     without names: every step
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const stepTimeoutMs = 5 * 60_000;

/** Longest first, so that two lanes end at about the same time. */
const steps = [
  { name: 'api', program: 'typescript/tsc', args: ['-b', '--pretty', 'false'] },
  { name: 'specs', program: 'typescript/tsc', args: ['-p', 'tsconfig.spec.json'] },
  { name: 'panel', program: 'typescript/tsc', args: ['-p', 'apps/admin', '--noEmit'] },
  { name: 'lint', program: 'oxlint/oxlint', args: ['.'] },
  { name: 'format', program: 'prettier/prettier', args: ['--check', '.'] },
  {
    name: 'imports',
    program: 'dependency-cruiser/depcruise',
    args: [
      '--config',
      '.dependency-cruiser.cjs',
      'apps',
      'libs',
      'test',
      'bench',
      'bin',
      'scripts',
    ],
  },
  { name: 'unused', program: 'knip/knip', args: ['--no-progress'] },
];

/** Path of a program of an installed package, `package/program`, as its manifest names it. */
function programPath(program) {
  const [packageName, name] = program.split('/');
  const manifest = findManifest(packageName);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[name]);
}

function findManifest(packageName) {
  const require = createRequire(join(root, 'package.json'));
  const folder = (require.resolve.paths(packageName) ?? [])
    .map((path) => join(path, packageName, 'package.json'))
    .find((path) => {
      try {
        return readFileSync(path, 'utf8') !== '';
      } catch {
        return false;
      }
    });
  if (folder === undefined)
    throw new Error(`${packageName} is not installed: run \`npm ci\` first`);
  return folder;
}

/** Runs one step and answers how it ended, with all it printed. */
function run({ name, program, args }) {
  const started = performance.now();
  return new Promise((done) => {
    const output = [];
    const finish = (isGood) => {
      const seconds = (performance.now() - started) / 1000;
      done({ name, isGood, seconds, output: Buffer.concat(output).toString('utf8').trim() });
    };
    const child = spawn(process.execPath, [programPath(program), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: stepTimeoutMs,
    });
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.once('error', (error) => {
      output.push(Buffer.from(error.message));
      finish(false);
    });
    child.once('close', (code, signal) => {
      if (signal !== null) output.push(Buffer.from(`ended by ${signal}`));
      finish(code === 0);
    });
  });
}

function report({ name, isGood, seconds, output }) {
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${name.padEnd(8)} ${seconds.toFixed(1).padStart(5)} s`);
  if (!isGood) console.log(`\n${output.replaceAll(/^/gm, '  ')}\n`);
}

function chooseSteps(names) {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(
      `There is no step ${unknown.join(', ')}; the steps are ${steps.map(({ name }) => name).join(', ')}.`,
    );
    process.exit(2);
  }
  return names.length === 0 ? steps : steps.filter(({ name }) => names.includes(name));
}

const started = performance.now();
const queue = [...chooseSteps(process.argv.slice(2))];
const results = [];
const lane = async () => {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const result = await run(step);
    results.push(result);
    report(result);
  }
};
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));

const failed = results.filter(({ isGood }) => !isGood).map(({ name }) => name);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
if (failed.length > 0) {
  console.error(`check failed after ${seconds} s: ${failed.join(', ')} (see above)`);
  process.exit(1);
}
console.log(`check passed in ${seconds} s`);
