import type { ModelListing } from './anthropic/list-anthropic-models.js';
import { readToldCapabilities } from './catalog/read-told-capabilities.js';
import type { EgressClient } from './egress/egress-client.js';
import { fetchModelListing } from './http/fetch-model-listing.js';
import type { ListedModel } from './provider-definition.js';

/** Asks an OpenAI-compatible upstream for its models. @throws Error with the status or the network fault. */
export async function listOpenaiModels(
  egress: EgressClient,
  listing: ModelListing,
): Promise<ListedModel[]> {
  const { credential } = listing;
  const headers: Record<string, string> =
    credential === null ? {} : { authorization: `Bearer ${credential}` };
  return readModels(await fetchModelListing(egress, { ...listing, headers }));
}

function readModels(body: unknown): ListedModel[] {
  const data = (body as { data?: unknown } | null)?.data;
  if (!Array.isArray(data)) throw new Error('its list of models is not in the OpenAI form');
  return data.flatMap((entry: unknown) => {
    const id = (entry as { id?: unknown } | null)?.id;
    return typeof id === 'string' ? [{ id, told: readToldCapabilities(entry) }] : [];
  });
}
