/** Each power of two is cut into this many buckets: a value is known to better than 1 %. */
const SUB_BUCKET_BITS = 7;
const SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
const UNIT_NS = 100;

/** Log-linear histogram of durations from 100 ns to 7 minutes. Recording costs no memory. */
export class LatencyHistogram {
  constructor() {
    this.counts = new Uint32Array((32 - SUB_BUCKET_BITS + 1) * SUB_BUCKETS);
    this.count = 0;
    this.maximumNs = 0;
  }

  /** @param {number} durationNs */
  record(durationNs) {
    const units = Math.min(0xffff_ffff, Math.max(0, durationNs / UNIT_NS)) >>> 0;
    const shift = Math.max(0, 32 - Math.clz32(units) - SUB_BUCKET_BITS - 1);
    const index = shift * SUB_BUCKETS + (units >>> shift);
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.count += 1;
    if (durationNs > this.maximumNs) this.maximumNs = durationNs;
  }

  /** @param {number} share 0 to 1 @returns {number | null} microseconds; null when nothing was recorded */
  percentileUs(share) {
    if (this.count === 0) return null;
    let left = Math.max(1, Math.ceil(this.count * share));
    for (let index = 0; index < this.counts.length; index += 1) {
      left -= this.counts[index] ?? 0;
      if (left <= 0) return (bucketMiddleUnits(index) * UNIT_NS) / 1000;
    }
    return this.maximumNs / 1000;
  }

  summary() {
    return {
      count: this.count,
      p50Us: this.percentileUs(0.5),
      p90Us: this.percentileUs(0.9),
      p99Us: this.percentileUs(0.99),
      maxUs: this.count === 0 ? null : this.maximumNs / 1000,
    };
  }
}

/** @param {number} index */
function bucketMiddleUnits(index) {
  if (index < 2 * SUB_BUCKETS) return index + 0.5;
  const shift = (index >>> SUB_BUCKET_BITS) - 1;
  const lowest = (index - shift * SUB_BUCKETS) * 2 ** shift;
  return lowest + 2 ** shift / 2;
}
