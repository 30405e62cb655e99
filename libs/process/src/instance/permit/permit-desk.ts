import type { Claim } from '../../memory/arbiter-state.js';
import { mainMemory } from '../../engine-traits.js';
import type { MemoryRule } from '../../engine-traits.js';
import type { Footprint } from '../../learned/learned-figures.js';
import { estimateNeed, knownNeed, unknownNeed } from '../../memory/estimate-need.js';
import type { MemoryNeed } from '../../memory/estimate-need.js';
import type { Tenant } from '../../memory/memory-arbiter.js';
import { placeNeed } from '../../memory/placement/place-need.js';
import { placementOf } from '../../memory/placement/placement.js';
import { cutTo } from '../../memory/pool-bytes.js';
import type { PoolBytes } from '../../memory/pool-bytes.js';
import type { LocalModelSpec } from '../../local-model-spec.js';
import { launchHash } from '../../local-model-spec.js';
import type { InstanceEffect } from '../lifecycle/instance-effect.js';
import type { InstanceState } from '../lifecycle/instance-state.js';
import type { ModelSurroundings } from '../model-surroundings.js';
import { learnableFootprint } from './learnable-footprint.js';
import type { MemoryPermit } from './memory-permit.js';
import { placeOfAdopted } from './place-of-adopted.js';

/** The memory business of one local model: finds out what it needs and speaks to the arbiter. */
export class PermitDesk {
  #guess: { readonly launch: string; readonly need: MemoryNeed } | null = null;
  /** Counts questions; an estimate that comes back after the question was dropped is not asked any more. */
  #question = 0;
  /** The need of the last question, and what the last start was permitted. */
  #asked: MemoryNeed = unknownNeed;
  #permit: MemoryPermit = { reserved: {}, placement: null };

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
    if (effect.isAfterOutOfMemory) this.#noteOutOfMemory(spec);
    const known = this.#need(spec);
    const measuring = this.surroundings.arbiter.measure();
    if (known !== null && measuring === null) {
      this.#post(spec, effect, known);
      return;
    }
    void Promise.all([this.sizeUp(spec), measuring]).then(() => {
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
  noteUse(footprint: PoolBytes): void {
    const held = this.surroundings.arbiter.held.get(this.key);
    if (held === undefined) return;
    const need = Object.keys(held).map((pool) => [pool, footprint[pool] ?? held[pool]]);
    this.surroundings.arbiter.resize(this.key, Object.fromEntries(need) as PoolBytes);
  }

  /** What is reserved for the start that was just permitted. */
  takePermit(spec: LocalModelSpec): MemoryPermit {
    const { arbiter } = this.surroundings;
    const reserved = arbiter.held.get(this.key) ?? {};
    const placement = placementOf(reserved, this.#asked, this.#rule(spec), arbiter.pools);
    this.#permit = { reserved, placement };
    return this.#permit;
  }

  /** What a run that took so much teaches of the next ones; null when too little was measured. */
  learnable(spec: LocalModelSpec, taken: PoolBytes): Footprint | null {
    const { pools } = this.surroundings.arbiter;
    return learnableFootprint(taken, this.#permit, this.#rule(spec), pools);
  }

  /** Settings that also hold for the memory it has already. */
  adjust(spec: LocalModelSpec, before: LocalModelSpec): void {
    const { arbiter } = this.surroundings;
    const group = spec.exclusiveGroup ?? null;
    if (group !== (before.exclusiveGroup ?? null)) arbiter.regroup(this.key, group);
    const { memoryBytes = null } = spec;
    const [pool, another] = Object.keys(arbiter.held.get(this.key) ?? {});
    // What is divided over several pools is divided anew with the next start.
    const isOne = pool !== undefined && another === undefined;
    if (isOne && memoryBytes !== null && memoryBytes !== before.memoryBytes)
      this.noteUse({ [pool]: memoryBytes });
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
    const need = this.#need(spec);
    if (need === null) return false;
    const terms = { generation: 0, since: now, isAlone: false };
    const claim = { ...terms, key: '', options: this.#place(spec, need, false) };
    return this.surroundings.arbiter.hasRoomFor({ ...claim, group: spec.exclusiveGroup ?? null });
  }

  /** What would be asked for now; null while the size of the model is not known. */
  claimFor(
    spec: LocalModelSpec,
    { generation, tickets, waitingSince }: InstanceState,
    now: number,
  ): Claim | null {
    const need = this.#need(spec);
    const since = tickets.length > 0 ? waitingSince : now;
    return need === null ? null : this.#claim(spec, { generation, since, need, isAlone: false });
  }

  #need(spec: LocalModelSpec): MemoryNeed | null {
    // Somebody else's engine has its memory already, or not: we cannot give it any.
    if (this.surroundings.presets.get(spec.engine)?.kind !== 'managed') {
      return unknownNeed;
    }
    const launch = launchHash(spec);
    const figure = this.surroundings.learned.of(launch);
    const guess = this.#guess?.launch === launch ? this.#guess.need : null;
    return knownNeed(spec, figure, this.#rule(spec)) ?? guess;
  }

  #post(
    spec: LocalModelSpec,
    { generation, since, isAfterOutOfMemory }: Extract<InstanceEffect, { type: 'ask' }>,
    need: MemoryNeed,
  ): void {
    const isAlone = isAfterOutOfMemory;
    const claim = this.#claim(spec, { generation, since, need, isAlone });
    this.#asked = need;
    // An engine that is adopted has its memory already: it is let in, and what it needs is noted.
    const { adoption, arbiter } = this.surroundings;
    if (adoption?.isPending !== true) {
      arbiter.ask(this.tenant, claim);
      return;
    }
    arbiter.ask(this.tenant, { ...claim, options: [{}] });
    arbiter.resize(this.key, placeOfAdopted(adoption.reserved, claim.options, arbiter.pools));
  }

  #claim(
    spec: LocalModelSpec,
    {
      need,
      ...rest
    }: Pick<Claim, 'generation' | 'since' | 'isAlone'> & { readonly need: MemoryNeed },
  ): Claim {
    // One that sleeps wakes where it is.
    const isAsleep = this.surroundings.arbiter.held.has(this.key);
    const options = isAsleep ? [this.#permit.reserved] : this.#place(spec, need, rest.isAlone);
    return { key: this.key, options, group: spec.exclusiveGroup ?? null, ...rest };
  }

  #place(spec: LocalModelSpec, need: MemoryNeed, isAlone: boolean): readonly PoolBytes[] {
    const { budget, pools } = this.surroundings.arbiter;
    const options = placeNeed(need, this.#rule(spec), pools, budget);
    // A guess that is larger than the whole budget may be wrong: it is tried, with everything there is.
    const isGuess = need.source !== 'declared' && need.source !== 'learned';
    return isGuess || isAlone ? options.map((each) => cutTo(each, budget)) : options;
  }

  #rule({ engine }: LocalModelSpec): MemoryRule {
    return this.surroundings.presets.get(engine)?.traits?.memory ?? mainMemory;
  }

  #noteOutOfMemory(spec: LocalModelSpec): void {
    const tried = this.learnable(spec, this.#permit.reserved);
    if (tried !== null) this.surroundings.learned.noteOutOfMemory(launchHash(spec), tried);
  }
}
