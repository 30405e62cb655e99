const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 with padding. */
export function encodeBase64(bytes: ArrayLike<number>): string {
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [first, second, third] = [bytes[at] ?? 0, bytes[at + 1], bytes[at + 2]];
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    groups.push(
      (alphabet[group >> 18] ?? '') +
        (alphabet[(group >> 12) & 63] ?? '') +
        (second === undefined ? '=' : (alphabet[(group >> 6) & 63] ?? '')) +
        (third === undefined ? '=' : (alphabet[group & 63] ?? '')),
    );
  }
  return groups.join('');
}
