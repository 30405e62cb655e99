import type { ModelListing } from './anthropic/list-anthropic-models.js';
import type { EgressClient } from './egress/egress-client.js';
import { readLimitedText } from './http/read-limited-text.js';

/** Asks an OpenAI-compatible upstream for its models. @throws Error with the status or the network fault. */
export async function listOpenaiModels(
  egress: EgressClient,
  listing: ModelListing,
): Promise<string[]> {
  const fetch = egress.createFetch(listing.allowPrivateNetwork);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (listing.credential !== null) headers['authorization'] = `Bearer ${listing.credential}`;
  const response = await fetch(`${listing.baseUrl.replace(/\/$/, '')}/models`, {
    headers,
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw Object.assign(new Error(`it answered HTTP ${response.status}`), {
      status: response.status,
    });
  }
  return readModelIds(JSON.parse(await readLimitedText(response)));
}

function readModelIds(body: unknown): string[] {
  const data = (body as { data?: unknown } | null)?.data;
  if (!Array.isArray(data)) throw new Error('its list of models is not in the OpenAI form');
  return data.flatMap((entry: unknown) => {
    const id = (entry as { id?: unknown } | null)?.id;
    return typeof id === 'string' ? [id] : [];
  });
}
