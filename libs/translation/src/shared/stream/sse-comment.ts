/** A comment of an event stream, which programs skip. */
export function sseComment(note: string): string {
  return `: ${note}\n\n`;
}
