import { Injectable } from '@nestjs/common';
import { GatewayError } from '#translation';
import { performance } from 'node:perf_hooks';
import type { KeyPrincipal } from '../access/principal.js';
import { RequestLimiter } from './request-limiter.js';

/** Decides whether a key may have another request running now. */
@Injectable()
export class AdmissionService {
  private readonly limiter = new RequestLimiter();

  /** @throws GatewayError `rate_limited` or `concurrency_limited`, with the time to wait. */
  enter(key: KeyPrincipal): void {
    const verdict = this.limiter.enter(key.id, key, performance.now());
    if (verdict.isAllowed) return;
    const { reason, retryAfterMs } = verdict;
    if (reason === 'rate') {
      throw new GatewayError(
        'rate_limited',
        `The key "${key.name}" may make ${key.requestsPerMinute} requests a minute. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
        { retryAfterMs },
      );
    }
    throw new GatewayError(
      'concurrency_limited',
      `The key "${key.name}" may have ${key.maxConcurrent} requests running at once. Wait for one to end.`,
      { retryAfterMs },
    );
  }

  leave(key: KeyPrincipal): void {
    this.limiter.leave(key.id);
  }
}
