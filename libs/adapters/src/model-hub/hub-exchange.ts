import type { EgressClient } from '../egress/egress-client.js';
import { describeNetworkError } from '../http/describe-network-error.js';
import type { UpstreamHeaders } from '../upstream-call.js';
import { HubError } from './hub-error.js';
import type { HubPlace } from './hub-place.js';

/** The hub may take so long to begin; and so long may pass between two pieces of its answer. */
const headersTimeoutMs = 30_000;
const bodyTimeoutMs = 60_000;

/** The head of an answer, and its body unread. */
export interface HubAnswer {
  readonly url: URL;
  readonly status: number;
  readonly headers: UpstreamHeaders;
  /** Must be read or discarded. Fails with errors of Node and undici: see `toHubError`. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the answer unread. */
  readonly discard: () => void;
}

export interface HubQuestion {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** One GET, no redirect followed, nothing unpacked. @throws HubError, or the signal's reason */
export async function askHub(
  egress: EgressClient,
  { allowPrivateNetwork }: HubPlace,
  { url, headers, signal }: HubQuestion,
): Promise<HubAnswer> {
  try {
    const {
      statusCode,
      headers: answered,
      body,
    } = await egress.pool(url.origin, allowPrivateNetwork).request({
      path: url.pathname + url.search,
      method: 'GET',
      headers: { 'accept-encoding': 'identity', 'user-agent': 'spillway', ...headers },
      headersTimeout: headersTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
      signal,
    });
    const discard = (): void => {
      // what is destroyed unread reports an error that nobody waits for
      body.on('error', () => undefined).destroy();
    };
    return { url, status: statusCode, headers: answered, body, discard };
  } catch (error) {
    throw toHubError(error, false, signal);
  }
}

/** A failure of the connection in words that are safe to show. */
export function toHubError(error: unknown, sawHead: boolean, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof HubError) return error;
  const { code, message } = describeNetworkError(error, sawHead);
  if (code === 'egress_blocked')
    return new HubError(
      'address_refused',
      'The hub, or what it redirects to, is at a private or reserved address. Set SPILLWAY_HUB_PRIVATE_NETWORK=on if that is meant.',
      { cause: error },
    );
  const text = message.replace('The upstream', 'The hub');
  return new HubError(sawHead ? 'interrupted' : 'hub_unreachable', text, {
    isPassing: true,
    cause: error,
  });
}
