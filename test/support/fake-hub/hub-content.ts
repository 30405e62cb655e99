import type { IncomingHttpHeaders } from 'node:http';

/** Opens what is gated or private. */
export const hubToken = 'hf_canary_token_5c1d';

export interface FakeHubFile {
  readonly path: string;
  readonly content: Buffer;
  /** Large files are named by SHA-256 and served by the second server. */
  readonly isLarge: boolean;
}

export interface FakeRepository {
  readonly commit: string;
  readonly files: readonly FakeHubFile[];
  readonly access: 'public' | 'gated' | 'private';
}

/** What a fake hub serves, and where. */
export interface HubContent {
  readonly url: string;
  readonly storeUrl: string;
  readonly repositories: ReadonlyMap<string, FakeRepository>;
  /** So many files a page of a list. */
  readonly pageSize: number;
}

export interface SeenRequest {
  readonly server: 'hub' | 'store';
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export function isSignedIn({ headers }: SeenRequest): boolean {
  return headers.authorization === `Bearer ${hubToken}`;
}
