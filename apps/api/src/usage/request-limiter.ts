interface Bucket {
  tokens: number;
  updatedAtMs: number;
  running: number;
}

export type Limited =
  | { readonly isAllowed: true }
  | {
      readonly isAllowed: false;
      readonly reason: 'rate' | 'concurrency';
      readonly retryAfterMs: number;
    };

const allowed: Limited = { isAllowed: true };

/**
 * Requests a minute and requests at once, per virtual key. A token bucket that holds one minute's worth, so a
 * burst up to the limit passes and then the rate holds. Time comes in as an argument (monotonic milliseconds).
 */
export class RequestLimiter {
  private readonly buckets = new Map<string, Bucket>();

  enter(
    keyId: string,
    limits: { readonly requestsPerMinute: number | null; readonly maxConcurrent: number | null },
    nowMs: number,
  ): Limited {
    const bucket = this.bucketOf(keyId, limits.requestsPerMinute, nowMs);
    if (limits.maxConcurrent !== null && bucket.running >= limits.maxConcurrent) {
      return { isAllowed: false, reason: 'concurrency', retryAfterMs: 1_000 };
    }
    if (limits.requestsPerMinute !== null) {
      if (bucket.tokens < 1) {
        const waitMs = Math.ceil(((1 - bucket.tokens) * 60_000) / limits.requestsPerMinute);
        return { isAllowed: false, reason: 'rate', retryAfterMs: waitMs };
      }
      bucket.tokens -= 1;
    }
    bucket.running += 1;
    return allowed;
  }

  leave(keyId: string): void {
    const bucket = this.buckets.get(keyId);
    if (bucket !== undefined && bucket.running > 0) bucket.running -= 1;
  }

  private bucketOf(keyId: string, perMinute: number | null, nowMs: number): Bucket {
    const capacity = perMinute ?? 0;
    let bucket = this.buckets.get(keyId);
    if (bucket === undefined) {
      bucket = { tokens: capacity, updatedAtMs: nowMs, running: 0 };
      this.buckets.set(keyId, bucket);
      return bucket;
    }
    const refill = ((nowMs - bucket.updatedAtMs) * capacity) / 60_000;
    bucket.tokens = Math.min(capacity, bucket.tokens + Math.max(0, refill));
    bucket.updatedAtMs = nowMs;
    return bucket;
  }
}
