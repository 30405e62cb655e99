import { decodeLatin1 } from '../json/decode-bytes.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

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
    return { mediaType, base64: payload.includes('%') ? decodePercent(payload) : payload };
  }
  return { mediaType, base64: encodeBase64(percentBytes(payload)) };
}

function decodePercent(payload: string): string {
  return String.fromCharCode(...percentBytes(payload));
}

function percentBytes(payload: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < payload.length; at += 1) {
    const code = payload.charCodeAt(at);
    const hex = payload.slice(at + 1, at + 3);
    if (code === 0x25 && /^[\da-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      at += 2;
    } else {
      bytes.push(code & 0xff);
    }
  }
  return bytes;
}

function encodeBase64(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.slice(at, at + 3);
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += alphabet[group >> 18] ?? '';
    text += alphabet[(group >> 12) & 63] ?? '';
    text += second === undefined ? '=' : (alphabet[(group >> 6) & 63] ?? '');
    text += third === undefined ? '=' : (alphabet[group & 63] ?? '');
  }
  return text;
}

/** The text whose UTF-8 bytes are given in base64; invalid bytes become U+FFFD. */
export function decodeBase64Text(base64: string): string {
  let text = '';
  let bits = 0;
  let group = 0;
  for (const character of base64) {
    const value = alphabet.indexOf(character);
    if (value === -1) continue;
    group = ((group << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    text += String.fromCharCode((group >> bits) & 0xff);
  }
  return decodeLatin1(text);
}
