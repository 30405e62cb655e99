const signatures: readonly (readonly [mediaType: string, pattern: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
  ['application/pdf', /^%PDF-/],
];

/** The type by the first bytes (as Latin-1), whatever the sender calls it; null for none that models read. */
export function sniffMediaType(head: string): string | null {
  return signatures.find(([, pattern]) => pattern.test(head))?.[0] ?? null;
}
