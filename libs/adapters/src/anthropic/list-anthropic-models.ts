import Anthropic from '@anthropic-ai/sdk';
import { readToldCapabilities } from '../catalog/read-told-capabilities.js';
import type { EgressClient } from '../egress/egress-client.js';
import type { ListedModel } from '../provider-definition.js';
import { readLimitedText } from '../http/read-limited-text.js';

export interface ModelListing {
  readonly baseUrl: string;
  readonly credential: string | null;
  readonly allowPrivateNetwork: boolean;
}

/**
 * Asks an Anthropic upstream for its models through the official SDK, which knows versions, paging and typed
 * errors. Everything it would read from the environment is set here or taken out again, so that no variable can
 * redirect it or add to what it sends.
 * The SDK stays off the request path: it costs about twelve times a raw call.
 */
export async function listAnthropicModels(
  egress: EgressClient,
  listing: ModelListing,
): Promise<ListedModel[]> {
  const guarded = egress.createFetch(listing.allowPrivateNetwork);
  const client = new Anthropic({
    apiKey: listing.credential ?? 'none',
    authToken: null,
    baseURL: listing.baseUrl,
    maxRetries: 0,
    timeout: 10_000,
    logLevel: 'off',
    fetch: async (input, init) => {
      const headers = ownHeaders(init?.headers, listing.credential);
      const answer = await guarded(input, { ...init, headers });
      const { status } = answer;
      return new Response(await readLimitedText(answer), { status, headers: answer.headers });
    },
  });
  const page = await client.models.list({ limit: 100 });
  return page.data.map((model) => ({ id: model.id, told: readToldCapabilities(model) }));
}

/** ANTHROPIC_CUSTOM_HEADERS would put headers of the gateway's environment, even credentials, into every call. */
function ownHeaders(headers: RequestInit['headers'], credential: string | null): Headers {
  const given = new Headers(headers);
  const own = new Headers();
  for (const name of ['accept', 'anthropic-version', 'user-agent']) {
    const value = given.get(name);
    if (value !== null) own.set(name, value);
  }
  if (credential === null) return own;
  // both styles: the API and its look-alikes differ in which one they read
  own.set('authorization', `Bearer ${credential}`);
  own.set('x-api-key', credential);
  return own;
}
