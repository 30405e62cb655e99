/** A count that is part of another, cut to it: some upstreams report parts larger than their whole. */
export function atMost(part: number | null, whole: number | null): number | null {
  return part === null || whole === null ? part : Math.min(part, Math.max(0, whole));
}
