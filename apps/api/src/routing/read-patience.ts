import { GatewayError } from '#translation';
import type { IncomingHttpHeaders } from 'node:http';

/** How long a request waits for a local model when nobody says. */
const defaultPatienceMs = 300_000;
/** The official SDKs name the time for the whole answer, so a part of it is kept back for the answer itself. */
const shareOfTimeout = 0.75;

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/**
 * How long this caller waits for a local model, in milliseconds: the shortest of `x-spillway-max-wait` (`1500`, `1500ms`,
 * `20s`, `2m`), the timeout that an SDK names, and the route's limit. Pure.
 * @throws GatewayError `invalid_request`
 */
export function readPatienceMs(
  headers: IncomingHttpHeaders,
  routeMaxWaitMs: number | null,
): number {
  const known = [
    ownPatienceMs(headers['x-spillway-max-wait']),
    timeoutMs(headers['x-stainless-timeout']),
    timeoutMs(headers['x-server-timeout']),
    routeMaxWaitMs,
  ].filter((limit) => limit !== null);
  return known.length === 0 ? defaultPatienceMs : Math.min(...known);
}

function ownPatienceMs(value: string | string[] | undefined): number | null {
  if (value === undefined) return null;
  const [, amount, unit = 'ms'] = /^(\d{1,9}(?:\.\d{1,3})?) ?(ms|s|m)?$/.exec(String(value)) ?? [];
  if (amount !== undefined) return Math.round(Number(amount) * (milliseconds[unit] ?? 1));
  throw new GatewayError(
    'invalid_request',
    'The header `x-spillway-max-wait` must be a time in milliseconds, or one with the unit ms, s or m: `1500`, `20s`, `2m`.',
    { path: 'x-spillway-max-wait' },
  );
}

/** Seconds, as SDKs send them: OpenAI's and Anthropic's, Google's. What is no number was not meant for us. */
function timeoutMs(value: string | string[] | undefined): number | null {
  const seconds = Number(value ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 * shareOfTimeout : null;
}
