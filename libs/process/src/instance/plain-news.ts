import type { Clock } from '../clock.js';
import type { GenerationEvents } from './generation.js';
import type { InstanceEvent } from './lifecycle/instance-event.js';

/** What a generation reports that is an event of its model and nothing else. */
export type PlainNews = Pick<
  GenerationEvents,
  | 'onProgress'
  | 'onFailure'
  | 'onSuspicion'
  | 'onProbed'
  | 'onWorkCounted'
  | 'onWoken'
  | 'onReclaimed'
>;

export function createPlainNews(clock: Clock, post: (event: InstanceEvent) => void): PlainNews {
  const now = (): number => clock.monotonicMs();
  return {
    onProgress: (generation, share) => post({ type: 'progressed', generation, share }),
    onFailure: (generation, failure) => post({ type: 'failed', generation, failure, now: now() }),
    onSuspicion: (generation, cause) => post({ type: 'suspected', generation, cause }),
    onProbed: (generation, failure) => post({ type: 'probed', generation, failure, now: now() }),
    onWorkCounted: (generation, underWay, askedAt) =>
      post({ type: 'work-counted', generation, underWay, askedAt, now: now() }),
    onWoken: (generation) => post({ type: 'woken', generation, now: now() }),
    onReclaimed: (generation) => post({ type: 'reclaimed', generation, now: now() }),
  };
}
