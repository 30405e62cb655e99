import type { IncomingHttpHeaders } from 'node:http';

/**
 * The caller's headers that go on to an upstream of the same protocol, as a flat name/value list. An allow-list:
 * credentials, cookies and hop-by-hop headers never pass.
 */
export function forwardedHeaders(
  headers: IncomingHttpHeaders,
  patterns: readonly string[],
): string[] {
  const forwarded: string[] = [];
  for (const pattern of patterns) {
    if (!pattern.endsWith('*')) {
      const value = headers[pattern];
      if (typeof value === 'string') forwarded.push(pattern, value);
      continue;
    }
    const prefix = pattern.slice(0, -1);
    for (const [name, value] of Object.entries(headers)) {
      if (name.startsWith(prefix) && typeof value === 'string') forwarded.push(name, value);
    }
  }
  return forwarded;
}
