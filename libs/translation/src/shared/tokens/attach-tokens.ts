import type { ContentPart, OpaqueToken } from '../../canonical/content.js';
import type { TokenOwner } from './opaque-envelope.js';

/** A token that found no slot at its own part, and so stood in a slot of its own behind it. */
export interface TokenCarrier {
  readonly type: 'carrier';
  readonly owner: TokenOwner;
  readonly token: OpaqueToken;
  readonly path: string;
}

/** Gives each carried token back to the part before it. One whose part is gone is reasoning without a text. */
export function attachTokens(parts: readonly (ContentPart | TokenCarrier)[]): ContentPart[] {
  const attached: ContentPart[] = [];
  for (const part of parts) {
    if (part.type !== 'carrier') {
      attached.push(part);
      continue;
    }
    const { token, owner, path } = part;
    const last = attached.at(-1);
    if ((last?.type === 'text' || last?.type === 'tool-call') && last.type === owner)
      attached[attached.length - 1] = { ...last, opaque: token };
    else attached.push({ type: 'reasoning', text: '', opaque: token, path });
  }
  return attached;
}
