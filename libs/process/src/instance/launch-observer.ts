import type { EngineInstance } from '../launch/engine-instance.js';
import type { LearnedFigure } from '../learned/learned-figures.js';
import { launchHash } from '../local-model-spec.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import type { ModelSurroundings } from './model-surroundings.js';
import type { PermitDesk } from './permit/permit-desk.js';

/** Learns from the engines of one local model how long its loads and requests take, and how much memory. */
export class LaunchObserver {
  readonly #launch: string;

  constructor(
    private readonly spec: LocalModelSpec,
    private readonly surroundings: Pick<ModelSurroundings, 'learned' | 'launch'>,
  ) {
    this.#launch = launchHash(spec);
  }

  get figure(): LearnedFigure {
    return this.surroundings.learned.of(this.#launch);
  }

  /** The load of an adopted engine was not seen. */
  noteLoad(loadMs: number, instance: EngineInstance | null): void {
    if (instance?.isAdopted === true) return;
    this.surroundings.learned.noteLoad(this.#launch, loadMs);
  }

  /** An engine works on a few requests at once: the others only waited for part of the time they held a lease. */
  noteService(heldMs: number, leases: number): void {
    const rounds = Math.max(1, leases / this.spec.parallelSlots);
    this.surroundings.learned.noteService(this.#launch, heldMs / rounds);
  }

  /** What an engine took at most is known when it ends; one that never became ready did not take all it needs. */
  noteEnd(instance: EngineInstance | null, desk: Pick<PermitDesk, 'learnable'>): void {
    const taken = instance?.run.peakFootprint ?? null;
    const isWhole = this.surroundings.launch.table.isFootprintWhole;
    if (instance === null || taken === null || !instance.wasReady || !isWhole) return;
    const footprint = desk.learnable(this.spec, taken);
    if (footprint !== null) this.surroundings.learned.noteFootprint(this.#launch, footprint);
  }
}
