/** Far below the number of arguments that an engine takes. */
const chunkBytes = 4096;

/** Text of a short span of UTF-8 bytes, e.g. a model name. Invalid bytes become U+FFFD. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += chunkBytes)
    text += latin1(bytes, at, Math.min(end, at + chunkBytes));
  return decodeLatin1(text);
}

/** In one piece: text put together character by character is a tree that whoever reads it must flatten first. */
function latin1(bytes: Uint8Array, start: number, end: number): string {
  const codes: number[] = [];
  for (let at = start; at < end; at += 1) codes.push(bytes[at] ?? 0);
  return String.fromCharCode(...codes);
}

/** Up to here every integer is exact. */
const exactDigits = 15;

/** What the bytes of a JSON number stand for. Limits are short integers, which need no text. */
export function decodeNumber(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9 || end - start > exactDigits)
      return Number(decodeUtf8(bytes, start, end));
    value = value * 10 + digit;
  }
  return value;
}

const nonAscii = /[\u0080-\u00ff]/;

/** UTF-8 bytes that were read as Latin-1, one character a byte, back to the text they stand for. */
export function decodeLatin1(text: string): string {
  if (!nonAscii.test(text)) return text;
  const escaped = text.replace(
    /[%\u0080-\u00ff]/g,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  try {
    return decodeURIComponent(escaped);
  } catch {
    return text.replace(/[\u0080-\u00ff]+/g, '\ufffd');
  }
}
