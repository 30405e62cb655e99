import type { OpaqueToken } from '../../canonical/content.js';
import { modelFamily } from '../../capabilities/model-family.js';
import type { ProtocolId, TranslationTarget } from '../../protocol.js';

/**
 * May the token go to this target? Only who made it can read it: the same protocol and, where it is known, the same
 * family of models.
 */
export function returnsTo(
  token: OpaqueToken | null | undefined,
  protocol: ProtocolId,
  target: Pick<TranslationTarget, 'model'>,
): token is OpaqueToken {
  if (token?.origin !== protocol) return false;
  const family = token.family ?? null;
  return family === null || family === modelFamily(target.model);
}
