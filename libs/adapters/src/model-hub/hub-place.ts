import { findUrlFault, isThisMachine } from '../egress/egress-policy.js';

/** Where the hub is. */
export interface HubPlace {
  /** Without a slash at its end; it may have a path, as mirrors do. */
  readonly url: string;
  /** May the hub, and what it redirects to, lie in a private network or on this machine? */
  readonly allowPrivateNetwork: boolean;
}

/**
 * The address a redirect leads to, or null when it may not be followed: only https, the hub's own origin, or, where
 * private networks are allowed, this machine. Names are checked again, address by address, when a connection is opened.
 */
export function redirectTarget(from: URL, location: string, hub: HubPlace): URL | null {
  const to = parse(location, from);
  if (to === null || to.username !== '' || to.password !== '') return null;
  if (findUrlFault(to.origin, hub.allowPrivateNetwork) !== null) return null;
  if (to.protocol === 'https:' || to.origin === new URL(hub.url).origin) return to;
  return isThisMachine(to.origin) ? to : null;
}

function parse(text: string, base: URL): URL | null {
  try {
    const url = new URL(text, base);
    url.hash = '';
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
  } catch {
    return null;
  }
}
