import type { Claim } from '../../memory/arbiter-state.js';
import { estimateNeed, knownNeed } from '../../memory/estimate-need.js';
import type { MemoryNeed } from '../../memory/estimate-need.js';
import type { Tenant } from '../../memory/memory-arbiter.js';
import { smaller } from '../../memory/pool-bytes.js';
import type { PoolBytes } from '../../memory/pool-bytes.js';
import type { LocalModelSpec } from '../../local-model-spec.js';
import { launchHash } from '../../local-model-spec.js';
import type { InstanceEffect } from '../lifecycle/instance-effect.js';
import type { ModelSurroundings } from '../model-surroundings.js';

/** The memory business of one local model: finds out what it needs and speaks to the arbiter. */
export class PermitDesk {
  #guess: { readonly launch: string; readonly need: MemoryNeed } | null = null;
  /** Counts questions; an estimate that comes back after the question was dropped is not asked any more. */
  #question = 0;
  #asked: PoolBytes = {};

  /** `key` is unique among all models, those of the same configuration included. */
  constructor(
    private readonly key: string,
    private readonly tenant: Tenant,
    private readonly surroundings: Pick<
      ModelSurroundings,
      'arbiter' | 'learned' | 'presets' | 'adoption'
    >,
  ) {}

  ask(spec: LocalModelSpec, effect: Extract<InstanceEffect, { type: 'ask' }>): void {
    const question = ++this.#question;
    if (effect.isAfterOutOfMemory) {
      const tried = Object.values(this.#asked).reduce((sum, bytes) => sum + bytes, 0);
      this.surroundings.learned.noteOutOfMemory(launchHash(spec), tried);
    }
    const known = this.#need(spec);
    if (known !== null) {
      this.#post(spec, effect, known);
      return;
    }
    void this.sizeUp(spec).then(() => {
      const need = this.#need(spec);
      if (question === this.#question && need !== null) this.#post(spec, effect, need);
    });
  }

  withdraw(): void {
    this.#question += 1;
    this.surroundings.arbiter.withdraw(this.key);
  }

  release(): void {
    this.#question += 1;
    this.surroundings.arbiter.release(this.key);
  }

  /** It was measured: what is reserved follows, as far as there is room. */
  noteUse(bytes: number): void {
    const held = this.surroundings.arbiter.held.get(this.key);
    if (held !== undefined) this.surroundings.arbiter.resize(this.key, this.#place(bytes));
  }

  /** Settings that also hold for the memory it has already. */
  adjust(spec: LocalModelSpec, before: LocalModelSpec): void {
    const { arbiter } = this.surroundings;
    const group = spec.exclusiveGroup ?? null;
    if (group !== (before.exclusiveGroup ?? null)) arbiter.regroup(this.key, group);
    const { memoryBytes = null } = spec;
    if (memoryBytes !== null && memoryBytes !== before.memoryBytes) this.noteUse(memoryBytes);
  }

  get reserved(): PoolBytes {
    return this.surroundings.arbiter.held.get(this.key) ?? {};
  }

  /** Finds out how large a model is that may never be asked for. */
  async sizeUp(spec: LocalModelSpec): Promise<void> {
    if (this.#need(spec) !== null) return;
    const need = await estimateNeed(spec);
    this.#guess = { launch: launchHash(spec), need };
  }

  /** True when a second engine, with this spec, could start at once beside the one that runs. */
  async hasRoomBeside(spec: LocalModelSpec, now: number): Promise<boolean> {
    await this.sizeUp(spec);
    const claim = this.claimFor(spec, 0, now);
    return claim !== null && this.surroundings.arbiter.hasRoomFor({ ...claim, key: '' });
  }

  /** What would be asked for now; null while the size of the model is not known. */
  claimFor(spec: LocalModelSpec, generation: number, since: number): Claim | null {
    const need = this.#need(spec);
    return need === null ? null : this.#claim(spec, { generation, since, need, isAlone: false });
  }

  #need(spec: LocalModelSpec): MemoryNeed | null {
    // Somebody else's engine has its memory already, or not: we cannot give it any.
    if (this.surroundings.presets.get(spec.engine)?.kind !== 'managed') {
      return { bytes: 0, source: 'unknown' };
    }
    const launch = launchHash(spec);
    const known = knownNeed(spec, this.surroundings.learned.of(launch));
    return known ?? (this.#guess?.launch === launch ? this.#guess.need : null);
  }

  #post(
    spec: LocalModelSpec,
    { generation, since, isAfterOutOfMemory }: Extract<InstanceEffect, { type: 'ask' }>,
    need: MemoryNeed,
  ): void {
    const isAlone = isAfterOutOfMemory;
    const claim = this.#claim(spec, { generation, since, need, isAlone });
    this.#asked = claim.need;
    // An engine that is adopted has its memory already: it is let in, and what it needs is noted.
    const hasMemory = this.surroundings.adoption?.isPending === true;
    this.surroundings.arbiter.ask(this.tenant, hasMemory ? { ...claim, need: {} } : claim);
    if (hasMemory) this.noteUse(need.bytes);
  }

  #claim(
    spec: LocalModelSpec,
    {
      need,
      ...rest
    }: Pick<Claim, 'generation' | 'since' | 'isAlone'> & { readonly need: MemoryNeed },
  ): Claim {
    const placed = this.#place(need.bytes);
    // A guess that is larger than the whole budget may be wrong: it is tried, with everything there is.
    const isGuess = need.source !== 'declared' && need.source !== 'learned';
    const isBounded = isGuess || rest.isAlone;
    const { budget } = this.surroundings.arbiter;
    const bounded = isBounded ? smaller(placed, onlyPoolsOf(placed, budget)) : placed;
    return { key: this.key, need: bounded, group: spec.exclusiveGroup ?? null, ...rest };
  }

  #place(bytes: number): PoolBytes {
    return { ram: bytes };
  }
}

function onlyPoolsOf(need: PoolBytes, budget: PoolBytes): PoolBytes {
  const entries = Object.entries(budget).filter(([pool]) => need[pool] !== undefined);
  return Object.fromEntries(entries) as PoolBytes;
}
