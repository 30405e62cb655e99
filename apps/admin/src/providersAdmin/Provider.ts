/** One row of `/api/providers`. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly protocol: ProviderProtocol;
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

export type ProviderProtocol = 'openai-chat' | 'anthropic-messages';

export const protocolChoices: readonly { readonly id: ProviderProtocol; readonly name: string }[] =
  [
    { id: 'openai-chat', name: 'OpenAI Chat Completions' },
    { id: 'anthropic-messages', name: 'Anthropic Messages' },
  ];

export function protocolName(protocol: string): string {
  return protocolChoices.find(({ id }) => id === protocol)?.name ?? protocol;
}

/** What `POST /api/providers/:id/test` found out. */
export interface ProviderTestResult {
  readonly ok: boolean;
  readonly message: string;
  readonly models: readonly string[];
}
