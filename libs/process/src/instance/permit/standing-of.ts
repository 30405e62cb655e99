import type { Standing } from '../../memory/arbiter-state.js';
import type { InstancePhase, InstanceState } from '../lifecycle/instance-state.js';

/** What a model is worth beside its state. */
export type ModelWorth = Pick<
  Standing,
  'loadMs' | 'weight' | 'minResidencyMs' | 'evictBusyAfterMs' | 'used'
>;

const presences: Partial<Record<InstancePhase, Standing['presence']>> = {
  starting: 'loading',
  waking: 'loading',
  ready: 'serving',
  suspect: 'serving',
  sleeping: 'serving',
  draining: 'draining',
  stopping: 'leaving',
  reclaiming: 'leaving',
};

/** The state of a model as the arbiter sees it; null when it holds no memory. */
export function standingOf(state: InstanceState, worth: ModelWorth): Standing | null {
  const isAskingAsleep = state.phase === 'queued' && state.isAsleep;
  const presence = isAskingAsleep ? 'serving' : presences[state.phase];
  if (presence === undefined) return null;
  const { leases, isPinned, owesService, readySince, idleSince } = state;
  return { presence, leases, isPinned, owesService, readySince, idleSince, ...worth };
}
