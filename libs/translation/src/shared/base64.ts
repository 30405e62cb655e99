const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const urlSafe = `${standard.slice(0, 62)}-_`;

const values = new Map<string, number>();
for (const alphabet of [standard, urlSafe]) {
  for (let value = 0; value < 64; value += 1) values.set(alphabet.charAt(value), value);
}

/** @param binary one character a byte, 0 to 255 */
export function encodeBase64(binary: string, isUrlSafe = false): string {
  const alphabet = isUrlSafe ? urlSafe : standard;
  const quads: string[] = [];
  for (let at = 0; at < binary.length; at += 3) {
    const left = binary.length - at;
    const group =
      (binary.charCodeAt(at) << 16) |
      (left > 1 ? binary.charCodeAt(at + 1) << 8 : 0) |
      (left > 2 ? binary.charCodeAt(at + 2) : 0);
    quads.push(
      alphabet.charAt(group >> 18) +
        alphabet.charAt((group >> 12) & 63) +
        (left > 1 ? alphabet.charAt((group >> 6) & 63) : '=') +
        (left > 2 ? alphabet.charAt(group & 63) : '='),
    );
  }
  return quads.join('');
}

/** Either alphabet, padded or not. One character a byte; null for text that is not Base64. */
export function decodeBase64(text: string): string | null {
  const digits = text.replace(/={1,2}$/, '');
  if (digits.length % 4 === 1) return null;
  const bytes: string[] = [];
  for (let at = 0; at < digits.length; at += 4) {
    const size = Math.min(4, digits.length - at);
    let group = 0;
    for (let step = 0; step < 4; step += 1) {
      const value = step < size ? values.get(digits.charAt(at + step)) : 0;
      if (value === undefined) return null;
      group = (group << 6) | value;
    }
    bytes.push(
      String.fromCharCode(group >> 16, (group >> 8) & 255, group & 255).slice(0, size - 1),
    );
  }
  return bytes.join('');
}
