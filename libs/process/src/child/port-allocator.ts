import { createServer } from 'node:net';

const ATTEMPTS = 20;

function bindOnce(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/**
 * Hands out loopback ports that were free a moment ago, never the same one twice at a time. Another process
 * can still take a port before the engine binds it: that is why readiness also checks who answers.
 */
export class PortAllocator {
  readonly #reserved = new Set<number>();

  constructor(private readonly isAllowed: (port: number) => boolean = () => true) {}

  async reserve(): Promise<number> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const port = await bindOnce();
      if (this.#reserved.has(port) || !this.isAllowed(port)) continue;
      this.#reserved.add(port);
      return port;
    }
    throw new Error('No free port was found on 127.0.0.1.');
  }

  release(port: number): void {
    this.#reserved.delete(port);
  }
}
