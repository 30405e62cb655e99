import { GatewayError } from '#translation';
import type { IncomingHttpHeaders } from 'node:http';
import { parseUsd } from '../common/money/parse-usd.js';

const header = 'x-spillway-max-cost-usd';

/**
 * What all attempts of a request may cost together, in nano-dollars: `x-spillway-max-cost-usd` in decimal dollars (`0.05`, `2`),
 * or null without it. Pure.
 * @throws GatewayError `invalid_request`
 */
export function readMaxCostNanos(headers: IncomingHttpHeaders): number | null {
  const value = headers[header];
  if (value === undefined) return null;
  const nanos = parseUsd(String(value));
  if (nanos !== null) return nanos;
  throw new GatewayError(
    'invalid_request',
    `The header \`${header}\` must be one amount in US dollars, with digits and a point alone and at most nine places: \`0.05\`, \`2\`. The largest is 999999.`,
    { path: header },
  );
}
