import { decodeLatin1 } from '../json/decode-bytes.js';
import { decodeBase64, encodeBase64 } from '../base64.js';

/**
 * Reads a `data:` URI (RFC 2397) with any parameters between type and `;base64`, or with a percent-encoded
 * payload. null for text that is not one.
 */
export function parseDataUri(uri: string): { mediaType: string; base64: string } | null {
  const comma = uri.indexOf(',');
  if (comma === -1 || !/^data:/i.test(uri)) return null;
  const [type = '', ...parameters] = uri.slice(5, comma).split(';');
  const payload = uri.slice(comma + 1);
  const mediaType = type.trim().toLowerCase() || 'text/plain';
  if (parameters.some((parameter) => parameter.trim().toLowerCase() === 'base64')) {
    return { mediaType, base64: payload.includes('%') ? percentBytes(payload) : payload };
  }
  return { mediaType, base64: encodeBase64(percentBytes(payload)) };
}

/** One character a byte. */
function percentBytes(payload: string): string {
  const bytes: string[] = [];
  for (let at = 0; at < payload.length; at += 1) {
    const code = payload.charCodeAt(at);
    const hex = payload.slice(at + 1, at + 3);
    if (code === 0x25 && /^[\da-f]{2}$/i.test(hex)) {
      bytes.push(String.fromCharCode(Number.parseInt(hex, 16)));
      at += 2;
    } else {
      bytes.push(String.fromCharCode(code & 0xff));
    }
  }
  return bytes.join('');
}

/** The text whose UTF-8 bytes are given in base64; invalid bytes become U+FFFD, text that is no base64 nothing. */
export function decodeBase64Text(base64: string): string {
  return decodeLatin1(decodeBase64(base64) ?? '');
}
