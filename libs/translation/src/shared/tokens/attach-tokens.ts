import type { ContentPart, OpaqueToken } from '../../canonical/content.js';
import type { TokenOwner } from './opaque-envelope.js';

/** A token that found no slot at its own part, and so stood in a slot of its own behind it. */
export interface TokenCarrier {
  readonly type: 'carrier';
  readonly owner: TokenOwner;
  readonly token: OpaqueToken;
  readonly path: string;
}

/**
 * Gives each carried token back to the part it came with: the one before it or, since some clients move all thinking
 * to the front (Claude Code does), the next one of its kind that has none. One whose part is gone is reasoning without
 * a text.
 */
export function attachTokens(parts: readonly (ContentPart | TokenCarrier)[]): ContentPart[] {
  const attached: (ContentPart | TokenCarrier)[] = [];
  for (const part of parts) {
    const last = attached.at(-1);
    if (part.type === 'carrier') {
      if (last !== undefined && mayOwn(last, part))
        attached[attached.length - 1] = withToken(last, part);
      else attached.push(part);
      continue;
    }
    const waiting = attached.findIndex(
      (before) => before.type === 'carrier' && mayOwn(part, before),
    );
    const carrier = attached[waiting];
    if (carrier?.type === 'carrier') {
      attached.splice(waiting, 1);
      attached.push(withToken(part, carrier));
    } else attached.push(part);
  }
  return attached.map((part) =>
    part.type === 'carrier'
      ? { type: 'reasoning', text: '', opaque: part.token, path: part.path }
      : part,
  );
}

type Owner = Extract<ContentPart, { type: 'text' | 'tool-call' }>;

function mayOwn(part: ContentPart | TokenCarrier, { owner }: TokenCarrier): part is Owner {
  return (
    (part.type === 'text' || part.type === 'tool-call') &&
    part.type === owner &&
    (part.opaque ?? null) === null
  );
}

function withToken(part: ContentPart | TokenCarrier, { token }: TokenCarrier): Owner {
  return { ...(part as Owner), opaque: token };
}
