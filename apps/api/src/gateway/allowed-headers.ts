import type { UpstreamHeaders } from '#adapters';

/**
 * Those of the headers that an allow-list names, as a flat name/value list in the list's order; a name that ends in `*`
 * stands for all that begin so. Credentials, cookies and hop-by-hop headers are on no list.
 */
export function allowedHeaders(headers: UpstreamHeaders, names: readonly string[]): string[] {
  const allowed: string[] = [];
  for (const name of names) {
    if (name.endsWith('*')) addBeginningWith(name.slice(0, -1), headers, allowed);
    else addHeader(name, headers, allowed);
  }
  return allowed;
}

function addBeginningWith(prefix: string, headers: UpstreamHeaders, to: string[]): void {
  for (const name of Object.keys(headers)) {
    if (name.startsWith(prefix)) addHeader(name, headers, to);
  }
}

function addHeader(name: string, headers: UpstreamHeaders, to: string[]): void {
  const value = headers[name];
  if (typeof value === 'string') to.push(name, value);
}
