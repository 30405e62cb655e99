import type { GatewayError, WireProtocolId, Warning } from '#translation';
import { fromPublicId } from '../common/time-ordered-id.js';
import type { AttemptRecord } from './attempt-record.js';

export type RequestOutcome = 'running' | 'completed' | 'failed' | 'cancelled' | 'refused';

/** Everything the log will say of one request; filled along the line, written once when the reply has closed. */
export class RequestRecord {
  readonly id: number;
  requestedModel: string | null = null;
  routeId: string | null = null;
  routeName: string | null = null;
  isStream = false;
  status: number | null = null;
  outcome: RequestOutcome = 'running';
  error: GatewayError | null = null;
  firstTokenMs: number | null = null;
  totalMs: number | null = null;
  warnings: readonly Warning[] = [];
  readonly attempts: AttemptRecord[] = [];
  /** How the first local target stood when the request came; null when the route has none. */
  localState: string | null = null;
  /** The attempt whose answer the client got, whole or in part. */
  served: AttemptRecord | null = null;

  constructor(
    readonly publicId: string,
    private readonly started: { readonly epochMs: number; readonly tick: number },
    readonly key: { readonly id: string; readonly name: string } | null,
    readonly protocol: WireProtocolId,
  ) {
    this.id = fromPublicId(publicId);
  }

  get startedAtMs(): number {
    return this.started.epochMs;
  }

  /** @param nowTick monotonic milliseconds */
  elapsedMs(nowTick: number): number {
    return Math.round((nowTick - this.started.tick) * 10) / 10;
  }
}
