/** A part of a count, cut to the whole: some upstreams report more cached tokens than tokens. */
export function atMost(part: number | null, whole: number | null): number | null {
  return part === null || whole === null ? part : Math.min(part, Math.max(0, whole));
}
