import type { UpstreamHeaders } from '#adapters';
import { GatewayError } from '#translation';
import { clearOfSecrets } from './clear-of-secrets.js';
import { readRetryAfter } from './read-retry-after.js';
import type { AttemptJob } from '../attempt-job.js';
import { providerProtocol } from '../provider-protocol.js';
import { UpstreamRejection } from './upstream-rejection.js';

const maxBytes = 64 * 1024;

/** An upstream's answer that is not a success: kept up to a limit, and read once it is whole. */
export class UpstreamErrorBody {
  private readonly pieces: Buffer[] = [];
  private byteCount = 0;

  constructor(
    readonly status: number,
    readonly headers: UpstreamHeaders,
  ) {}

  add(piece: Buffer): void {
    if (this.byteCount < maxBytes) this.pieces.push(piece);
    this.byteCount += piece.length;
  }

  get text(): string {
    return Buffer.concat(this.pieces).subarray(0, maxBytes).toString('utf8');
  }

  toError(job: AttemptJob): GatewayError {
    if (this.status < 400) {
      return new GatewayError(
        'upstream_redirect',
        'The upstream answered with a redirect, and redirects are never followed: a credential could end up elsewhere. Correct its base URL.',
      );
    }
    const fault = providerProtocol(job).decodeError(this.status, this.text);
    const message = clearOfSecrets(fault.message, job.endpoint.headers);
    const isCallersFault =
      fault.code === 'upstream_rejected' || fault.code === 'context_length_exceeded';
    const options = {
      path: fault.path ?? undefined,
      retryAfterMs: readRetryAfter(this.headers) ?? fault.retryAfterMs ?? undefined,
      // the caller's own mistake keeps the status the upstream gave it
      status: isCallersFault ? this.status : undefined,
    };
    const text = `${job.record.target.label}: ${message}`;
    if (!isCallersFault) return new GatewayError(fault.code, text, options);
    return new UpstreamRejection(fault.code, text, options, {
      protocol: job.endpoint.protocol,
      contentType: String(this.headers['content-type'] ?? 'application/json'),
      body: clearOfSecrets(this.text, job.endpoint.headers),
    });
  }
}
