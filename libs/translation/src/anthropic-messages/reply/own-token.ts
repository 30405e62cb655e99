import type { OpaqueToken } from '../../canonical/content.js';
import { modelFamily } from '../../capabilities/model-family.js';

/** A token of an answer. null for blocks that no one has signed, as those of local engines. */
export function ownToken(
  kind: OpaqueToken['kind'],
  data: string | null,
  model: string | null,
): OpaqueToken | null {
  if (data === null) return null;
  const family = model === null ? null : modelFamily(model);
  return { origin: 'anthropic-messages', kind, data, family };
}
