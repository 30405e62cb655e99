import type { OpaqueToken } from '../../canonical/content.js';
import type { ProtocolId } from '../../protocol.js';
import { decodeBase64, encodeBase64 } from '../base64.js';
import { asRecord, textAt, tryParse } from '../json/json-access.js';

/** A multiple of three, so that every envelope begins with the same Base64 text. */
const head = 'spillway/token/v1;';

/**
 * What every envelope begins with. A provider would refuse such a token as one it never made, so a request that holds
 * this text must not be passed on as it is.
 */
export const opaqueEnvelopeMark: string = encodeBase64(head, true);

/** The part of an answer that a token came with. */
export type TokenOwner = 'reasoning' | 'text' | 'tool-call';

/** What stood in a slot: the token, and the part that it belongs to, which is not always the one with the slot. */
export interface CarriedToken {
  readonly token: OpaqueToken | null;
  readonly owner: TokenOwner;
}

/**
 * What to write into a slot for opaque tokens that clients of protocol `slot` return untouched. A token of that
 * protocol stays as it is. Any other goes into an envelope: valid Base64 as a whole, since some SDKs decode and
 * encode the slot again. null makes an empty envelope, for slots that must not be empty.
 */
export function writeToken(
  token: OpaqueToken | null,
  slot: ProtocolId,
  owner: TokenOwner = 'reasoning',
): string {
  if (token?.origin === slot && owner === 'reasoning') return token.data;
  const members = token === null ? {} : { ...token, owner };
  const json = asciiJson(members);
  // filled up with spaces, so that no padding is needed
  return encodeBase64(head + json + ' '.repeat((3 - (json.length % 3)) % 3), true);
}

/** What {@link writeToken} wrote; any other text is a token of the slot's own protocol. */
export function readToken(
  text: string | null,
  own: Pick<OpaqueToken, 'origin' | 'kind' | 'itemId' | 'family'>,
): CarriedToken {
  if (text === null || text === '') return { token: null, owner: 'reasoning' };
  if (!text.startsWith(opaqueEnvelopeMark))
    return { token: { ...own, data: text }, owner: 'reasoning' };
  return readEnvelope(decodeBase64(text)?.slice(head.length) ?? '');
}

const kinds: readonly OpaqueToken['kind'][] = ['signature', 'redacted', 'encrypted'];
const owners: readonly TokenOwner[] = ['reasoning', 'text', 'tool-call'];

/** Clients may have damaged it: then there is no token. */
function readEnvelope(json: string): CarriedToken {
  const members = asRecord(tryParse(json));
  const origin = textAt(members, 'origin');
  const data = members?.['data'];
  const kind = kinds.find((word) => word === members?.['kind']);
  const owner = owners.find((word) => word === members?.['owner']) ?? 'reasoning';
  if (origin === null || typeof data !== 'string' || kind === undefined)
    return { token: null, owner };
  const itemId = textAt(members, 'itemId');
  const family = textAt(members, 'family');
  return {
    // an origin we do not know is never sent anywhere
    token: {
      origin: origin as ProtocolId,
      kind,
      data,
      ...(itemId === null ? {} : { itemId }),
      ...(family === null ? {} : { family }),
    },
    owner,
  };
}

/** One byte a character, whatever the token holds. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^ -~]/g,
    (character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
