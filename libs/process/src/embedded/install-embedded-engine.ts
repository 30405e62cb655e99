import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { LineSplitter } from '../child/line-splitter.js';
import { embeddedEngineFolder } from './embedded-engine-folder.js';

/** What npm needs of the environment, in any case of letters; provider keys and the like stay here. */
const inherited = new Set([
  'PATH',
  'HOME',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'TMPDIR',
  'TEMP',
  'SYSTEMROOT',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'NPM_CONFIG_REGISTRY',
  'NPM_CONFIG_USERCONFIG',
  'NPM_CONFIG_CACHE',
  'NPM_CONFIG_CAFILE',
]);
const keptLines = 20;

export interface InstallOptions {
  onLine(text: string): void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/**
 * Installs the packages of the embedded engine, pinned by the lockfile in its own folder, without running their
 * install scripts. @throws Error with npm's last lines, or when the signal aborts, which ends npm.
 */
export async function installEmbeddedEngine(options: InstallOptions): Promise<void> {
  const folder = embeddedEngineFolder();
  // where the registry did not carry a platform when its lockfile was made, the manifest pins the exact version
  const command = existsSync(join(folder, 'package-lock.json')) ? 'ci' : 'install';
  const { file, prefix } = npmCommand(options.environment);
  const lines: string[] = [];
  const note = (text: string): void => {
    if (text.trim() === '') return;
    lines.push(text);
    if (lines.length > keptLines) lines.shift();
    options.onLine(text);
  };
  const code = await run(file, [...prefix, command, ...flags], { folder, options, note });
  if (code !== 0) {
    throw new Error(`npm ended with code ${code}: ${lines.join(' ').slice(0, 800)}`);
  }
}

const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

interface Run {
  readonly folder: string;
  readonly options: InstallOptions;
  readonly note: (text: string) => void;
}

function run(file: string, args: readonly string[], { folder, options, note }: Run) {
  return new Promise<number | string>((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: folder,
      env: npmEnvironment(options.environment),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    for (const stream of [child.stdout, child.stderr]) {
      const lines = new LineSplitter(note);
      stream.on('data', (chunk: Buffer) => lines.write(chunk));
      stream.once('end', () => lines.end());
    }
    child.once('error', (error) => reject(new Error(`npm could not be run: ${error.message}`)));
    // not at its exit, when its last words may still be on their way
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}

function npmEnvironment(environment: InstallOptions['environment']): Record<string, string> {
  const wanted: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && inherited.has(name.toUpperCase())) wanted[name] = value;
  }
  return wanted;
}

/** npm is run by its script, so that no shell is needed, which Windows would for `npm.cmd`. */
function npmCommand(environment: InstallOptions['environment']) {
  const given = environment['npm_execpath'];
  const isNpm = given !== undefined && isAbsolute(given) && /^npm-cli\.c?js$/.test(basename(given));
  const home = dirname(process.execPath);
  const usual = [
    join(home, '../lib/node_modules/npm/bin/npm-cli.js'),
    join(home, 'node_modules/npm/bin/npm-cli.js'),
  ];
  const script = isNpm ? given : usual.find((path) => existsSync(path));
  return script === undefined
    ? { file: 'npm', prefix: [] }
    : { file: process.execPath, prefix: [script] };
}
