import Anthropic from '@anthropic-ai/sdk';
import type { EgressClient } from '../egress/egress-client.js';

export interface ModelListing {
  readonly baseUrl: string;
  readonly credential: string | null;
  readonly allowPrivateNetwork: boolean;
}

/**
 * Asks an Anthropic upstream for its models through the official SDK, which knows versions, paging and typed
 * errors. Everything it would read from the environment is set here, so that no variable can redirect it.
 * The SDK stays off the request path: it costs about twelve times a raw call.
 */
export async function listAnthropicModels(
  egress: EgressClient,
  listing: ModelListing,
): Promise<string[]> {
  const client = new Anthropic({
    apiKey: listing.credential ?? 'none',
    authToken: null,
    baseURL: listing.baseUrl,
    maxRetries: 0,
    timeout: 10_000,
    logLevel: 'off',
    fetch: egress.createFetch(listing.allowPrivateNetwork),
    // both styles: the API and its look-alikes differ in which one they read
    defaultHeaders: listing.credential === null ? {} : { 'x-api-key': listing.credential },
  });
  const page = await client.models.list({ limit: 100 });
  return page.data.map((model) => model.id);
}
