import type { ModelOutlook } from '#process';
import type { InferenceCall } from '../../inference-call.js';

/** Keeps a stream alive that waits for its target, and tells people who look at it how far the load is. */
export class Heartbeats {
  /** Below the half minute after which proxies close what is silent. */
  static readonly everyMs = 5_000;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly call: InferenceCall) {}

  start(look: () => ModelOutlook | null): void {
    const { protocol, reply } = this.call;
    const beat = (): void => void reply.write(protocol.heartbeat(noteOf(look())));
    beat();
    this.timer = setInterval(beat, Heartbeats.everyMs);
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}

function noteOf(outlook: ModelOutlook | null): string {
  if (outlook === null || outlook.isServingNow) return 'waiting for the first token';
  const { progress, state } = outlook;
  const isLoading = state === 'starting' || state === 'cold';
  const word = isLoading ? 'loading' : state;
  return progress === null ? word : `${word} ${Math.round(progress * 100)}%`;
}
