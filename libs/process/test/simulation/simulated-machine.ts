import type { InstanceEffect } from '../../src/instance/lifecycle/instance-effect.js';
import type { InstanceEvent } from '../../src/instance/lifecycle/instance-event.js';
import type { InstanceLimits } from '../../src/instance/lifecycle/instance-state.js';
import { Mailbox } from '../../src/mailbox.js';
import { arbitrate } from '../../src/memory/arbiter-reducer.js';
import { initialArbiterState } from '../../src/memory/arbiter-state.js';
import type {
  ArbiterEffect,
  ArbiterEvent,
  ArbiterLimits,
  ArbiterState,
  ArbiterView,
  Standing,
} from '../../src/memory/arbiter-state.js';
import { fits, plus, zeroed } from '../../src/memory/pool-bytes.js';
import type { PoolBytes } from '../../src/memory/pool-bytes.js';
import { SimulatedModel, failureWith } from './simulated-model.js';
import type { SimulatedScript, SimulatedTicket } from './simulated-script.js';
import { VirtualTime } from './virtual-time.js';

export const arbiterLimits: ArbiterLimits = {
  maxOvertakeMs: 60_000,
  minResidencyMs: 15_000,
  maxResidencyMs: 600_000,
  starvedMs: 10_000,
};

/** Who is told of what happens, beside the books of the machine itself. */
export interface MachineWitness {
  onEffect(model: SimulatedModel, effect: InstanceEffect, cause: InstanceEvent): void;
  onSettled(model: SimulatedModel, ticket: SimulatedTicket, outcome: string): void;
  onStep(): void;
}

/** Several models and the arbiter on one machine, on virtual time. */
export class SimulatedMachine {
  readonly time = new VirtualTime();
  readonly models: readonly SimulatedModel[];
  arbiter: ArbiterState;
  /** Memory other programs took of each pool, on top of what the budget leaves them. */
  pressureBytes = 0;
  witness: MachineWitness | null = null;
  readonly #mailbox = new Mailbox<ArbiterEvent>((event) => this.#take(event));
  #cancelLook: () => void = () => undefined;

  constructor(
    scripts: readonly SimulatedScript[],
    readonly limits: InstanceLimits,
    readonly budget: PoolBytes,
    /** What the machine has; more than the budget where the budget is what limits. */
    readonly physical: PoolBytes = budget,
  ) {
    this.arbiter = initialArbiterState(budget);
    const post = (event: ArbiterEvent): void => this.#mailbox.post(event);
    const around = {
      time: this.time,
      limits,
      ask: (claim: Extract<ArbiterEvent, { type: 'ask' }>['claim']) => post({ type: 'ask', claim }),
      withdraw: (key: string) => post({ type: 'withdraw', key }),
      release: (key: string) => post({ type: 'release', key }),
      resize: (key: string, need: PoolBytes) => post({ type: 'resize', key, need }),
      reserved: (key: string) => this.arbiter.held.get(key)?.need ?? {},
      look: () => {
        const isOver = !fits(this.held, this.arbiter.budget);
        if (this.arbiter.queue.length > 0 || isOver) post({ type: 'look' });
      },
      onEffect: (model: SimulatedModel, effect: InstanceEffect, cause: InstanceEvent) =>
        this.witness?.onEffect(model, effect, cause),
      onSettled: (model: SimulatedModel, ticket: SimulatedTicket, outcome: string) =>
        this.witness?.onSettled(model, ticket, outcome),
      onStep: () => this.witness?.onStep(),
    };
    this.models = scripts.map((script, index) => new SimulatedModel(`m${index}`, script, around));
  }

  /** Reserved bytes of every pool. */
  get held(): PoolBytes {
    const holdings = [...this.arbiter.held.values()];
    return holdings.reduce((sum, { need }) => plus(sum, need), zeroed(this.budget));
  }

  model(index: number): SimulatedModel {
    const model = this.models[index % this.models.length];
    if (model === undefined) throw new Error('There are no models.');
    return model;
  }

  changeBudget(budget: PoolBytes): void {
    this.#mailbox.post({ type: 'budget', budget });
  }

  view(): ArbiterView {
    const standings = new Map<string, Standing>();
    for (const { key, standing } of this.models) {
      if (standing !== null) standings.set(key, standing);
    }
    const pressed = Object.keys(this.physical).map((pool) => [pool, this.pressureBytes]);
    const others = plus(this.physical, Object.fromEntries(pressed) as PoolBytes, -1);
    const free = this.models.reduce((left, { footprint }) => plus(left, footprint, -1), others);
    return { now: this.time.nowMs, standings, free, limits: arbiterLimits };
  }

  #take(event: ArbiterEvent): void {
    const { state, effects } = arbitrate(this.arbiter, event, this.view());
    this.arbiter = state;
    for (const effect of effects) this.#run(effect);
    this.witness?.onStep();
  }

  #run(effect: ArbiterEffect): void {
    const now = this.time.nowMs;
    if (effect.type === 'arm') {
      this.#cancelLook();
      this.#cancelLook = this.time.schedule(effect.delayMs, () => {
        this.#mailbox.post({ type: 'look' });
      });
      return;
    }
    const model = this.models.find(({ key }) => key === effect.key);
    if (model === undefined) return;
    switch (effect.type) {
      case 'permit':
        model.send({ type: 'permitted', generation: effect.generation, now });
        break;
      case 'evict':
        model.send({ type: 'evicted', deadlineMs: effect.deadlineMs, now });
        break;
      case 'reprieve':
        model.send({ type: 'reprieved', now });
        break;
      case 'refuse': {
        const failure = failureWith('out-of-memory', effect.cause === 'no-free-memory');
        model.send({ type: 'refused', generation: effect.generation, failure, now });
        break;
      }
    }
  }
}
