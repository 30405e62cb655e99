import { isSameProcess } from '../process-table/process-table.js';
import type {
  ProcessEntry,
  ProcessIdentity,
  ProcessTable,
} from '../process-table/process-table.js';

/** Sends a signal; `pid < 0` names a group. Replaceable so that tests can see what would be signalled. */
type SendSignal = (pid: number, signal: NodeJS.Signals) => void;

/** Sends without failing when the target ended in between (or is a zombie group, EPERM on macOS). */
const sendSignal: SendSignal = (pid, signal) => {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already: that is what every signal here is for.
  }
};

/**
 * The processes of one instance: the leader we spawned, its process group, and every descendant that left
 * the group but still carries the marker. No pid is signalled unless its start time was just compared.
 */
export class OwnedProcesses {
  readonly #known = new Map<number, string>();

  constructor(
    private readonly table: ProcessTable,
    private readonly instanceId: string,
    private readonly leader: ProcessIdentity | null,
    private readonly send: SendSignal = sendSignal,
  ) {}

  /**
   * Remembers the members of the group. To be called while the leader's pid cannot have been reused: while
   * it lives, or at once in its `exit` event; later the group number alone proves nothing.
   */
  captureGroup(): void {
    const { leader } = this;
    if (leader === null) return;
    for (const entry of this.#list()) {
      const isMember = entry.pgid === leader.pid && entry.pid !== leader.pid;
      if (isMember && entry.isAlive) this.#known.set(entry.pid, entry.startTime);
    }
  }

  /** Signals the group while its leader is provably ours, and every known member outside it. */
  signal(signal: NodeJS.Signals): void {
    const { leader } = this;
    const isLeaderOurs = leader !== null && this.#isProven(leader);
    if (isLeaderOurs) {
      this.captureGroup();
      this.send(-leader.pid, signal);
    }
    for (const [pid, startTime] of this.#known) {
      if (!this.#isProven({ pid, startTime })) continue;
      // Once is enough: llama-server takes a second TERM for an impatient user and exits with 1.
      const isInGroup = isLeaderOurs && this.table.read(pid)?.pgid === leader.pid;
      if (!isInGroup) this.send(pid, signal);
    }
  }

  /**
   * Pids still alive among the leader, its group and the known members. Zombies do not count; a process that
   * cannot be looked at (no file descriptor is free) does, so that nothing is given up too early.
   */
  live(): number[] {
    const { leader } = this;
    if (leader !== null && this.#isProven(leader)) this.captureGroup();
    return this.suspects()
      .filter(([pid, startTime]) => this.#mayLive(pid, startTime))
      .map(([pid]) => pid);
  }

  /** Everything that was ever found to belong to the instance, dead or alive. */
  suspects(): [pid: number, startTime: string][] {
    const suspects = new Map(this.#known);
    if (this.leader !== null) suspects.set(this.leader.pid, this.leader.startTime);
    return [...suspects];
  }

  /** Finds members that left the group by their marker; answers the pids alive now. Rejects when it cannot look. */
  async findEscaped(): Promise<number[]> {
    const escaped = (await this.table.marked(this.instanceId)).filter(
      (entry) => entry.instanceId === this.instanceId,
    );
    for (const { pid, startTime } of escaped) this.#known.set(pid, startTime);
    return this.live();
  }

  #isProven(identity: ProcessIdentity): boolean {
    try {
      return isSameProcess(this.table, identity);
    } catch {
      return false;
    }
  }

  #mayLive(pid: number, startTime: string): boolean {
    try {
      const entry = this.table.read(pid);
      return entry?.startTime === startTime && entry.isAlive;
    } catch {
      return true;
    }
  }

  #list(): ProcessEntry[] {
    try {
      return this.table.list();
    } catch {
      return [];
    }
  }
}
