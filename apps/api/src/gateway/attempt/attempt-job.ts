import type { EditableBody, UpstreamBody, UpstreamEndpoint } from '#adapters';
import type { Lease } from '#process';
import type { LossMode, RequestEnvelope, Warning } from '#translation';
import type { AttemptRecord } from '../../audit/attempt-record.js';
import type { WaitingPolicy } from '../../routing/resolved-target.js';
import type { RequestSize } from '../../usage/attempt-accountant.service.js';
import type { Payers } from '../../usage/budgets-of.js';
import type { InferenceCall } from '../inference-call.js';
import type { Relay } from '../relay/relay.js';
import type { AttemptLane } from './attempt-lane.js';

/**
 * Hears how a local engine answers: one that fell silent is tried before it gets more, a good answer ends the doubt, and
 * what is cut off may still keep it busy.
 */
export type EngineWitness = Pick<Lease, 'reportStall' | 'reportAnswer' | 'reportAbandoned'>;

/** Everything one dispatch needs, prepared before anything is sent. */
export interface AttemptJob {
  readonly call: InferenceCall;
  readonly lane: AttemptLane;
  readonly record: AttemptRecord;
  readonly endpoint: UpstreamEndpoint;
  readonly headers: readonly string[];
  readonly body: UpstreamBody;
  readonly relay: Relay;
  readonly isPassthrough: boolean;
  readonly warnings: readonly Warning[];
  /** Upstream headers a caller of the same protocol gets back. */
  readonly returnedHeaders: readonly string[];
  readonly timeouts: { readonly headersMs: number; readonly idleMs: number };
  /** May it leave this machine? */
  readonly isPrivate: boolean;
  /** Aborts when a local engine died under the attempt; null for remote targets. */
  readonly lost: AbortSignal | null;
  /** Null for remote targets. */
  readonly witness: EngineWitness | null;
}

/** What stays the same over all attempts of a request. */
export interface RequestJob {
  readonly call: InferenceCall;
  readonly body: EditableBody;
  readonly envelope: RequestEnvelope;
  readonly size: RequestSize;
  /** Must it stay on this machine? */
  readonly isPrivate: boolean;
  readonly waiting: WaitingPolicy;
  /** How long the caller waits for a local model, counted from the request. */
  readonly patienceMs: number;
  /** The version of the protocol that the caller's headers name, where it has versions. */
  readonly apiVersion: string | null;
  /** Whose budgets pay for its attempts. */
  readonly payers: Payers;
  /** What its attempts may cost together, in nano-dollars; null when the caller has not said. */
  readonly maxCostNanos: number | null;
  /** What to do with what a target cannot carry. */
  readonly lossMode: LossMode;
}
