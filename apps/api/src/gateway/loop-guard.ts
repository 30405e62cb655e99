import { GatewayError } from '#translation';
import type { IncomingHttpHeaders } from 'node:http';
import { bootId } from '../audit/boot-id.js';

/** The gateways a request has passed through, each by a word that says nothing else of it. */
export const hopsHeader = 'x-spillway-hops';

const ownHop = bootId.slice(0, 8);
/** Gateways in a row that are still meant: a laptop, an office, a data centre. */
const maxHops = 4;

/**
 * Ends a request that some route leads in a circle, before it costs anything once more.
 * @throws GatewayError `loop_detected`, or `invalid_request` for a header that no gateway writes
 */
export function refuseLoops(headers: IncomingHttpHeaders, own = ownHop): void {
  const value = headers[hopsHeader];
  if (value === undefined) return;
  const hops = hopsOf(value);
  if (!hops.every((hop) => /^[0-9a-f]{8}$/.test(hop)))
    throw new GatewayError(
      'invalid_request',
      `The header \`${hopsHeader}\` is written by gateways and holds their marks. Do not send it.`,
      { path: hopsHeader },
    );
  if (hops.includes(own))
    throw new GatewayError(
      'loop_detected',
      'This request has passed through this gateway before: a provider of the route leads back here. Correct its base URL.',
    );
  if (hops.length >= maxHops)
    throw new GatewayError(
      'loop_detected',
      `This request has passed through ${hops.length} gateways, and ${maxHops} are the most. Route to the last of them directly.`,
    );
}

/** What the next gateway, if it is one, is told. */
export function nextHops(headers: IncomingHttpHeaders, own = ownHop): string {
  const value = headers[hopsHeader];
  return value === undefined ? own : [...hopsOf(value), own].join(', ');
}

function hopsOf(value: string | string[]): string[] {
  return String(value)
    .split(',')
    .map((hop) => hop.trim());
}
