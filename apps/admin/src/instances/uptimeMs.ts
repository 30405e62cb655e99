import type { Instance } from './Instance.js';

/** How long the process has run, or ran until it ended; whole seconds, so that the text stays calm. */
export function uptimeMs(instance: Pick<Instance, 'startedAt' | 'endedAt'>, nowMs: number): number {
  const ms = Math.max(0, (instance.endedAt ?? nowMs) - instance.startedAt);
  return instance.endedAt === null ? Math.round(ms / 1000) * 1000 : ms;
}
