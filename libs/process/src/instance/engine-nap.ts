import { pause } from '../clock.js';
import type { EngineAction } from '../engine-preset.js';
import type { EngineInstance } from '../launch/engine-instance.js';
import type { PoolBytes } from '../memory/pool-bytes.js';
import { probeEngine } from '../readiness/probe-engine.js';
import type { ModelSurroundings } from './model-surroundings.js';

const SLEEP_TIMEOUT_MS = 60_000;
/** Waking may mean that the model is loaded anew. */
const WAKE_TIMEOUT_MS = 10 * 60_000;
const STATUS_TIMEOUT_MS = 2000;
const STATUS_EVERY_MS = 100;
/** Some engines answer the order before they have carried it out. */
const SETTLE_MS = 30_000;

interface NapOutcome {
  readonly isAsleep: boolean;
  /** What the sleeping engine still takes; null where that cannot be measured. */
  readonly footprint: PoolBytes | null;
}

/** One sleep of an engine that can free its memory without ending: ordered, seen to, and ended again. */
export class EngineNap {
  #begun: Promise<NapOutcome> | null = null;

  constructor(
    private readonly instance: EngineInstance,
    private readonly surroundings: Pick<ModelSurroundings, 'clock'>,
  ) {}

  begin(): Promise<NapOutcome> {
    this.#begun ??= this.#begin();
    return this.#begun;
  }

  /** True when the engine serves again. */
  async end(signal: AbortSignal): Promise<boolean> {
    const begun = await this.begin();
    if (!begun.isAsleep) return false;
    const action = this.instance.sleepRule?.wake?.(this.instance.run.servedModel ?? '');
    // Without one the next request wakes it.
    if (action === undefined) return true;
    const isOrdered = await this.#order(action, { timeoutMs: WAKE_TIMEOUT_MS, signal });
    return isOrdered && (await this.#isBecoming(false, signal));
  }

  async #begin(): Promise<NapOutcome> {
    const action = this.instance.sleepRule?.sleep?.(this.instance.run.servedModel ?? '');
    const isOrdered =
      action !== undefined && (await this.#order(action, { timeoutMs: SLEEP_TIMEOUT_MS }));
    const isAsleep = isOrdered && (await this.#isBecoming(true));
    return { isAsleep, footprint: isAsleep ? await this.instance.run.measure() : null };
  }

  async #order(
    { path, body }: EngineAction,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<boolean> {
    const probe = { path, body: body === null ? '' : JSON.stringify(body), timeoutMs };
    const answer = await probeEngine(this.instance.run.origin ?? '', probe, signal);
    return answer !== null && answer.status >= 200 && answer.status < 300;
  }

  async #isBecoming(isAsleep: boolean, signal?: AbortSignal): Promise<boolean> {
    const { clock } = this.surroundings;
    const status = this.instance.sleepRule?.status;
    const until = clock.monotonicMs() + SETTLE_MS;
    while (status !== undefined && clock.monotonicMs() < until && signal?.aborted !== true) {
      const probe = { path: status.path, timeoutMs: STATUS_TIMEOUT_MS };
      const answer = await probeEngine(this.instance.run.origin ?? '', probe, signal);
      const servedModel = this.instance.run.servedModel ?? '';
      if (answer !== null && status.isAsleep(answer.body, servedModel) === isAsleep) return true;
      await pause(clock, STATUS_EVERY_MS, signal);
    }
    return false;
  }
}
