import fc from 'fast-check';
import type { PoolBytes } from '../../src/memory/pool-bytes.js';
import type { SimulatedMachine } from './simulated-machine.js';
import type { SimulatedScript, StartOutcome } from './simulated-script.js';

/** One thing that happens to a machine, and its name for the report of a failure. */
export interface MachineCommand {
  readonly name: string;
  run(machine: SimulatedMachine): void;
}

const modelIndex = fc.nat(3);
const maxMs = 90_000;

function command(
  name: string,
  run: (machine: SimulatedMachine) => void,
): MachineCommand & { toString(): string } {
  return { name, run, toString: () => name };
}

const request = fc
  .tuple(modelIndex, fc.integer({ min: 10, max: 40_000 }), fc.integer({ min: 1, max: 400_000 }))
  .map(([index, serviceMs, maxWaitMs]) =>
    command(`request(${index}, ${serviceMs}, ${maxWaitMs})`, (machine) =>
      machine.model(index).request(serviceMs, maxWaitMs),
    ),
  );

const cancel = fc.tuple(modelIndex, fc.nat(5)).map(([index, which]) =>
  command(`cancel(${index}, ${which})`, (machine) => {
    const model = machine.model(index);
    const id = [...model.waiting.keys()][which % Math.max(1, model.waiting.size)];
    if (id !== undefined) model.leave(id, 'cancelled');
  }),
);

const finish = fc.tuple(modelIndex, fc.nat(5)).map(([index, which]) =>
  command(`finish(${index}, ${which})`, (machine) => {
    const model = machine.model(index);
    const id = [...model.leases.keys()][which % Math.max(1, model.leases.size)];
    if (id !== undefined) model.finish(id);
  }),
);

const giveUp = fc.tuple(modelIndex, fc.nat(5)).map(([index, which]) =>
  command(`giveUp(${index}, ${which})`, (machine) => {
    const model = machine.model(index);
    const id = [...model.leases.keys()][which % Math.max(1, model.leases.size)];
    if (id !== undefined) model.finish(id, true);
  }),
);

const nextStarts = fc.constantFrom<StartOutcome>(
  'slow',
  'fails',
  'fails-for-good',
  'out-of-memory',
);
const nextStart = fc.tuple(modelIndex, nextStarts).map(([index, outcome]) =>
  command(`nextStart(${index}, ${outcome})`, (machine) => {
    machine.model(index).nextStart = outcome;
  }),
);

const toModel = (
  name: string,
  run: (model: ReturnType<SimulatedMachine['model']>) => void,
): fc.Arbitrary<MachineCommand> =>
  modelIndex.map((index) => command(`${name}(${index})`, (machine) => run(machine.model(index))));

const warm = toModel('warm', (model) => model.send({ type: 'start', now: model.now }));
const crash = toModel('crash', (model) => model.crash());
const hang = toModel('hang', (model) => {
  model.isHung = true;
});
const stop = fc
  .tuple(modelIndex, fc.boolean())
  .map(([index, isForced]) =>
    command(`stop(${index}, ${isForced})`, (machine) =>
      machine.model(index).send({ type: 'stop', isForced, now: machine.time.nowMs }),
    ),
  );
const pin = fc
  .tuple(modelIndex, fc.boolean())
  .map(([index, isPinned]) =>
    command(`pin(${index}, ${isPinned})`, (machine) =>
      machine.model(index).send({ type: 'pinned', isPinned, now: machine.time.nowMs }),
    ),
  );
const reload = fc
  .tuple(modelIndex, fc.boolean())
  .map(([index, isLaunchChanged]) =>
    command(`reload(${index}, ${isLaunchChanged})`, (machine) =>
      machine.model(index).send({ type: 'reconfigured', isLaunchChanged, now: machine.time.nowMs }),
    ),
  );
const memoryPressure = fc.nat(100).map((bytes) =>
  command(`memoryPressure(${bytes})`, (machine) => {
    machine.pressureBytes = bytes;
  }),
);
const budgetChange = fc.integer({ min: 40, max: 100 }).map((percent) =>
  command(`budget(${percent})`, (machine) => {
    const pools = Object.entries(machine.budget).map(([pool, bytes]) => {
      return [pool, Math.floor((bytes * percent) / 100)];
    });
    machine.changeBudget(Object.fromEntries(pools) as PoolBytes);
  }),
);
const shutDown = fc.constant(
  command('shutDown', (machine) => {
    const now = machine.time.nowMs;
    for (const model of machine.models) model.send({ type: 'shut-down', now });
    machine.time.advance(5000);
    for (const model of machine.models) model.send({ type: 'reopened' });
  }),
);
const advance = fc
  .nat(maxMs)
  .map((ms) => command(`advance(${ms})`, (machine) => machine.time.advance(ms)));
const clockJump = fc
  .integer({ min: 1, max: 3_600_000 })
  .map((ms) => command(`clockJump(${ms})`, (machine) => machine.time.jump(ms)));

/** Everything that may happen to a machine. */
export const anyCommand: fc.Arbitrary<MachineCommand> = fc.oneof(
  { weight: 10, arbitrary: request },
  { weight: 8, arbitrary: advance },
  { weight: 2, arbitrary: cancel },
  { weight: 2, arbitrary: finish },
  { weight: 2, arbitrary: giveUp },
  { weight: 2, arbitrary: nextStart },
  { weight: 1, arbitrary: warm },
  { weight: 1, arbitrary: crash },
  { weight: 1, arbitrary: hang },
  { weight: 1, arbitrary: stop },
  { weight: 1, arbitrary: pin },
  { weight: 1, arbitrary: reload },
  { weight: 1, arbitrary: memoryPressure },
  { weight: 1, arbitrary: budgetChange },
  { weight: 1, arbitrary: shutDown },
  { weight: 1, arbitrary: clockJump },
);

const shortAdvance = fc
  .nat(3000)
  .map((ms) => command(`advance(${ms})`, (machine) => machine.time.advance(ms)));

/**
 * Many requests in little time, most of them given up, beside much that may happen. No clock jumps: then the end of the
 * work and the end of its bound come in any order.
 */
export const impatientCommand: fc.Arbitrary<MachineCommand> = fc.oneof(
  { weight: 8, arbitrary: request },
  { weight: 6, arbitrary: giveUp },
  { weight: 6, arbitrary: shortAdvance },
  ...[finish, cancel, crash, hang, stop, pin, reload, shutDown].map((arbitrary) => ({
    weight: 1,
    arbitrary,
  })),
);

/** Requests and time alone: nothing fails, nobody interferes. */
export const peacefulCommand: fc.Arbitrary<MachineCommand> = fc.oneof(
  { weight: 3, arbitrary: request },
  { weight: 2, arbitrary: advance },
);

function scriptsWith(options: fc.Arbitrary<readonly PoolBytes[]>): fc.Arbitrary<SimulatedScript[]> {
  const one = fc.record({
    options,
    loadMs: fc.integer({ min: 10, max: 60_000 }),
    endMs: fc.integer({ min: 0, max: 5000 }),
    reclaimMs: fc.option(fc.nat(8000), { nil: null, freq: 8 }),
    group: fc.constantFrom(null, null, 'one-at-a-time'),
    minResidencyMs: fc.constantFrom(null, null, 0, 120_000),
    evictBusyAfterMs: fc.constantFrom(null, null, null, 5000),
  });
  return fc.array(one, { minLength: 1, maxLength: 4 });
}

/** Machines of 100 bytes; every model fits alone, few fit together. */
export const anyScripts = scriptsWith(
  fc.integer({ min: 10, max: 100 }).map((bytes) => [{ ram: bytes }]),
);

/** Machines with cards of 80 and 40 bytes beside 100: on either card, over both, over all, or in main memory. */
export const anyCardScripts = scriptsWith(
  fc.oneof(
    fc.integer({ min: 1, max: 40 }).map((bytes) => [{ gpu0: bytes }, { gpu1: bytes }]),
    fc.integer({ min: 41, max: 80 }).map((bytes) => [{ gpu0: bytes, ram: 10 }]),
    fc.integer({ min: 60, max: 80 }).map((bytes) => [{ gpu0: bytes, gpu1: bytes / 2 }]),
    fc.integer({ min: 1, max: 100 }).map((bytes) => [{ gpu0: 80, gpu1: 40, ram: bytes }]),
    fc.integer({ min: 10, max: 100 }).map((bytes) => [{ ram: bytes }]),
  ),
);
