import type { ModelCapabilities, WireProtocolId } from '#translation';
import type { ModelListing } from './anthropic/list-anthropic-models.js';
import type { EgressClient } from './egress/egress-client.js';

/** A model that an account may use. */
export interface ListedModel {
  readonly id: string;
  /** What the upstream says of it. */
  readonly told: Partial<ModelCapabilities>;
}

/** How a protocol is spoken to upstreams; an account at one is a row in the panel. */
export interface ProviderDefinition {
  readonly protocol: WireProtocolId;
  /** Other protocols that upstreams of this kind may speak under the same base URL; one that does not answers 404. */
  readonly siblings: readonly WireProtocolId[];
  /** Path that base URLs usually have; local engines always. */
  readonly usualBasePath: string;
  /** Path of the inference call with its query, appended to the base URL. */
  inferencePath(model: string, isStream: boolean): string;
  /** Headers that prove who we are. `apiVersion` is the protocol version the request is in, where there is one. */
  authHeaders(credential: string | null, apiVersion: string | null): readonly string[];
  /** Headers of a caller of the same protocol that go on to the upstream unchanged (lower case, `*` at the end = prefix). */
  readonly forwardedHeaders: readonly string[];
  /** Headers of the upstream that go back to a caller of the same protocol. */
  readonly returnedHeaders: readonly string[];
  /** Protocol version of a caller's request, or what we speak when we write the request ourselves. */
  apiVersion(callerVersion: string | null): string | null;
  /** The models an account may use. @throws Error with the status or the network fault */
  listModels(egress: EgressClient, listing: ModelListing): Promise<ListedModel[]>;
  /** What is wrong with a base URL for this protocol, or null. */
  findUrlFault(baseUrl: string): string | null;
}
