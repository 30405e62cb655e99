import { isIP } from 'node:net';
import { fetch as undiciFetch, Pool, type Dispatcher } from 'undici';
import { hostOf, mayConnect, socketPathOf } from './egress-policy.js';
import { createGuardedLookup, EgressBlockedError } from './guarded-lookup.js';

/** How long a connection may take to be established. */
const connectTimeoutMs = 10_000;
/** Idle sockets are closed by us before most servers do, so a reused one is rarely a dead one. */
const keepAliveMs = 4_000;
const maxResponseHeaderBytes = 64 * 1024;
const poolOptions = {
  pipelining: 1,
  keepAliveTimeout: keepAliveMs,
  maxHeaderSize: maxResponseHeaderBytes,
} as const;
const privatePrefix = 'private ';

/**
 * The one door through which the gateway opens connections. It follows no redirects, decodes no content
 * encodings, and checks every address at connect time. One pool of sockets an origin; a stream holds a socket,
 * so the number of sockets is not capped here but by admission.
 */
export class EgressClient {
  private readonly pools = new Map<string, Pool>();

  /**
   * `origin` may be `unix:/path`, for an engine of this machine.
   * @throws EgressBlockedError for a literal address, or a socket, that the policy refuses.
   */
  pool(origin: string, allowPrivateNetwork: boolean): Pool {
    const key = allowPrivateNetwork ? privatePrefix + origin : origin;
    const known = this.pools.get(key);
    if (known !== undefined) return known;
    const socketPath = socketPathOf(origin);
    const pool =
      socketPath === null
        ? openPool(origin, allowPrivateNetwork)
        : this.openSocketPool(socketPath, allowPrivateNetwork);
    this.pools.set(key, pool);
    return pool;
  }

  /** A socket belongs to one run of an engine, so those that nobody is connected to any more are let go. */
  private openSocketPool(socketPath: string, allowPrivateNetwork: boolean): Pool {
    if (!allowPrivateNetwork) throw new EgressBlockedError();
    for (const [key, pool] of this.pools) {
      const isSocket = socketPathOf(key.slice(privatePrefix.length)) !== null;
      const { connected, size } = pool.stats;
      if (!isSocket || connected > 0 || size > 0) continue;
      this.pools.delete(key);
      void pool.destroy();
    }
    return new Pool('http://localhost', {
      ...poolOptions,
      connect: { timeout: connectTimeoutMs, socketPath },
    });
  }

  /**
   * A `fetch` for libraries that want one (the Anthropic SDK): same pools, same policy, no redirects.
   * Too slow for the request path (about eight times the cost of `dispatch`).
   */
  createFetch(allowPrivateNetwork: boolean): typeof fetch {
    const guarded = (input: string | URL | Request, init?: RequestInit) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const dispatcher: Dispatcher = this.pool(url.origin, allowPrivateNetwork);
      const options = { ...init, redirect: 'error', dispatcher } as Parameters<
        typeof undiciFetch
      >[1];
      return undiciFetch(url, options);
    };
    return guarded as unknown as typeof fetch;
  }

  async close(): Promise<void> {
    const pools = [...this.pools.values()];
    this.pools.clear();
    await Promise.allSettled(pools.map((pool) => pool.destroy()));
  }
}

function openPool(origin: string, allowPrivateNetwork: boolean): Pool {
  // undici never calls `lookup` for an IP literal, so literals are checked here
  const host = hostOf(new URL(origin));
  if (isIP(host) !== 0 && !mayConnect(host, allowPrivateNetwork)) throw new EgressBlockedError();
  return new Pool(origin, {
    ...poolOptions,
    connect: { timeout: connectTimeoutMs, lookup: createGuardedLookup(allowPrivateNetwork) },
  });
}
