/**
 * May this id of an end user go to a provider it was not made for? Plain opaque ids may; e-mail addresses
 * and JSON with device ids (as Claude Code sends) may not.
 */
export function isShareableUserId(id: string): boolean {
  return /^[\w.:-]{1,64}$/.test(id);
}
