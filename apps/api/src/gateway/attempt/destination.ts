import type { UpstreamEndpoint } from '#adapters';
import type { EngineWitness } from './attempt-job.js';

/** Where one attempt goes and how it is spoken to there. */
export interface Destination {
  readonly endpoint: UpstreamEndpoint;
  /** The model's name there. */
  readonly model: string;
  /** Headers of the caller that go on. */
  readonly headers: readonly string[];
  /** Headers of the answer that a caller of the same protocol gets back. */
  readonly returnedHeaders: readonly string[];
  readonly timeouts: { readonly headersMs: number; readonly idleMs: number };
  /** Aborts when a local engine died under the attempt; null for remote targets. */
  readonly lost: AbortSignal | null;
  /** Where a local engine's silence and its good answers are told; null for remote targets. */
  readonly witness: EngineWitness | null;
  /** Idempotent. */
  readonly release: () => void;
}
