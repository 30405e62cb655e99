import { packageRoot } from '#process';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const builtPanel = join(packageRoot(), 'dist/admin');

/** The bundle has no inline script; its styles are set by the components at run time. */
const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Serves the admin panel at `/`. Its files hold no secrets; the API behind them is guarded. */
export async function servePanel(fastify: FastifyInstance): Promise<void> {
  if (!existsSync(join(builtPanel, 'index.html'))) {
    const hint = 'The admin panel is not built. Run `npm run build` and start the gateway again.\n';
    const answer = { method: ['GET', 'HEAD'] as ('GET' | 'HEAD')[], url: '/', handler: () => hint };
    fastify.route(answer);
    return;
  }
  await fastify.register(fastifyStatic, {
    root: builtPanel,
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
      reply.header('content-security-policy', contentSecurityPolicy);
      reply.header('x-content-type-options', 'nosniff');
      reply.header('referrer-policy', 'no-referrer');
      reply.header('cross-origin-opener-policy', 'same-origin');
    },
  });
}
