import type { VirtualKey } from './VirtualKey.js';

/** Everything but money that a key may not do, in a few words each. */
export function describeLimits(
  key: Pick<VirtualKey, 'isPrivate' | 'allowedRoutes' | 'requestsPerMinute' | 'maxConcurrent'>,
): string[] {
  return [
    ...(key.isPrivate ? ['private'] : []),
    ...(key.allowedRoutes ? [describeRoutes(key.allowedRoutes)] : []),
    ...(key.requestsPerMinute ? [`${key.requestsPerMinute} a minute`] : []),
    ...(key.maxConcurrent ? [`${key.maxConcurrent} at once`] : []),
  ];
}

function describeRoutes(routes: readonly string[]): string {
  const [first] = routes;
  if (first === undefined) return 'no routes';
  return routes.length === 1 ? `only ${first}` : `${routes.length} routes`;
}
