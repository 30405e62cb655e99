import type { OpaqueToken } from '../../canonical/content.js';
import { writeToken, type TokenOwner } from '../../shared/tokens/opaque-envelope.js';
import type { ThinkingBlock } from '../wire.js';

/** Every thinking block is signed: by whom it may be, or with an empty envelope that is taken out again. */
export function reasoningBlock(text: string, token: OpaqueToken | null): ThinkingBlock {
  const data = writeToken(token, 'anthropic-messages');
  return text === '' && token !== null && !isOwnSignature(token)
    ? { type: 'redacted_thinking', data }
    : { type: 'thinking', thinking: text, signature: data };
}

/** Texts and tool calls have no slot for a token of another provider, so it follows in a block of its own. */
export function tokenBlocks(
  owner: TokenOwner,
  token: OpaqueToken | null | undefined,
): ThinkingBlock[] {
  if (token === null || token === undefined) return [];
  return [{ type: 'redacted_thinking', data: writeToken(token, 'anthropic-messages', owner) }];
}

function isOwnSignature({ origin, kind }: OpaqueToken): boolean {
  return origin === 'anthropic-messages' && kind === 'signature';
}
