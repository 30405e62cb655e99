import type { UpstreamHeaders } from '../upstream-call.js';
import { HubError } from './hub-error.js';

const passingStatus = new Set([408, 425, 500, 502, 503, 504]);

export interface RefusalContext {
  /** What was asked for, such as `owner/name at main`. */
  readonly what: string;
  readonly repository: string;
  readonly hasToken: boolean;
  /** Was it the hub itself that answered, and not what it redirected to? */
  readonly isHub: boolean;
}

/** The error that a status other than 2xx means. The hub says why in `x-error-code`; 401 alone may be any of three things. */
export function refuseHubStatus(
  status: number,
  headers: UpstreamHeaders,
  context: RefusalContext,
): HubError {
  const { what, isHub } = context;
  if (status === 429)
    return new HubError('rate_limited', 'The hub asks to wait before the next request.', {
      isPassing: true,
      retryAfterMs: hubRetryAfterMs(headers),
    });
  if (passingStatus.has(status))
    return new HubError('hub_error', `The hub failed (HTTP ${status}).`, {
      isPassing: true,
      retryAfterMs: hubRetryAfterMs(headers),
    });
  // the addresses that the hub redirects to hold for a while only: the next try gets a new one
  if (!isHub)
    return new HubError('hub_error', `The hub’s file store answered HTTP ${status}.`, {
      isPassing: true,
    });
  if (status === 401 || status === 403) return refusedAccess(status, headers, context);
  if (status === 404 || status === 410)
    return new HubError('not_found', `There is no ${what} at the hub. Check the names.`);
  if (status >= 300 && status < 400)
    return new HubError(
      'redirect_refused',
      `The hub sends requests for ${what} elsewhere. If the repository was renamed, use its new name.`,
    );
  return new HubError('hub_error', `The hub answered HTTP ${status} to a request for ${what}.`);
}

function refusedAccess(
  status: number,
  headers: UpstreamHeaders,
  { what, repository, hasToken }: RefusalContext,
): HubError {
  if (headers['x-error-code'] === 'GatedRepo')
    return new HubError(
      'gated',
      `${repository} is gated: accept its terms on its page at the hub${hasToken ? ' with the account of the stored token' : ', and store a token of that account'}, then resume.`,
    );
  if (!hasToken)
    return new HubError(
      'not_found',
      `There is no ${what} at the hub, or it is private. Check the names, or store a token that may read it.`,
    );
  return new HubError(
    'token_refused',
    status === 401
      ? 'The hub does not accept the token, or the repository does not exist. Check the name, and store a new token.'
      : `The token may not read ${repository}. Store one that may.`,
  );
}

/** `retry-after` in seconds or as a date, or the hub's own `ratelimit: "…";r=0;t=55`. In milliseconds. */
function hubRetryAfterMs(headers: UpstreamHeaders, nowMs = Date.now()): number | null {
  const value = headers['retry-after'];
  if (typeof value === 'string' && value.trim() !== '') {
    const seconds = Number(value);
    if (Number.isFinite(seconds)) return Math.max(0, seconds) * 1000;
    const date = Date.parse(value);
    if (!Number.isNaN(date)) return Math.max(0, date - nowMs);
  }
  const limit = headers['ratelimit'];
  const reset = typeof limit === 'string' ? /;\s*t=(\d{1,9})\b/.exec(limit)?.[1] : undefined;
  return reset === undefined ? null : Number(reset) * 1000;
}
