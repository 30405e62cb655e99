import type { IdentityProbe } from '../../engine-preset.js';
import { openAiModelIds, openAiModels } from './openai-model-list.js';

/** The proof of engines that serve a model under any name we choose: nobody else can know the instance's id. */
export const servedUnderInstanceId: IdentityProbe = {
  path: '/v1/models',
  servedModel: (body, _spec, instanceId) =>
    openAiModelIds(body)?.includes(instanceId) ? instanceId : null,
};

/** `max_model_len` of the model in the list, as vLLM and its relatives tell it. */
export function maxModelLength(body: unknown, servedModel: string): number | null {
  const length = openAiModels(body)?.find(({ id }) => id === servedModel)?.['max_model_len'];
  return typeof length === 'number' ? length : null;
}
