import ipaddr from 'ipaddr.js';

/**
 * Cloud metadata services whose addresses look public or private: Azure, Alibaba, Amazon (instances and pods) and
 * Google. They hand out credentials, so no leave for private networks reaches them.
 */
const metadataAddresses = new Set([
  '168.63.129.16',
  '100.100.100.200',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
]);

/** Is this address one on the public internet? Anything that cannot be read as an address is not. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (metadataAddresses.has(parsed.toString())) return false;
  if (parsed.kind() === 'ipv6' && embedsIpv4(parsed as ipaddr.IPv6)) return false;
  return parsed.range() === 'unicast';
}

/** Addresses that a private network may have; link-local (metadata services), multicast and 0.0.0.0 never pass. */
function isPrivateNetworkAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (metadataAddresses.has(parsed.toString())) return false;
  const range = parsed.range();
  return (
    range === 'loopback' ||
    range === 'private' ||
    range === 'uniqueLocal' ||
    range === 'carrierGradeNat'
  );
}

/** `::a.b.c.d` is deprecated but still routed by some stacks; ipaddr.js reads it as plain unicast. */
function embedsIpv4(address: ipaddr.IPv6): boolean {
  return address.parts.slice(0, 6).every((part) => part === 0);
}

/** May a connection to this resolved address be opened? */
export function mayConnect(address: string, allowPrivateNetwork: boolean): boolean {
  return isPublicAddress(address) || (allowPrivateNetwork && isPrivateNetworkAddress(address));
}

const socketScheme = 'unix:';

/** The path in `unix:/path`, the origin of an engine of this machine that listens on a socket; null for any other. */
export function socketPathOf(origin: string): string | null {
  return origin.startsWith(socketScheme) ? origin.slice(socketScheme.length) : null;
}

/** Does this origin name the machine the gateway runs on, by an address that nobody can point elsewhere? */
export function isThisMachine(origin: string): boolean {
  if (socketPathOf(origin) !== null) return true;
  const host = hostOf(new URL(origin));
  if (!ipaddr.isValid(host)) return host === 'localhost';
  return ipaddr.process(host).range() === 'loopback';
}

/**
 * Checks a base URL as text, before anything is resolved. Host names are checked again, address by address,
 * when the connection is opened (a name may change its mind).
 * @returns what is wrong and how to mend it, or null.
 */
export function findUrlFault(text: string, allowPrivateNetwork: boolean): string | null {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'must be a full URL such as https://api.example.com/v1';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.username !== '' || url.password !== '')
    return 'must not hold a user name or password; put the secret into `credential`';
  if (url.search !== '' || url.hash !== '') return 'must not have a query or a fragment';
  if (url.protocol === 'http:' && !allowPrivateNetwork)
    return 'must begin with https:// (plain http:// is for private networks; set allowPrivateNetwork)';
  const host = hostOf(url);
  if (ipaddr.isValid(host) && !mayConnect(host, allowPrivateNetwork))
    return 'is a private or reserved address; set allowPrivateNetwork if this is your own machine or network';
  if (!allowPrivateNetwork && /(^|\.)(localhost|local|internal|localdomain)$/i.test(host))
    return 'is a name of this machine or network; set allowPrivateNetwork if that is meant';
  return null;
}

/** The host of a URL as `net` wants it: IPv6 without brackets, no trailing dot. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
