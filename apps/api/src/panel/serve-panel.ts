import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The panel's bundle, seen from the compiled file. */
const builtPanel = fileURLToPath(new URL('../../../../admin', import.meta.url));
/** The same, seen from the source file. */
const builtPanelFromSource = fileURLToPath(new URL('../../../../dist/admin', import.meta.url));

/** The bundle has no inline script; its styles are set by the components at run time. */
const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Serves the admin panel at `/`. Its files hold no secrets; the API behind them is guarded. */
export async function servePanel(fastify: FastifyInstance): Promise<void> {
  const root = [builtPanel, builtPanelFromSource].find((folder) =>
    existsSync(join(folder, 'index.html')),
  );
  if (root === undefined) {
    const hint = 'The admin panel is not built. Run `npm run build` and start the gateway again.\n';
    const answer = { method: ['GET', 'HEAD'] as ('GET' | 'HEAD')[], url: '/', handler: () => hint };
    fastify.route(answer);
    return;
  }
  await fastify.register(fastifyStatic, {
    root,
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
