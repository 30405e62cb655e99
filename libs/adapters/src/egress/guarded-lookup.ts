import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { mayConnect } from './egress-policy.js';

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** Marks a connection that the egress policy refused; its text never shows the address. */
export class EgressBlockedError extends Error {
  readonly code = 'EGRESS_BLOCKED';
  constructor() {
    super('the address is not allowed by the egress policy');
  }
}

/**
 * A DNS look-up for the very moment of connecting, so that a name cannot resolve to a public address when it
 * is checked and to a private one when it is used (DNS rebinding). One bad answer refuses them all.
 */
export function createGuardedLookup(allowPrivateNetwork: boolean) {
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    dnsLookup(hostname, { ...options, all: true, verbatim: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const isSafe = addresses.every((entry) => mayConnect(entry.address, allowPrivateNetwork));
      const first = addresses[0];
      if (!isSafe || first === undefined) return callback(new EgressBlockedError(), []);
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
