import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Clock } from '../clock.js';
import type { LaunchPlan } from '../engine-preset.js';
import { MARKER_VARIABLE } from '../process-table/process-table.js';
import type { ProcessIdentity, ProcessTable } from '../process-table/process-table.js';
import type { EngineLeader, ProcessExit } from './engine-leader.js';
import type { EngineOutput } from './engine-output.js';
import type { LogStream } from './log-ring.js';

const PIPE_LINGER_MS = 2000;

interface SpawnOptions {
  readonly instanceId: string;
  readonly table: ProcessTable;
  readonly clock: Clock;
  /** Environment shared by all engines, already reduced to the allow-list. */
  readonly environment: Readonly<Record<string, string>>;
  readonly output: EngineOutput;
  /**
   * Where it writes if it may outlive us: a pipe dies with its reader, and the next line would end the engine or, once
   * the pipe is full, stop it. Null takes pipes.
   */
  readonly logPath: ((stream: LogStream) => string) | null;
}

/** An engine process that is our own child. Never throws: what cannot be started is an exit with `spawnError`. */
export class SpawnedLeader implements EngineLeader {
  readonly identity: ProcessIdentity | null;
  readonly drained: Promise<void>;
  readonly #started: ChildProcess | Error;

  constructor(
    plan: LaunchPlan,
    private readonly options: SpawnOptions,
  ) {
    this.#started = startChild(plan, options);
    this.identity =
      this.#started instanceof Error ? null : readIdentity(this.#started, options.table);
    this.drained = this.#started instanceof Error ? Promise.resolve() : this.#follow(this.#started);
  }

  get lastOutputMs(): number {
    return this.options.output.lastMs;
  }

  onExit(listener: (exit: ProcessExit, isFresh: boolean) => void): void {
    const started = this.#started;
    if (started instanceof Error) {
      listener({ code: null, signal: null, spawnError: started }, true);
      return;
    }
    started.once('exit', (code, signal) => {
      listener({ code, signal, spawnError: null }, true);
      this.#closePipesLater(started);
    });
    started.on('error', (spawnError) => {
      if (started.pid === undefined) listener({ code: null, signal: null, spawnError }, true);
    });
  }

  #follow(child: ChildProcess): Promise<void> {
    const { output, logPath } = this.options;
    child.stdin?.on('error', () => undefined); // the engine may close it first
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    if (logPath === null) {
      output.followPipe(child.stdout, 'stdout');
      output.followPipe(child.stderr, 'stderr');
      return closed;
    }
    const finish = output.followFiles(logPath, 0);
    return closed.then(finish);
  }

  /** A process that escaped our group may hold the pipes open: they are let go once the group is ended. */
  #closePipesLater(child: ChildProcess): void {
    const cancel = this.options.clock.schedule(PIPE_LINGER_MS, () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    child.once('close', cancel);
    child.stdin?.destroy();
  }
}

/** To be called at once: until its exit was collected the pid cannot belong to anybody else. */
function readIdentity(child: ChildProcess, table: ProcessTable): ProcessIdentity | null {
  if (child.pid === undefined) return null;
  try {
    return table.read(child.pid);
  } catch {
    // A process that cannot be identified could not be ended safely later, so it ends now.
    child.kill('SIGKILL');
    return null;
  }
}

function startChild(plan: LaunchPlan, options: SpawnOptions): ChildProcess | Error {
  const { instanceId, environment, logPath } = options;
  const files: number[] = [];
  try {
    // To the end, always: then the file can be emptied while the engine writes.
    if (logPath !== null) {
      for (const stream of ['stdout', 'stderr'] as const) {
        files.push(openSync(logPath(stream), 'a', 0o600));
      }
    }
    const [out = 'pipe', err = 'pipe'] = files;
    const stdio: StdioOptions = [plan.stdin, out, err];
    return spawn(plan.file, [...plan.args], {
      cwd: plan.cwd,
      env: { ...environment, ...plan.env, [MARKER_VARIABLE]: instanceId },
      stdio,
      detached: true,
      shell: false,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    for (const file of files) closeSync(file);
  }
}
