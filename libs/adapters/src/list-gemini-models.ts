import type { ModelListing } from './anthropic/list-anthropic-models.js';
import { readToldCapabilities } from './catalog/read-told-capabilities.js';
import type { EgressClient } from './egress/egress-client.js';
import { fetchModelListing } from './http/fetch-model-listing.js';
import type { ListedModel } from './provider-definition.js';

/** Asks Google for the models that generate content. @throws Error with the status or the network fault. */
export async function listGeminiModels(
  egress: EgressClient,
  listing: ModelListing,
): Promise<ListedModel[]> {
  const { credential } = listing;
  const headers: Record<string, string> =
    credential === null ? {} : { 'x-goog-api-key': credential };
  const body = await fetchModelListing(egress, { ...listing, headers, query: '?pageSize=1000' });
  const models = (body as { models?: unknown } | null)?.models;
  if (!Array.isArray(models)) throw new Error("its list of models is not in Google's form");
  return models.flatMap(readModel);
}

function readModel(entry: unknown): ListedModel[] {
  const model = entry as { name?: unknown; supportedGenerationMethods?: unknown } | null;
  const methods = model?.supportedGenerationMethods;
  const generates = !Array.isArray(methods) || methods.includes('generateContent');
  if (typeof model?.name !== 'string' || !generates) return [];
  return [{ id: model.name.replace(/^models\//, ''), told: readToldCapabilities(entry) }];
}
