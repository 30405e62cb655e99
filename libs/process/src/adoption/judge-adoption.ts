import { pause } from '../clock.js';
import type { EnginePreset, ManagedEnginePreset } from '../engine-preset.js';
import { hashLaunchLine } from '../launch/hash-launch-line.js';
import type { LaunchSurroundings } from '../launch/launch-surroundings.js';
import { preflight } from '../launch/preflight.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { EngineMeter } from '../metrics/engine-meter.js';
import { ProcessError } from '../process-error.js';
import { checkReadiness } from '../readiness/check-readiness.js';
import { probeEngine } from '../readiness/probe-engine.js';
import type { Adoption, KeptRecord } from './adoption.js';

/**
 * Why an engine is ended instead: its model is gone or not to be kept (any more), it would be launched differently
 * now, what answers at its address does not prove that it is the one, it does not serve, or it may still be working for
 * callers of the gateway that was killed.
 */
export type AdoptionRefusal = 'not-wanted' | 'drifted' | 'unproven' | 'unresponsive' | 'occupied';

const PROBES = 2;
const PROBE_TIMEOUT_MS = 2000;
const BETWEEN_PROBES_MS = 250;

/** Decides about an engine whose process is certain to be the recorded one. Sends it nothing of a caller. */
export async function judgeAdoption(
  record: KeptRecord,
  spec: LocalModelSpec | undefined,
  context: {
    readonly launch: LaunchSurroundings;
    readonly presets: ReadonlyMap<string, EnginePreset>;
  },
): Promise<Adoption | AdoptionRefusal> {
  const { launch, presets } = context;
  const preset = spec === undefined ? undefined : presets.get(spec.engine);
  if (spec === undefined || preset?.kind !== 'managed' || spec.engine !== record.engine) {
    return 'not-wanted';
  }
  if ((spec.onGatewayDeath ?? launch.onGatewayDeath) !== 'keep') return 'not-wanted';
  const file = await preflight(preset, spec, launch);
  if (file instanceof ProcessError || (await hasDrifted(record, { preset, spec, file, launch }))) {
    return 'drifted';
  }
  const refusal = await probe(record, preset, spec, launch);
  if (refusal !== null) return refusal;
  return (await isOccupied(record, preset, launch)) ? 'occupied' : { record, file };
}

/** True when the engine would be started differently now, at the same address and under the same name. */
async function hasDrifted(
  { instanceId, kept }: KeptRecord,
  wanted: {
    readonly preset: ManagedEnginePreset;
    readonly spec: LocalModelSpec;
    readonly file: string;
    readonly launch: LaunchSurroundings;
  },
): Promise<boolean> {
  const { preset, spec, file, launch } = wanted;
  const { port, socketPath } = kept;
  const plan = preset.launch({ spec, instanceId, port, socketPath, file, mayOutlive: true });
  return (await hashLaunchLine(plan, launch.environment, spec.modelPath)) !== kept.launchLine;
}

/** True of an engine that goes on for callers who have left, unless it tells that it works on nothing. */
async function isOccupied(
  { instanceId, kept }: KeptRecord,
  preset: ManagedEnginePreset,
  { clock }: LaunchSurroundings,
): Promise<boolean> {
  if (preset.traits?.cancelsOnDisconnect !== false) return false;
  const run = { origin: kept.origin, servedModel: instanceId };
  const probes = { isAsleep: () => Promise.resolve(false) };
  return (await new EngineMeter(clock, { preset, run, probes }).countRequests()) !== 0;
}

/** Who it is comes first: readiness may take a request that costs the engine work. */
async function probe(
  { instanceId, kept }: KeptRecord,
  preset: ManagedEnginePreset,
  spec: LocalModelSpec,
  { clock }: LaunchSurroundings,
): Promise<AdoptionRefusal | null> {
  const { origin } = kept;
  const { identity } = preset;
  for (let attempt = 0; attempt < PROBES; attempt += 1) {
    if (attempt > 0) await pause(clock, BETWEEN_PROBES_MS);
    const answer = await probeEngine(origin, {
      path: identity.path,
      timeoutMs: PROBE_TIMEOUT_MS,
    });
    if (answer === null) continue;
    const servedAs = (id: string) => identity.servedModel(answer.body, spec, id);
    // What would do for any other instance as well proves nothing.
    const isProof = servedAs(instanceId) !== null && servedAs(`${instanceId}-other`) === null;
    if (answer.status !== 200 || !isProof) return 'unproven';
    const { status } = await checkReadiness({ preset, spec, instanceId, origin });
    if (status === 'stranger') return 'unproven';
    const servedModel = spec.upstreamModel ?? instanceId;
    if (status === 'ready' && !(await isAsleep(origin, preset, servedModel))) return null;
  }
  return 'unresponsive';
}

/** One that sleeps until it is told to wake would have to be woken first: it has no memory to lose. */
async function isAsleep(
  origin: string,
  { sleep }: ManagedEnginePreset,
  servedModel: string,
): Promise<boolean> {
  if (sleep?.wake === undefined) return false;
  const { path } = sleep.status;
  const answer = await probeEngine(origin, { path, timeoutMs: PROBE_TIMEOUT_MS });
  return answer === null || sleep.status.isAsleep(answer.body, servedModel);
}
