import simpleRestProvider from 'ra-data-simple-rest';
import type { DataProvider, DeleteParams, Identifier, RaRecord } from 'react-admin';
import type { DashboardFigures } from '../dashboard/DashboardFigures.js';
import type { Discovery } from '../discovery/Discovery.js';
import type { LogPage } from '../instances/Instance.js';
import type { LocalResources, LocalResourcesChange } from '../localModels/memory/LocalResources.js';
import type { ModelHub } from '../modelDownloads/ModelDownload.js';
import type { TranslationPreview, TranslationQuestion } from '../translate/TranslationPreview.js';
import { previewPath } from '../translate/previewPath.js';
import { changedFields } from './changedFields.js';
import { httpClient } from './httpClient.js';

const apiUrl = '/api';

/** The management API as react-admin sees it, plus the calls that are no plain record operations. */
export interface SpillwayDataProvider extends DataProvider {
  /** `POST /:resource/:id/:action`, such as starting a model; answers what the server answers. */
  runAction<Answer>(resource: string, id: Identifier, action: string): Promise<Answer>;
  dashboard(hours: number): Promise<DashboardFigures>;
  discovery(): Promise<Discovery>;
  /** Makes something found on this machine a local model with a route of the same name. */
  adoptFind(findId: string): Promise<Adoption>;
  /** What all local models together may take of this machine, and what they take. */
  localResources(): Promise<LocalResources>;
  updateLocalResources(fields: LocalResourcesChange): Promise<LocalResources>;
  modelHub(): Promise<ModelHub>;
  /** Null removes the token. */
  storeHubToken(token: string | null): Promise<ModelHub>;
  /** Lines before that number, the newest of them. */
  instanceLog(
    id: Identifier,
    page: { readonly before: number; readonly limit: number },
  ): Promise<LogPage>;
  /** What each target of its route would be sent for a request. Nothing is sent anywhere. */
  previewTranslation(question: TranslationQuestion): Promise<TranslationPreview>;
}

interface Adoption {
  readonly localModel: { readonly id: string };
  readonly route: { readonly name: string };
}

const simpleRest = simpleRestProvider(apiUrl, httpClient);

async function get<Answer>(path: string): Promise<Answer> {
  return (await httpClient(`${apiUrl}${path}`)).json as Answer;
}

async function send<Answer>(method: string, path: string, body: object): Promise<Answer> {
  const options = { method, body: JSON.stringify(body) };
  return (await httpClient(`${apiUrl}${path}`, options)).json as Answer;
}

export const dataProvider: SpillwayDataProvider = {
  ...simpleRest,

  async update(resource, params) {
    const data = changedFields(params.data, params.previousData ?? {});
    // nothing changed: spare the server an empty change, and the log an entry
    if (Object.keys(data).length === 0) return simpleRest.getOne(resource, { id: params.id });
    return simpleRest.update(resource, { ...params, data });
  },

  async delete<Row extends RaRecord>(resource: string, params: DeleteParams<Row>) {
    const answer = await simpleRest.delete<Row>(resource, params);
    // a 204 has no body, yet react-admin wants the record that went away
    return { data: answer.data ?? params.previousData ?? ({ id: params.id } as Row) };
  },

  async runAction<Answer>(resource: string, id: Identifier, action: string) {
    const path = `${apiUrl}/${resource}/${encodeURIComponent(String(id))}/${action}`;
    return (await httpClient(path, { method: 'POST' })).json as Answer;
  },

  dashboard: (hours) => get(`/dashboard?hours=${hours}`),
  discovery: () => get('/discovery'),
  adoptFind: (findId) => send('POST', '/discovery/models', { findId }),
  localResources: () => get('/local-resources'),
  updateLocalResources: (fields) => send('PUT', '/local-resources', fields),
  modelHub: () => get('/model-hub'),
  storeHubToken: (token) => send('PUT', '/model-hub', { token }),

  instanceLog: (id, { before, limit }) =>
    get(`/instances/${encodeURIComponent(String(id))}/logs?before=${before}&limit=${limit}`),

  async previewTranslation(question) {
    const options = { method: 'POST', body: question.body };
    return (await httpClient(previewPath(question), options)).json as TranslationPreview;
  },
};
