import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedEngineFolder } from './embedded-engine-folder.js';

/** What npm needs of the environment; provider keys and the like stay here. */
const inherited = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'APPDATA',
  'TMPDIR',
  'TEMP',
  'SystemRoot',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'https_proxy',
  'http_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
];
const keptLines = 20;

export interface InstallOptions {
  onLine(text: string): void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/**
 * Installs the packages of the embedded engine, pinned by the lockfile in its own folder, without running their
 * install scripts. @throws Error with npm's last lines.
 */
export async function installEmbeddedEngine(options: InstallOptions): Promise<void> {
  const folder = embeddedEngineFolder();
  // where the registry did not carry a platform when its lockfile was made, the manifest pins the exact version
  const command = existsSync(join(folder, 'package-lock.json')) ? 'ci' : 'install';
  const args = [command, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { file, prefix } = npmCommand(options.environment);
  const environment = Object.fromEntries(
    inherited.flatMap((name) =>
      options.environment[name] === undefined ? [] : [[name, options.environment[name]]],
    ),
  );
  const lines: string[] = [];
  const note = (chunk: Buffer): void => {
    for (const line of chunk.toString('utf8').split(/\r?\n/)) {
      if (line.trim() === '') continue;
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      options.onLine(line);
    }
  };
  await new Promise<void>((resolve, reject) => {
    const child = spawn(file, [...prefix, ...args], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ended with code ${code}: ${lines.join(' ').slice(0, 800)}`));
    });
  });
}

/** The npm that runs us, by its script, so that no shell is needed; else the one on the PATH. */
function npmCommand(environment: InstallOptions['environment']): {
  file: string;
  prefix: string[];
} {
  const script = environment['npm_execpath'];
  const isNpm = script !== undefined && /npm-cli\.c?js$/.test(script);
  return isNpm ? { file: process.execPath, prefix: [script] } : { file: 'npm', prefix: [] };
}
