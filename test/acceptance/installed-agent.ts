import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { temporaryFolder } from '../support/start-gateway.js';

/** Agents are hundreds of megabytes: they are kept from run to run, outside the repository. */
const cacheFolder =
  process.env['SPILLWAY_ACCEPTANCE_CACHE'] ??
  join(tmpdir(), `spillway-acceptance-${userInfo().username}`);
const installTimeoutMs = 8 * 60_000;

interface AgentRun {
  readonly args: readonly string[];
  /** The only variables the agent sees, besides `PATH` and an empty `HOME`. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder the agent works in. */
  readonly cwd: string;
  readonly timeoutMs?: number;
}

interface AgentEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A coding agent as its users have it: the newest package of the npm registry, in a folder of its own. */
export class InstalledAgent {
  private constructor(
    private readonly binary: string,
    readonly version: string,
  ) {}

  /**
   * Installs the newest version, or uses the one in the cache when the registry cannot be reached.
   * @throws Error with npm's own words when there is neither.
   */
  static install(packageName: string, binaryName: string): InstalledAgent {
    const folder = join(cacheFolder, packageName.replace(/^@/, '').replaceAll('/', '-'));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // what lies there will be run: a folder that another user made first is not ours
    if (statSync(cacheFolder).uid !== userInfo().uid)
      throw new Error(`${cacheFolder} belongs to another user: set SPILLWAY_ACCEPTANCE_CACHE`);
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    const manifest = join(folder, 'node_modules', packageName, 'package.json');
    const npm = spawnSync(
      'npm',
      ['install', '--no-audit', '--no-fund', '--no-save', `${packageName}@latest`],
      { cwd: folder, encoding: 'utf8', timeout: installTimeoutMs },
    );
    if (npm.status !== 0 && !existsSync(manifest))
      throw new Error(`npm could not install ${packageName}:\n${npm.stdout}${npm.stderr}`);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    const source = npm.status === 0 ? 'the npm registry' : 'the cache, as npm failed';
    process.stdout.write(`${packageName} ${version} from ${source}, in ${folder}\n`);
    return new InstalledAgent(join(folder, 'node_modules', '.bin', binaryName), version);
  }

  /** Runs the agent once with an empty home folder, and ends it when it takes too long. */
  run({ args, env, cwd, timeoutMs = 120_000 }: AgentRun): Promise<AgentEnd> {
    process.stdout.write(`$ ${basename(this.binary)} ${args.join(' ')}\n`);
    return new Promise((resolve, reject) => {
      const child = spawn(this.binary, args, {
        cwd,
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: temporaryFolder('spillway-agent-home-'),
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
  }
}
