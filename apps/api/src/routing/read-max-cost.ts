import { GatewayError } from '#translation';
import type { IncomingHttpHeaders } from 'node:http';

const header = 'x-spillway-max-cost-usd';
const nanoPlaces = 9;

/**
 * What all attempts of a request may cost together, in nano-dollars: `x-spillway-max-cost-usd` in decimal dollars (`0.05`, `2`),
 * or null without it. Pure.
 * @throws GatewayError `invalid_request`
 */
export function readMaxCostNanos(headers: IncomingHttpHeaders): number | null {
  const value = headers[header];
  if (value === undefined) return null;
  const [, dollars, fraction = ''] = /^(\d{1,6})(?:\.(\d{1,9}))?$/.exec(String(value)) ?? [];
  // put together as text: a fraction would not survive as a floating point number
  if (dollars !== undefined) return Number(dollars + fraction.padEnd(nanoPlaces, '0'));
  throw new GatewayError(
    'invalid_request',
    `The header \`${header}\` must be one amount in US dollars, with digits and a point alone and at most nine places: \`0.05\`, \`2\`. The largest is 999999.`,
    { path: header },
  );
}
