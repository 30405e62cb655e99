import type { Clock } from '../clock.js';
import type { ProcessIdentity, ProcessTable } from '../process-table/process-table.js';
import type { EngineLeader, ProcessExit } from './engine-leader.js';
import type { EngineOutput } from './engine-output.js';
import type { LogStream } from './log-ring.js';

/** Nobody tells us of the end of a process that is not our child, so it is looked for. */
const LOOK_EVERY_MS = 250;
/** Half of what the ring holds for each stream. */
const BACKLOG_BYTES = 256 * 1024;

interface AdoptionSurroundings {
  readonly table: ProcessTable;
  readonly clock: Clock;
  readonly output: EngineOutput;
  readonly logPath: (stream: LogStream) => string;
}

/** An engine process that an earlier gateway started and this one goes on with. */
export class AdoptedLeader implements EngineLeader {
  readonly drained: Promise<void>;
  readonly #finish: () => Promise<void>;
  #noteDrained: () => void = () => undefined;

  constructor(
    readonly identity: ProcessIdentity,
    private readonly surroundings: AdoptionSurroundings,
  ) {
    const { output, logPath } = surroundings;
    this.#finish = output.followFiles(logPath, BACKLOG_BYTES);
    this.drained = new Promise((resolve) => {
      this.#noteDrained = resolve;
    });
  }

  get lastOutputMs(): number {
    return this.surroundings.output.lastMs;
  }

  onExit(listener: (exit: ProcessExit, isFresh: boolean) => void): void {
    this.surroundings.clock.schedule(LOOK_EVERY_MS, () => {
      if (this.#isRunning()) {
        this.onExit(listener);
        return;
      }
      listener({ code: null, signal: null, spawnError: null }, false);
      void this.#finish().then(this.#noteDrained);
    });
  }

  #isRunning(): boolean {
    const { pid, startTime } = this.identity;
    try {
      const entry = this.surroundings.table.read(pid);
      return entry?.startTime === startTime && entry.isAlive;
    } catch {
      // Not seen is not gone.
      return true;
    }
  }
}
