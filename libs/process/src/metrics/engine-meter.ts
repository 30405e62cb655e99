import type { Clock } from '../clock.js';
import type { EnginePreset } from '../engine-preset.js';
import type { EngineProbes } from '../health/engine-probes.js';
import { probeEngine } from '../readiness/probe-engine.js';
import { makeReading } from './engine-reading.js';
import type { EngineReading, TimedFigures } from './engine-reading.js';
import type { MetricsSource } from './metrics-source.js';
import { readFigures } from './read-figures.js';
import type { Figures } from './read-figures.js';

const TIMEOUT_MS = 2000;
/** How long after its last use an engine is still read, so that its rates come to rest. */
const SETTLE_MS = 15_000;
/** Others may use a server that is not ours. */
const SHARED_EVERY_MS = 60_000;
/** Older figures say nothing about an engine that does not answer any more. */
const STALE_MS = 30_000;

/** How an engine is used, as far as it tells whether there can be anything new. */
interface EngineUse {
  readonly leases: number;
  /** Epoch milliseconds; null before the first use. */
  readonly lastUsedAt: number | null;
}

interface MeteredEngine {
  readonly preset: EnginePreset;
  readonly run: { readonly origin: string | null; readonly servedModel: string | null };
  /** One that put itself to sleep is left alone. */
  readonly probes: Pick<EngineProbes, 'isAsleep'>;
}

/** Reads the figures an engine tells of itself. A reading is no use of the engine, and a failed one no fault. */
export class EngineMeter {
  /** Null until the first reading, and when the engine has not answered for long. */
  reading: EngineReading | null = null;
  #last: TimedFigures | null = null;
  #isReading = false;

  constructor(
    private readonly clock: Clock,
    private readonly engine: MeteredEngine,
  ) {}

  /** Reads what may have changed; does nothing while a reading is under way, or where there is nothing to read. */
  async refresh(use: EngineUse): Promise<void> {
    const sources = this.engine.preset.traits?.metrics ?? [];
    if (this.#isReading || sources.length === 0 || !this.#isDue(use)) return;
    this.#isReading = true;
    try {
      if (!(await this.engine.probes.isAsleep())) this.#take(await this.#read(sources));
    } finally {
      this.#isReading = false;
    }
  }

  /** An engine that nobody used since has nothing new to tell, and may rest. */
  #isDue({ leases, lastUsedAt }: EngineUse): boolean {
    if (this.reading === null || leases > 0) return true;
    const { at } = this.reading;
    if (lastUsedAt !== null && at < lastUsedAt + SETTLE_MS) return true;
    return this.engine.preset.kind === 'attached' && this.clock.now() - at >= SHARED_EVERY_MS;
  }

  async #read(sources: readonly MetricsSource[]): Promise<Figures> {
    const { origin, servedModel } = this.engine.run;
    if (origin === null || servedModel === null) return {};
    const read = sources.map(async (source) => {
      const path = source.path.replaceAll('{model}', encodeURIComponent(servedModel));
      const answer = await probeEngine(origin, { path, timeoutMs: TIMEOUT_MS });
      return answer?.status === 200 ? readFigures(source, answer, servedModel) : {};
    });
    // What the first source tells counts; later ones fill in.
    return Object.assign({}, ...(await Promise.all(read)).reverse()) as Figures;
  }

  /** Requests that are answered or wait inside the engine at this moment; null where it does not tell. Never rejects. */
  async countRequests(): Promise<number | null> {
    const sources = this.engine.preset.traits?.metrics ?? [];
    const { requestsRunning, requestsWaiting = 0 } = await this.#read(sources).catch(
      (): Figures => ({}),
    );
    return requestsRunning === undefined ? null : requestsRunning + requestsWaiting;
  }

  #take(figures: Figures): void {
    const at = this.clock.now();
    if (Object.keys(figures).length === 0) {
      if (this.reading !== null && at - this.reading.at >= STALE_MS) this.#forget();
      return;
    }
    const now = { figures, readMs: this.clock.monotonicMs() };
    this.reading = makeReading(now, this.#last, at);
    this.#last = now;
  }

  #forget(): void {
    this.reading = null;
    this.#last = null;
  }
}
