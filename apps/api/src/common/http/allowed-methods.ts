import type { FastifyRequest } from 'fastify';

/** Others mean something in the pattern of a route, and are in no path without parameters. */
const plainPath = /^[\w./-]+$/;
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const;

/** The methods that the path of a request takes, where its route has no parameters; none for a path that does not exist. */
export function allowedMethods({ server, url }: Pick<FastifyRequest, 'server' | 'url'>): string[] {
  const [path = ''] = url.split('?', 1);
  if (!plainPath.test(path)) return [];
  return methods.filter((method) => server.hasRoute({ method, url: path }));
}
