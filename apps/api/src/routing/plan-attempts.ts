import { GatewayError } from '#translation';
import type { ResolvedRoute, ResolvedTarget } from './resolved-target.js';

export type PlannedTarget = ResolvedTarget;

/** A request that must not leave this machine, whatever else is set. */
export function mustStay(
  route: { readonly isPrivate: boolean },
  key: { readonly isPrivate: boolean },
): boolean {
  return route.isPrivate || key.isPrivate;
}

/**
 * The targets to try, in order: local ones first, then providers that are free (another machine of the owner's), then
 * the others. A route that prefers the cloud comes to its local targets last. Providers only where the route allows the
 * cloud and neither route nor key is private. Pure: the same configuration and key give the same plan.
 * @throws GatewayError `no_available_target` saying which rule left nothing over.
 */
export function planAttempts(
  route: ResolvedRoute,
  key: { readonly isPrivate: boolean },
): readonly PlannedTarget[] {
  const mayLeave = route.cloud !== 'never' && !mustStay(route, key);
  const planned = route.targets
    .filter((target) => target.kind === 'local' || mayLeave)
    .toSorted((a, b) => rank(a, route.cloud) - rank(b, route.cloud));
  if (planned.length > 0) return planned;
  throw new GatewayError(
    'no_available_target',
    `The model \`${route.name}\` cannot be served: ${explain(route, key)}`,
  );
}

function rank({ kind, price }: ResolvedTarget, cloud: ResolvedRoute['cloud']): number {
  if (kind === 'local') return cloud === 'prefer' ? 3 : 0;
  return price === 'free' ? 1 : 2;
}

function explain(route: ResolvedRoute, key: { readonly isPrivate: boolean }): string {
  if (route.targets.length === 0)
    return 'all its targets are disabled or deleted. Enable one in the panel.';
  if (route.isPrivate)
    return 'the route is private and has no local target. Add one, or make the route not private.';
  if (key.isPrivate)
    return 'your key is private and the route has no local target. Use another key, or add a local target.';
  return 'it has no local target and the route does not allow the cloud. Add a local target, or set the route to `cloud: allow`.';
}
