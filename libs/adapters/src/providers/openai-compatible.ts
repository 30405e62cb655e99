import type { WireProtocolId } from '#translation';
import { listOpenaiModels } from '../list-openai-models.js';
import type { ProviderDefinition } from '../provider-definition.js';

/** OpenAI itself and everything that copies its APIs. The base URL ends in `/v1`. */
export function openaiCompatible(
  protocol: WireProtocolId,
  path: string,
  siblings: readonly WireProtocolId[] = [],
): ProviderDefinition {
  return {
    protocol,
    siblings,
    usualBasePath: '/v1',
    inferencePath: () => path,
    authHeaders: (credential) =>
      credential === null ? [] : ['authorization', `Bearer ${credential}`],
    forwardedHeaders: ['openai-beta', 'idempotency-key'],
    returnedHeaders: ['openai-processing-ms', 'openai-version'],
    apiVersion: () => null,
    listModels: listOpenaiModels,
    findUrlFault: () => null,
  };
}
