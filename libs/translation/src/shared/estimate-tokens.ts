/**
 * Upper estimate of the tokens in a text of so many bytes or characters, for reservations: English has
 * about 4 characters a token, code and CJK text come nearer to 3 bytes.
 */
export function estimateTokens(bytesOrChars: number): number {
  return Math.ceil(Math.max(0, bytesOrChars) / 3);
}
