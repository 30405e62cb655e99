/** One row of `/api/providers`. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly protocol: string;
  /** Further protocols under the same base URL; null = what is known of the host. */
  readonly alsoSpeaks: readonly string[] | null;
  readonly baseUrl: string;
  readonly hasCredential: boolean;
  /** The stored key cannot be opened any more: it must be entered again. */
  readonly needsCredential: boolean;
  readonly credentialHint: string | null;
  readonly allowPrivateNetwork: boolean;
  readonly isFree: boolean;
  readonly priceProvider: string | null;
  readonly isEnabled: boolean;
}

/** What `POST /api/providers/:id/test` found out. */
export interface ProviderTestResult {
  readonly ok: boolean;
  readonly message: string;
  readonly models: readonly string[];
}
