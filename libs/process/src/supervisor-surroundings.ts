import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { childEnvironment } from './child/child-environment.js';
import type { Environment } from './child/child-environment.js';
import { InstanceRecords } from './child/instance-records.js';
import type { SweepContext } from './child/orphan-sweep.js';
import { PortAllocator } from './child/port-allocator.js';
import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { EndedInstances } from './ended/ended-instances.js';
import type { EnginePreset } from './engine-preset.js';
import { USUAL_ABANDONED_WORK_MS } from './engine-traits.js';
import { shippedEngines } from './engines.js';
import { GuardianLink } from './guardian/guardian-link.js';
import type { GuardianOptions } from './guardian/guardian-link.js';
import type { InstanceLimits } from './instance/lifecycle/instance-state.js';
import { InstanceRegistry } from './instance/instance-registry.js';
import type { ModelSurroundings } from './instance/model-surroundings.js';
import { AddressAllocator } from './launch/address-allocator.js';
import { LearnedFigures } from './learned/learned-figures.js';
import { createFileFigureStore } from './learned/file-figure-store.js';
import { canSleep } from './launch/can-sleep.js';
import type { LaunchSurroundings } from './launch/launch-surroundings.js';
import { launchHash } from './local-model-spec.js';
import type { LocalModelSpec } from './local-model-spec.js';
import type { ArbiterLimits } from './memory/arbiter-state.js';
import { MemoryArbiter } from './memory/memory-arbiter.js';
import type { MemoryGauge } from './memory/memory-gauge.js';
import { openMachineGauge } from './memory/open-machine-gauge.js';
import { createProcessTable } from './process-table/create-process-table.js';
import type { ProcessTable } from './process-table/process-table.js';
import { createSupervisorIdentity } from './supervisor-identity.js';
import type { SupervisorIdentity } from './supervisor-identity.js';
import { defaultEnvironment, defaultGuardianEntry } from './supervisor-options.js';
import type { SupervisorOptions } from './supervisor-options.js';

const DEFAULTS = {
  startTimeoutMs: 120_000,
  startCapMs: 30 * 60_000,
  stopGraceMs: 5000,
  drainMs: 60_000,
  lingerMs: 5000,
  reclaimMs: 10_000,
  maxQueue: 512,
} as const;
const MAX_BACKOFF_MS = 5 * 60_000;
const STABLE_MS = 60_000;
const RECHECK_MS = 1000;
const QUARANTINE_AFTER = 5;
const TURNS: ArbiterLimits = {
  maxOvertakeMs: 60_000,
  minResidencyMs: 15_000,
  maxResidencyMs: 10 * 60_000,
  starvedMs: 10_000,
};

/** Everything one supervisor is made of. */
export interface SupervisorSurroundings {
  readonly clock: Clock;
  readonly environment: Environment;
  readonly guardian: GuardianLink | null;
  readonly registry: InstanceRegistry;
  readonly ended: EndedInstances;
  readonly model: ModelSurroundings;
  readonly sweep: SweepContext;
}

/**
 * Engines queue what they cannot serve at once, and drop what nobody waits for any more. One that goes on for callers
 * who have left is given no more than it can work on, so that the others wait here, where they can leave.
 */
function mostLeases(preset: EnginePreset | undefined, spec: LocalModelSpec): number | null {
  const { maxConcurrentRequests = null, cancelsOnDisconnect = true } = preset?.traits ?? {};
  if (cancelsOnDisconnect) return maxConcurrentRequests;
  return Math.min(maxConcurrentRequests ?? Infinity, spec.parallelSlots);
}

/** What becomes of a request after its caller has left. */
function abandonedWorkOf(
  preset: EnginePreset | undefined,
): Pick<InstanceLimits, 'abandonedWorkMs' | 'canCountWork'> {
  const traits = preset?.traits;
  const goesOn = traits?.cancelsOnDisconnect === false;
  return {
    abandonedWorkMs: goesOn ? (traits.abandonedWorkMs ?? USUAL_ABANDONED_WORK_MS) : null,
    canCountWork: traits?.metrics.some(({ figures }) => 'requestsRunning' in figures) ?? false,
  };
}

function limitsOf(
  options: SupervisorOptions,
  { presets, learned }: Pick<ModelSurroundings, 'presets' | 'learned'>,
  spec: LocalModelSpec,
): InstanceLimits {
  const preset = presets.get(spec.engine);
  return {
    idleStopMs: spec.idleStopMs,
    canSleep: preset !== undefined && canSleep(preset, spec),
    abandoned: spec.abandoned ?? 'auto',
    lingerMs: options.lingerMs ?? DEFAULTS.lingerMs,
    expectedLoadMs: learned.of(launchHash(spec)).loadMs,
    drainMs: options.drainMs ?? DEFAULTS.drainMs,
    reclaimMs: options.reclaimMs ?? DEFAULTS.reclaimMs,
    maxQueue: options.maxQueue ?? DEFAULTS.maxQueue,
    maxLeases: mostLeases(preset, spec),
    ...abandonedWorkOf(preset),
    maxBackoffMs: preset?.maxBackoffMs ?? MAX_BACKOFF_MS,
    // An engine that somebody else runs may be started any moment.
    quarantineAfter: preset?.kind === 'attached' ? null : QUARANTINE_AFTER,
    stableMs: STABLE_MS,
    recheckMs: RECHECK_MS,
  };
}

function createArbiter(
  options: SupervisorOptions,
  { clock, gauge }: { readonly clock: Clock; readonly gauge: MemoryGauge },
): MemoryArbiter {
  const declaredBudget = options.memoryBudget ?? {};
  const limits = { ...TURNS, ...options.turns };
  return new MemoryArbiter({ clock, gauge, declaredBudget, limits });
}

function ownIdentity(table: ProcessTable) {
  const own = table.read(process.pid);
  if (own === null) throw new Error('The process table of this machine cannot be read.');
  return { pid: own.pid, startTime: own.startTime };
}

function createGuardian(
  options: SupervisorOptions,
  parts: Omit<GuardianOptions, 'entry'>,
): GuardianLink | null {
  const { guardianEntry } = options;
  if (guardianEntry === null) return null;
  return new GuardianLink({ ...parts, entry: guardianEntry ?? defaultGuardianEntry() });
}

interface LaunchParts {
  readonly records: InstanceRecords;
  readonly identity: SupervisorIdentity;
  readonly gauge: MemoryGauge;
}

function createLaunchSurroundings(
  options: SupervisorOptions,
  { records, identity, gauge }: LaunchParts,
): LaunchSurroundings {
  const clock = options.clock ?? systemClock;
  const table = createProcessTable();
  const environment = childEnvironment(options.environment ?? defaultEnvironment());
  const { runPrefix, nextInstanceId } = identity;
  const dataDir = resolve(options.dataDir);
  const isLoopbackPortAllowed = options.isLoopbackPortAllowed ?? (() => true);
  return {
    table,
    records,
    gauge,
    guardian: createGuardian(options, { runPrefix, dataDir, environment, clock }),
    clock,
    environment,
    supervisor: ownIdentity(table),
    addresses: new AddressAllocator(new PortAllocator(isLoopbackPortAllowed), records),
    onGatewayDeath: options.onGatewayDeath ?? 'stop',
    startTimeoutMs: options.startTimeoutMs ?? DEFAULTS.startTimeoutMs,
    startCapMs: options.startCapMs ?? DEFAULTS.startCapMs,
    isLoopbackPortAllowed,
    nextInstanceId,
  };
}

/** Builds the parts; nothing is started and nothing is signalled yet. */
export async function openSurroundings(
  options: SupervisorOptions,
): Promise<SupervisorSurroundings> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const records = await InstanceRecords.open(options.dataDir);
  const identity = createSupervisorIdentity(options.dataDir);
  // The cards an owner hides from engines are hidden from us too, so this is their environment before it is reduced.
  const machine = options.environment ?? defaultEnvironment();
  const gauge =
    options.memoryGauge ?? (await openMachineGauge(machine, options.clock ?? systemClock));
  const launch = createLaunchSurroundings(options, { records, identity, gauge });
  const { clock, environment, guardian, table, supervisor } = launch;
  const { homePrefix, runPrefix } = identity;
  const ended = await EndedInstances.open(options.dataDir);
  const registry = new InstanceRegistry(ended);
  const stopGraceMs = options.stopGraceMs ?? DEFAULTS.stopGraceMs;
  const presets = new Map((options.engines ?? shippedEngines()).map((each) => [each.id, each]));
  const learned = await LearnedFigures.open(
    options.figureStore ?? createFileFigureStore(options.dataDir),
    clock,
  );
  const model: ModelSurroundings = {
    clock,
    presets,
    launch,
    learned,
    arbiter: createArbiter(options, { clock, gauge }),
    loading: { isPaused: false },
    stopGraceMs,
    limits: (spec) => limitsOf(options, { presets, learned }, spec),
    onChange: (instance) => registry.update(instance),
  };
  const sweep: SweepContext = {
    table,
    records,
    clock,
    supervisor,
    homePrefix,
    graceMs: stopGraceMs,
    // Ours from the moment its record is written until its end; one that could not be ended may be swept.
    isOwnInstance: (id) =>
      (id.startsWith(runPrefix) && !registry.hasEnded(id)) || registry.isLive(id),
  };
  return { clock, environment, guardian, registry, ended, model, sweep };
}
