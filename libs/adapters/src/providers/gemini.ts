import { listGeminiModels } from '../list-gemini-models.js';
import type { ProviderDefinition } from '../provider-definition.js';

/** Google's Gemini API. The base URL ends in `/v1beta`; the path names the model and the method. */
export const gemini: ProviderDefinition = {
  protocol: 'gemini-generate',
  siblings: [],
  usualBasePath: '/v1beta',
  inferencePath: (model, isStream) => {
    const name = model.split('/').map(encodeURIComponent).join('/');
    const path = name.includes('/') ? name : `models/${name}`;
    return isStream ? `/${path}:streamGenerateContent?alt=sse` : `/${path}:generateContent`;
  },
  authHeaders: (credential) => (credential === null ? [] : ['x-goog-api-key', credential]),
  forwardedHeaders: [],
  returnedHeaders: ['x-gemini-service-tier'],
  apiVersion: () => null,
  listModels: listGeminiModels,
  findUrlFault: () => null,
};
