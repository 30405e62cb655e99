import type { InstanceRecord } from '../child/instance-records.js';
import { isSupervised, sweepOrphans } from '../child/orphan-sweep.js';
import type { SweepContext, SweepResult } from '../child/orphan-sweep.js';
import type { LaunchSurroundings } from '../launch/launch-surroundings.js';
import type { EnginePreset } from '../engine-preset.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { isKeptRecord } from './adoption.js';
import type { Adoption, KeptRecord } from './adoption.js';
import { judgeAdoption } from './judge-adoption.js';
import type { AdoptionRefusal } from './judge-adoption.js';

/** What became of the engines an earlier gateway left running. */
export interface RecoveryResult extends SweepResult {
  readonly adopted: number;
  /** Why engines that were kept are not gone on with; they are among the stopped. */
  readonly refused: readonly { readonly instanceId: string; readonly reason: AdoptionRefusal }[];
}

interface RecoveryContext {
  readonly sweep: SweepContext;
  readonly launch: LaunchSurroundings;
  readonly presets: ReadonlyMap<string, EnginePreset>;
  /** Resolves with false when the model has another engine by now. */
  adopt(spec: LocalModelSpec, adoption: Adoption): Promise<boolean>;
}

/**
 * True when the process is certain to be the recorded one: of this boot and this data folder, the same pid and start
 * time, alive, and with the mark of this very instance in its environment.
 */
export async function isProven(
  { table, homePrefix }: Pick<SweepContext, 'table' | 'homePrefix'>,
  record: InstanceRecord,
): Promise<boolean> {
  const { instanceId, leader, bootId } = record;
  if (leader === null || bootId !== table.bootId || !instanceId.startsWith(homePrefix)) {
    return false;
  }
  const marked = await table.marked(instanceId);
  return marked.some(
    (entry) =>
      entry.instanceId === instanceId &&
      entry.pid === leader.pid &&
      entry.startTime === leader.startTime,
  );
}

/** Goes on with the engines that are still wanted as they run, and ends all others. */
export async function recoverEngines(
  specs: readonly LocalModelSpec[],
  context: RecoveryContext,
): Promise<RecoveryResult> {
  const { sweep } = context;
  const refused: { instanceId: string; reason: AdoptionRefusal }[] = [];
  const taken = new Set<string>();
  let adopted = 0;
  const judged = await judgeAll(specs, context);
  // The start has ended all others.
  if (judged.length === 0) return { adopted, refused, stopped: 0, strangers: 0 };
  for (const { record, spec, verdict } of judged) {
    const places = spec === undefined ? [] : placesOf(spec);
    const isFree = places.every((place) => !taken.has(place));
    const { instanceId } = record;
    if (spec === undefined || typeof verdict === 'string') {
      refused.push({ instanceId, reason: typeof verdict === 'string' ? verdict : 'not-wanted' });
    } else if (isFree && (await context.adopt(spec, verdict))) {
      for (const place of places) taken.add(place);
      adopted += 1;
    } else {
      refused.push({ instanceId, reason: 'not-wanted' });
    }
  }
  return { ...(await sweepOrphans(sweep)), adopted, refused };
}

/** Newest first: where a change of settings was under way, that is the one with the new settings. */
async function judgeAll(specs: readonly LocalModelSpec[], context: RecoveryContext) {
  const candidates: KeptRecord[] = [];
  for (const record of await context.sweep.records.readAll()) {
    const isTheirs = context.sweep.isOwnInstance(record.instanceId);
    if (isTheirs || isSupervised(context.sweep, record) || !isKeptRecord(record)) continue;
    if (await isProven(context.sweep, record)) candidates.push(record);
  }
  candidates.sort((a, b) => b.createdAt - a.createdAt);
  return Promise.all(
    candidates.map(async (record) => {
      const spec = specs.find(({ id }) => id === record.modelId);
      return { record, spec, verdict: await judgeAdoption(record, spec, context) };
    }),
  );
}

/** One engine a model, and one a group of models that exclude each other. */
function placesOf({ id, exclusiveGroup }: LocalModelSpec): string[] {
  return exclusiveGroup == null ? [`model ${id}`] : [`model ${id}`, `group ${exclusiveGroup}`];
}
