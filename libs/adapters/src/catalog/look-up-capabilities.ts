import { defaultCapabilities, type ModelCapabilities, type ProtocolId } from '#translation';
import { anthropicCapabilityRows } from './anthropic-capability-rows.js';
import type { CapabilityRow } from './capability-row.js';
import { compatibleCapabilityRows } from './compatible-capability-rows.js';
import { engineCapabilityRows } from './engine-capability-rows.js';
import { openaiCapabilityRows } from './openai-capability-rows.js';

/** Later rows overrule earlier ones. */
export const capabilityRows: readonly CapabilityRow[] = [
  ...openaiCapabilityRows,
  ...anthropicCapabilityRows,
  ...compatibleCapabilityRows,
  ...engineCapabilityRows,
];

export interface CapabilityQuestion {
  /** What will be spoken to the model. */
  readonly protocol: ProtocolId;
  readonly isLocal: boolean;
  /** Origin or base URL of the provider. */
  readonly baseUrl: string;
  /** Id of the engine, for local models. */
  readonly engine?: string | null;
  readonly model: string;
}

/** What a model takes, by the rows shipped with the gateway; what no row says is as for an unknown model. */
export function lookUpCapabilities(question: CapabilityQuestion): ModelCapabilities {
  const { protocol, isLocal } = question;
  const host = URL.canParse(question.baseUrl) ? new URL(question.baseUrl).hostname : '';
  const model = question.model.toLowerCase();
  const known = capabilityRows.filter(
    (row) =>
      (row.protocol === undefined || row.protocol === protocol) &&
      (row.engine === undefined || (isLocal && row.engine === question.engine)) &&
      (row.host === undefined || row.host.test(host)) &&
      (row.model === undefined || row.model.test(model)),
  );
  return known.reduce<ModelCapabilities>(
    (sum, { capabilities }) => ({ ...sum, ...capabilities }),
    defaultCapabilities(protocol, isLocal, question.model),
  );
}
