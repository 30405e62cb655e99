/**
 * Origins of engines: `http://127.0.0.1:port`, or `unix:/absolute/path` for one that listens on a socket, where the
 * host is `localhost` and the path of the request comes beside it.
 */
const UNIX = 'unix:';

export function socketOrigin(path: string): string {
  return UNIX + path;
}

export function portOrigin(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** The path of the socket, or null for an origin with a port. */
export function socketPathOf(origin: string): string | null {
  return origin.startsWith(UNIX) ? origin.slice(UNIX.length) : null;
}
