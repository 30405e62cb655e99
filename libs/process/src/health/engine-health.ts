import { pause } from '../clock.js';
import type { Clock } from '../clock.js';
import type { EngineProbes } from './engine-probes.js';
import type { SuspicionCause } from './suspicion.js';

const SLOT_WAIT_MS = 10_000;

/**
 * Knows when an engine last proved that it works, and finds out whether it still does. A probe is no use of the
 * engine: it holds no lease, so the idle time goes on, and it is nobody's request, so it is in no log and no bill.
 */
export class EngineHealth {
  #provenMs: number;
  #provenAt: number | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly probes: EngineProbes,
    private readonly tokenProbeEveryMs: number | null,
  ) {
    this.#provenMs = clock.monotonicMs();
  }

  /** Epoch milliseconds; null before the first proof. */
  get provenAt(): number | null {
    return this.#provenAt;
  }

  /** It gave a whole answer, or has just become ready. */
  noteProof(): void {
    this.#provenMs = this.clock.monotonicMs();
    this.#provenAt = this.clock.now();
  }

  /**
   * A look at an engine that has nothing to do: is it there, and, where no good answer has proved it for long, does it
   * make a token? Never wakes one that put itself to sleep.
   */
  async findFault(isIdle: () => boolean): Promise<SuspicionCause | null> {
    const { tokenProbeEveryMs, probes } = this;
    if (await probes.isAsleep()) return null;
    if (!(await probes.isPresent())) return 'unresponsive';
    const unprovenMs = this.clock.monotonicMs() - this.#provenMs;
    if (tokenProbeEveryMs === null || unprovenMs < tokenProbeEveryMs || !isIdle()) return null;
    return (await this.#makesToken()) ? null : 'no-token';
  }

  /**
   * Judges a suspect: true when it answers and makes a token. An engine whose slots are all taken could not, so a free
   * one is waited for; while there is none, only the server can be judged. So it is, too, where a token may load a
   * model, unless an answer fell silent: then the model is loaded.
   */
  async isSound(cause: SuspicionCause | null, hasFreeSlot: () => boolean): Promise<boolean> {
    if (!(await this.probes.isResponding())) return false;
    if (this.tokenProbeEveryMs === null && cause !== 'stalled') return true;
    const until = this.clock.monotonicMs() + SLOT_WAIT_MS;
    while (!hasFreeSlot() && this.clock.monotonicMs() < until) await pause(this.clock, 50);
    return !hasFreeSlot() || this.#makesToken();
  }

  async #makesToken(): Promise<boolean> {
    const isMade = await this.probes.answersWithToken();
    if (isMade) this.noteProof();
    return isMade;
  }
}
