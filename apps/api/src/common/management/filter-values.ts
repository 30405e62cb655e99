import { GatewayError } from '#translation';

/** Values that a field of a list may have. @throws GatewayError `invalid_request` on anything that a column cannot hold. */
export function filterValues(name: string, value: unknown): (string | number | boolean)[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((each) => {
    // JSON such as 1e400 is read as infinity, which no database knows
    if (typeof each === 'string' || Number.isFinite(each) || typeof each === 'boolean')
      return each as string | number | boolean;
    throw new GatewayError(
      'invalid_request',
      `The filter \`${name}\` must be a text, a number, true or false, or a list of these.`,
      { path: 'filter' },
    );
  });
}
