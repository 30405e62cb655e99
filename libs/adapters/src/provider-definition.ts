import type { ProtocolId } from '#translation';

/** What the code knows of a kind of provider; an account at one is a row in the panel. */
export interface ProviderDefinition {
  readonly protocol: ProtocolId;
  /** Path of the inference call, appended to the base URL. */
  readonly inferencePath: string;
  /** Headers that prove who we are. `apiVersion` is the protocol version the request is in, where there is one. */
  authHeaders(credential: string | null, apiVersion: string | null): readonly string[];
  /** Headers of a caller of the same protocol that go on to the upstream unchanged (lower case, `*` at the end = prefix). */
  readonly forwardedHeaders: readonly string[];
  /** Headers of the upstream that go back to a caller of the same protocol. */
  readonly returnedHeaders: readonly string[];
  /** Protocol version of a caller's request, or what we speak when we write the request ourselves. */
  apiVersion(callerVersion: string | null): string | null;
}
