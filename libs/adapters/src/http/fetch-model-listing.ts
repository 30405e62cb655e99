import type { EgressClient } from '../egress/egress-client.js';
import { readLimitedText } from './read-limited-text.js';

interface ModelRequest {
  readonly baseUrl: string;
  readonly allowPrivateNetwork: boolean;
  /** Headers that prove who we are. */
  readonly headers: Readonly<Record<string, string>>;
  /** `?…`, or empty */
  readonly query?: string;
}

/** The JSON of an upstream's `/models`. @throws Error with the status or the network fault. */
export async function fetchModelListing(
  egress: EgressClient,
  { baseUrl, allowPrivateNetwork, headers, query = '' }: ModelRequest,
): Promise<unknown> {
  const fetch = egress.createFetch(allowPrivateNetwork);
  const response = await fetch(`${baseUrl.replace(/\/$/, '')}/models${query}`, {
    headers: { accept: 'application/json', ...headers },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw Object.assign(new Error(`it answered HTTP ${response.status}`), {
      status: response.status,
    });
  }
  return JSON.parse(await readLimitedText(response));
}
