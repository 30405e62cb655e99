import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { endEngines, killEngines } from './start-gateway/end-engines.js';

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));
const startTimeoutMs = 60_000;
const stopTimeoutMs = 45_000;

export interface GatewayOptions {
  /** A folder to start on again; by default a new one that is removed after the test file. */
  readonly dataDir?: string;
  readonly isDiscoveryOn?: boolean;
  readonly isEmbeddedEngineOn?: boolean;
  /** More environment variables, or other values for the usual ones. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<GatewayProcess>();
const folders = new Set<string>();
/** Of every gateway that was started; engines may outlive it. */
const dataDirs = new Set<string>();
let hasBuilt = false;

afterAll(async () => {
  await Promise.all([...running].map((gateway) => gateway.kill()));
  await Promise.all([...dataDirs].map(endEngines));
  dataDirs.clear();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
});
process.once('exit', () => {
  for (const { child } of running) child.kill('SIGKILL');
  for (const dataDir of dataDirs) killEngines(dataDir);
});

/** Builds the product when its sources are newer than the build. @throws Error with the build's output. */
function buildOnce(): void {
  if (hasBuilt) return;
  const script = join(repositoryRoot, 'scripts/build.mjs');
  const build = spawnSync(process.execPath, [script, '--if-needed'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  if (build.status !== 0) throw new Error(`the build failed:\n${build.stdout}\n${build.stderr}`);
  hasBuilt = true;
}

/** A new folder that is removed after the test file. */
export function temporaryFolder(prefix = 'spillway-test-'): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  folders.add(folder);
  return folder;
}

/**
 * Runs `bin/spillway.cjs` as a user would, on a data folder and a port of its own.
 * @throws Error with everything it printed when it does not become ready.
 */
export async function startGateway(options: GatewayOptions = {}): Promise<GatewayProcess> {
  const gateway = launchGateway(options);
  await gateway.untilReady();
  return gateway;
}

/** The same without waiting: for starts that are meant to fail. */
export function launchGateway(options: GatewayOptions = {}): GatewayProcess {
  buildOnce();
  const dataDir = options.dataDir ?? temporaryFolder();
  dataDirs.add(dataDir);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: temporaryFolder('spillway-home-'),
    SPILLWAY_DATA_DIR: dataDir,
    SPILLWAY_PORT: '0',
    SPILLWAY_DISCOVERY: options.isDiscoveryOn === true ? 'on' : 'off',
    SPILLWAY_EMBEDDED_ENGINE: options.isEmbeddedEngineOn === true ? 'auto' : 'off',
    ...options.env,
  };
  const child = spawn(process.execPath, [join(repositoryRoot, 'bin/spillway.cjs')], {
    cwd: repositoryRoot,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new GatewayProcess(child, dataDir, options);
}

/** The product as a child process. */
export class GatewayProcess {
  stdout = '';
  stderr = '';
  /** Resolves when the process has ended and its output is whole. */
  readonly exited: Promise<Exit>;
  private address: string | null = null;

  constructor(
    readonly child: ChildProcess,
    readonly dataDir: string,
    private readonly options: GatewayOptions,
  ) {
    running.add(this);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.read(text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        running.delete(this);
        resolve({ code, signal });
      });
    });
  }

  /** `http://127.0.0.1:port`. @throws Error while it does not listen. */
  get origin(): string {
    if (this.address === null) throw new Error('the gateway does not listen yet');
    return this.address;
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get output(): string {
    return `--- stdout\n${this.stdout}\n--- stderr\n${this.stderr}`;
  }

  async untilReady(): Promise<void> {
    const deadline = Date.now() + startTimeoutMs;
    while (!(await this.isReady())) {
      if (this.hasExited) throw new Error(`the gateway ended while starting\n${this.output}`);
      if (Date.now() > deadline)
        throw new Error(`the gateway did not become ready\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Asks it to stop, as a service manager does. @throws Error unless it exits with code 0. */
  async stop(): Promise<void> {
    if (this.hasExited) return;
    this.child.kill('SIGTERM');
    const exit = await this.exitWithin(stopTimeoutMs);
    if (exit?.code !== 0) {
      await this.kill();
      const end = exit === null ? 'did not end' : `ended with ${exit.code ?? exit.signal}`;
      throw new Error(`the gateway ${end} after SIGTERM\n${this.output}`);
    }
  }

  /** The process is gone at once, as after a power cut. */
  async kill(): Promise<void> {
    if (!this.hasExited) this.child.kill('SIGKILL');
    await this.exited;
  }

  /** A new process on the same data folder. */
  async restart(env: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
    await this.stop();
    const merged = { ...this.options.env, ...env };
    return startGateway({ ...this.options, dataDir: this.dataDir, env: merged });
  }

  /** Null when it is still there after `timeoutMs`. */
  exitWithin(timeoutMs: number): Promise<Exit | null> {
    const tooLate = new Promise<null>((resolve) => {
      setTimeout(() => resolve(null), timeoutMs).unref();
    });
    return Promise.race([this.exited, tooLate]);
  }

  private read(text: string): void {
    this.stdout += text;
    if (this.address !== null) return;
    const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(this.stdout)?.[1];
    if (port !== undefined) this.address = `http://127.0.0.1:${port}`;
  }

  private async isReady(): Promise<boolean> {
    if (this.address === null) return false;
    try {
      const response = await fetch(`${this.address}/health/ready`);
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}
