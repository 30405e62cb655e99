import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantWitness } from '../../test/simulation/invariant-witness.js';
import type { Invariant } from '../../test/simulation/invariant-witness.js';
import {
  anyCardScripts,
  anyCommand,
  anyScripts,
  impatientCommand,
  peacefulCommand,
} from '../../test/simulation/machine-commands.js';
import { SimulatedMachine, arbiterLimits } from '../../test/simulation/simulated-machine.js';
import type { SimulatedScript } from '../../test/simulation/simulated-script.js';
import { plus } from './pool-bytes.js';
import type { PoolBytes } from './pool-bytes.js';
import type { InstanceLimits } from '../instance/lifecycle/instance-state.js';

const BUDGET = { ram: 100 };
/** A machine with two cards, one of them small. */
const CARDS = { ram: 100, gpu0: 80, gpu1: 40 };
const SEEDS = 150;

const limits: InstanceLimits = {
  idleStopMs: 120_000,
  canSleep: false,
  abandoned: 'auto',
  lingerMs: 5000,
  expectedLoadMs: null,
  drainMs: 60_000,
  reclaimMs: 10_000,
  maxQueue: 8,
  maxLeases: null,
  abandonedWorkMs: null,
  canCountWork: false,
  maxBackoffMs: 300_000,
  quarantineAfter: 5,
  stableMs: 60_000,
  recheckMs: 1000,
};

const script: SimulatedScript = {
  options: [{ ram: 60 }],
  loadMs: 4000,
  endMs: 500,
  reclaimMs: 200,
  group: null,
  minResidencyMs: null,
  evictBusyAfterMs: null,
};

function machineOf(
  scripts: readonly SimulatedScript[],
  changes: Partial<InstanceLimits> = {},
  budget: PoolBytes = BUDGET,
  physical: PoolBytes = budget,
) {
  const own = { ...limits, ...changes };
  const machine = new SimulatedMachine(scripts, own, budget, physical);
  return { machine, witness: new InvariantWitness(machine) };
}

/** One model that takes so much main memory. */
function sized(bytes: number): SimulatedScript {
  return { ...script, options: [{ ram: bytes }] };
}

/** Machines with main memory alone and with cards, and models for each of them. */
const anyMachine = fc.oneof(
  fc.record({ budget: fc.constant<PoolBytes>(BUDGET), scripts: anyScripts }),
  fc.record({ budget: fc.constant<PoolBytes>(CARDS), scripts: anyCardScripts }),
);

/** Whatever happens, in whatever order, to machines of up to four models. */
function holds(invariant: Invariant, changes: Partial<InstanceLimits> = {}): void {
  const commands = fc.array(anyCommand, { minLength: 5, maxLength: 80 });
  const property = fc.property(
    anyMachine,
    commands,
    fc.record({
      canSleep: fc.boolean(),
      isRoomy: fc.boolean(),
      maxLeases: fc.constantFrom(null, 1, 2),
      abandonedWorkMs: fc.constantFrom(null, 20_000, 150_000),
      canCountWork: fc.boolean(),
    }),
    ({ scripts, budget }, steps, { isRoomy, ...drawn }) => {
      const physical = isRoomy ? plus(budget, budget) : budget;
      const own = { ...drawn, ...changes };
      const { machine, witness } = machineOf(scripts, own, budget, physical);
      for (const step of steps) {
        step.run(machine);
        witness.checkDeadlines();
      }
      expect(witness.broken.get(invariant)).toBeUndefined();
    },
  );
  fc.assert(property, { numRuns: SEEDS });
}

describe('models and their arbiter, whatever happens in whatever order', () => {
  it('1: at most one generation of a model lives', () => holds(1));

  it('3: no request goes to an engine that has not proved who it is', () => holds(3));

  it('4: reservations never exceed the budget and last until the memory is back', () => holds(4));

  it('5: an engine that serves is not stopped for being idle or for another model', () => holds(5));

  it('6: an engine started for requests serves one of them before it has to leave', () => holds(6));

  it('7: every lease is released once and counted right, and there are never more than there may be', () =>
    holds(7));

  it('8: every ticket ends exactly once', () => holds(8));

  it('11: of an exclusive group at most one lives', () => holds(11));

  it('17: no ticket is left after its deadline', () => holds(17));

  it('19: nobody is overtaken for longer than the bound', () => holds(19));

  it('22: an idle engine stops after its idle time, and never earlier', () => holds(22));

  it('26: what is done for callers who have left ends in time, or with its process', () =>
    holds(26));

  it('25: an engine never has more to do at once than it may, for callers who have left included', () => {
    const steps = fc.array(impatientCommand, { minLength: 40, maxLength: 120 });
    const drawn = fc.record({
      maxLeases: fc.constantFrom(1, 2),
      abandonedWorkMs: fc.constantFrom(3000, 20_000, 150_000),
      canCountWork: fc.boolean(),
      canSleep: fc.boolean(),
    });
    const loadMs = fc.integer({ min: 10, max: 2000 });
    const property = fc.property(loadMs, steps, drawn, (quick, commands, changes) => {
      const models = [30, 80].map((bytes) => ({ ...sized(bytes), loadMs: quick }));
      const { machine, witness } = machineOf(models, changes);
      for (const each of commands) each.run(machine);
      expect(witness.broken.get(25)).toBeUndefined();
      expect(witness.broken.get(26)).toBeUndefined();
      machine.time.advance(3_600_000);
      expect(machine.models.filter(({ state }) => state.abandoned.length > 0)).toEqual([]);
    });
    fc.assert(property, { numRuns: SEEDS });
  });
});

describe('models and their arbiter', () => {
  it('2: any number of concurrent first requests spawn one engine', () => {
    const counts = fc.integer({ min: 1, max: 8 });
    const property = fc.property(counts, anyMachine, (count, { scripts, budget }) => {
      const { machine } = machineOf(scripts, {}, budget);
      for (let index = 0; index < count; index += 1) machine.model(0).request(100, 400_000);
      machine.time.advance(80_000);
      expect(machine.model(0).spawns).toBe(1);
      expect(machine.model(0).finished.get(1)).toBe(count);
    });
    fc.assert(property, { numRuns: SEEDS });
  });

  it('17: with working engines every request that is patient is served', () => {
    const steps = fc.array(peacefulCommand, { maxLength: 60 });
    const limited = fc.constantFrom(null, 1, 2);
    const property = fc.property(anyMachine, steps, limited, (given, commands, maxLeases) => {
      const own = { maxQueue: 1000, maxLeases };
      const { machine, witness } = machineOf(given.scripts, own, given.budget);
      const outcomes = new Set<string>();
      witness.onSettled = (_model, _ticket, outcome) => void outcomes.add(outcome);
      const patient = machine.models.map((model) => model.request.bind(model));
      machine.models.forEach((model, index) => {
        model.request = (serviceMs) => patient[index]?.(serviceMs, 3_600_000);
      });
      for (const command of commands) command.run(machine);
      machine.time.advance(3_600_000);
      expect([...outcomes].filter((outcome) => outcome !== 'served')).toEqual([]);
      for (const model of machine.models) expect(model.waiting.size).toBe(0);
    });
    fc.assert(property, { numRuns: SEEDS });
  });

  it('18: a ready model serves at once while another one loads or waits', () => {
    const property = fc.property(fc.nat(40_000), fc.nat(30_000), (loadMs, atMs) => {
      const small = sized(30);
      const { machine } = machineOf([small, { ...small, loadMs }, sized(50)]);
      machine.model(0).request(40_000, 400_000);
      machine.time.advance(4000);
      machine.model(1).request(100, 400_000);
      machine.model(2).request(100, 400_000);
      machine.time.advance(atMs);
      machine.model(0).request(100, 400_000);
      expect(machine.model(0).waiting.size).toBe(0);
    });
    fc.assert(property, { numRuns: SEEDS });
  });

  it('18: the slowest requests of a ready model are as fast while others load, wait and leave', () => {
    const slowestOf = (others: readonly SimulatedScript[]): number => {
      const { machine } = machineOf([sized(30), ...others], { maxQueue: 1000 });
      const [ready] = machine.models;
      const waits: number[] = [];
      machine.witness = {
        onEffect: () => undefined,
        onStep: () => undefined,
        onSettled: (model, { bornMs, serviceMs }) => {
          if (model === ready) waits.push(model.now - bornMs + serviceMs);
        },
      };
      machine.model(0).request(100, 400_000);
      machine.time.advance(10_000);
      waits.length = 0;
      for (let round = 0; round < 600; round += 1) {
        // It is never idle for long enough to have to leave, and the others take turns beside it.
        machine.model(0).request(150, 400_000);
        if (round % 5 === 0 && others.length > 0) {
          machine.model(1 + (round % 2)).request(200, 400_000);
        }
        machine.time.advance(100);
      }
      expect(waits).toHaveLength(600);
      return waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? Infinity;
    };
    const alone = slowestOf([]);
    const others = [sized(60), sized(60)].map((each) => ({ ...each, loadMs: 8000 }));
    expect(slowestOf(others)).toBeLessThanOrEqual(1.5 * alone);
  });

  it('19: a small model goes before a large one that waits, but not once that has waited long enough', () => {
    const small = sized(30);
    const large = sized(90);
    const { machine } = machineOf([{ ...small, loadMs: 100_000 }, large, small, small]);
    machine.model(0).request(100, 400_000);
    machine.model(1).request(100, 400_000);
    machine.time.advance(30_000);
    machine.model(2).request(100, 400_000);
    expect(machine.model(2).state.phase).toBe('starting');
    machine.time.advance(31_000);
    machine.model(3).request(100, 400_000);
    expect(machine.model(3).state.phase).toBe('queued');
    machine.time.advance(50_000);
    expect(machine.model(1).finished.get(1)).toBe(1);
    expect(machine.model(3).spawns).toBe(0);
  });

  it('20: a failed start does not block the next one, and quarantine has its reasons', () => {
    const property = fc.property(
      anyMachine,
      fc.array(anyCommand, { maxLength: 60 }),
      ({ scripts, budget }, steps) => {
        const { machine } = machineOf(scripts, {}, budget);
        for (const step of steps) step.run(machine);
        machine.pressureBytes = 0;
        machine.changeBudget(budget);
        for (const model of machine.models) {
          model.send({ type: 'pinned', isPinned: false, now: model.now });
          model.nextStart = 'ready';
        }
        machine.time.advance(3_600_000);
        for (const model of machine.models) {
          const { phase, failureCount, failure } = model.state;
          if (phase === 'quarantined') {
            expect(failureCount >= 5 || failure?.isRetryable === false).toBe(true);
            continue;
          }
          const before = model.spawns;
          model.nextStart = 'ready';
          model.request(10, 600_000);
          machine.time.advance(600_000);
          expect(model.spawns).toBe(before + 1);
        }
      },
    );
    fc.assert(property, { numRuns: SEEDS });
  });

  it('21 and 7: when all clients have left nothing waits, and nothing is reserved', () => {
    const property = fc.property(
      anyMachine,
      fc.array(anyCommand, { maxLength: 60 }),
      ({ scripts, budget }, steps) => {
        const { machine } = machineOf(scripts, {}, budget);
        for (const step of steps) step.run(machine);
        for (const model of machine.models) {
          for (const id of model.waiting.keys()) model.leave(id, 'cancelled');
          for (const id of model.leases.keys()) model.finish(id);
          model.send({ type: 'pinned', isPinned: false, now: model.now });
        }
        machine.time.advance(1000);
        const unwanted = machine.models.filter(({ state }) => !state.isWanted);
        const queued = unwanted.filter(({ state }) => state.phase === 'queued');
        expect(queued).toEqual([]);
        expect(unwanted.filter(({ state }) => state.tickets.length > 0)).toEqual([]);
        machine.time.advance(3_600_000);
        expect(machine.arbiter).toMatchObject({ queue: [], held: new Map() });
        for (const { state, leases } of machine.models) {
          expect([state.leases, leases.size, state.tickets.length]).toEqual([0, 0, 0]);
        }
      },
    );
    fc.assert(property, { numRuns: SEEDS });
  });

  it('24: new settings with the same launch keep the process', () => {
    const property = fc.property(
      anyScripts,
      fc.array(anyCommand, { maxLength: 40 }),
      (scripts, steps) => {
        const { machine } = machineOf(scripts);
        for (const step of steps) step.run(machine);
        for (const model of machine.models) {
          const [processes, { phase }] = [[...model.live], model.state];
          model.send({ type: 'reconfigured', isLaunchChanged: false, now: model.now });
          expect([...model.live]).toEqual(expect.arrayContaining(processes));
          if (phase === 'ready' || phase === 'starting') expect(model.state.phase).toBe(phase);
        }
      },
    );
    fc.assert(property, { numRuns: SEEDS });
  });
});

describe('models on a machine with cards', () => {
  const onCard = (bytes: number): SimulatedScript => ({
    ...script,
    options: [{ gpu0: bytes }, { gpu1: bytes }],
  });

  it('take the first card with room, and evict from one only when no card has any', () => {
    const { machine } = machineOf([onCard(40), onCard(40), onCard(40), onCard(40)], {}, CARDS);
    for (const model of machine.models.slice(0, 3)) model.request(100, 400_000);
    machine.time.advance(5000);
    expect(machine.held).toEqual({ ram: 0, gpu0: 80, gpu1: 40 });
    for (const model of machine.models.slice(0, 3)) expect(model.state.phase).toBe('ready');
    machine.model(3).request(100, 400_000);
    machine.time.advance(30_000);
    expect(machine.model(3).state.phase).toBe('ready');
    const phases = machine.models.slice(0, 3).map(({ state }) => state.phase);
    expect(phases.filter((phase) => phase === 'cold')).toHaveLength(1);
  });

  it('do not wait for each other where they are on different ones', () => {
    const inMain = { ...script, options: [{ ram: 100 }] };
    const { machine } = machineOf([onCard(80), inMain], {}, CARDS);
    machine.model(0).request(100_000, 400_000);
    machine.model(1).request(100_000, 400_000);
    machine.time.advance(4000);
    for (const model of machine.models) expect(model.state.phase).toBe('ready');
  });

  it('wake on the card they fell asleep on', () => {
    // the first fills the first card, so the second goes to the other one
    const { machine } = machineOf([onCard(70), onCard(40)], { canSleep: true }, CARDS);
    for (const model of machine.models) model.request(100, 400_000);
    machine.time.advance(125_000);
    for (const model of machine.models) expect(model.state.phase).toBe('sleeping');
    machine.model(1).request(100, 400_000);
    machine.time.advance(1000);
    expect(machine.model(1).state.phase).toBe('ready');
    expect(machine.arbiter.held.get('m1')?.need).toEqual({ gpu1: 40 });
  });

  it('are refused only when no place could ever hold them', () => {
    const { machine } = machineOf([onCard(90), onCard(60)], {}, CARDS);
    const outcomes: string[] = [];
    machine.witness = {
      onEffect: () => undefined,
      onSettled: (_model, _ticket, outcome) => void outcomes.push(outcome),
      onStep: () => undefined,
    };
    machine.model(0).request(100, 400_000);
    machine.model(1).request(100, 400_000);
    machine.time.advance(5000);
    expect(outcomes).toEqual(['failure', 'served']);
  });
});

describe('two models that do not fit together', () => {
  it('swap a bounded number of times under alternating load, and cut no answer', () => {
    const { machine, witness } = machineOf([script, script], { maxQueue: 1000 });
    // One request for each model every second, for ten minutes.
    for (let second = 0; second < 600; second += 1) {
      machine.model(second % 2).request(700, 3_600_000);
      machine.time.advance(1000);
    }
    machine.time.advance(300_000);
    const [first, second] = [machine.model(0), machine.model(1)];
    expect(first.waiting.size + second.waiting.size).toBe(0);
    const served = [...first.finished.values(), ...second.finished.values()];
    expect(served.reduce((sum, count) => sum + count, 0)).toBe(600);
    // Without the minimum residency it would be one swap per request.
    const mostSwaps = 2 + 600_000 / arbiterLimits.minResidencyMs;
    expect(first.spawns + second.spawns).toBeLessThanOrEqual(mostSwaps);
    expect([...witness.broken.values()]).toEqual([]);
  });

  it('lets each stay for its own minimum, where it has one, unless somebody has waited for long', () => {
    const staysFor = (minResidencyMs: number | null): number => {
      const { machine } = machineOf([{ ...script, minResidencyMs }, script]);
      const [first, other] = [machine.model(0), machine.model(1)];
      first.request(100, 400_000);
      machine.time.advance(4000);
      other.request(100, 400_000);
      const readyMs = machine.time.nowMs;
      while (first.state.phase === 'ready') machine.time.advance(100);
      return machine.time.nowMs - readyMs;
    };
    // the usual minimum is the least of 15 s, since nobody has timed its load
    expect([null, 0, 40_000, 300_000].map(staysFor)).toEqual([15_000, 100, 40_000, 60_000]);
  });

  it('lets a busy model finish before it leaves, and brings it back when the other gives up', () => {
    const { machine } = machineOf([script, script]);
    const [busy, other] = [machine.model(0), machine.model(1)];
    busy.request(200_000, 400_000);
    machine.time.advance(5000);
    other.request(100, 400_000);
    machine.time.advance(61_000);
    expect(busy.state.phase).toBe('draining');
    busy.request(100, 400_000);
    expect(busy.waiting.size).toBe(1);
    for (const id of other.waiting.keys()) other.leave(id, 'cancelled');
    expect(busy.state.phase).toBe('ready');
    expect(busy.waiting.size).toBe(0);
    expect(busy.spawns).toBe(1);
  });

  it('cut a busy model where that is wished, but not before it has served whom it was started for', () => {
    const { machine } = machineOf([{ ...script, evictBusyAfterMs: 5000 }, script]);
    const [busy, other] = [machine.model(0), machine.model(1)];
    busy.request(100_000, 400_000);
    machine.time.advance(5000);
    other.request(100, 400_000);
    machine.time.advance(90_000);
    expect(busy.state.phase).toBe('draining');
    expect(busy.leases.size).toBe(1);
    machine.time.advance(20_000);
    expect(busy.finished.get(1)).toBe(1);
    expect(other.finished.get(1)).toBe(1);
  });

  it('leave when the budget is lowered, the idle ones only', () => {
    const small = sized(40);
    const { machine } = machineOf([small, small], { idleStopMs: null });
    const [idle, busy] = [machine.model(0), machine.model(1)];
    idle.request(100, 400_000);
    busy.request(60_000, 400_000);
    machine.time.advance(10_000);
    machine.changeBudget({ ram: 30 });
    machine.time.advance(1000);
    expect(idle.state.phase).toBe('cold');
    expect(busy.state.phase).toBe('ready');
    machine.time.advance(60_000);
    expect(machine.held).toEqual({ ram: 0 });
  });
});
