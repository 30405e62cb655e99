import type { INestApplication } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { accessKey, type RouteAccess } from './route-access.js';

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'ALL', 'OPTIONS', 'HEAD'];

export interface ListedRoute {
  readonly method: string;
  readonly url: string;
  /** `user` = needs a sign-in. */
  readonly access: RouteAccess | 'user';
}

/** Every route of the controllers and who may call it, read from the same marks as the guard reads. */
export function listRoutes(app: INestApplication): ListedRoute[] {
  const controllers = new DiscoveryService(app.get(ModulesContainer)).getControllers();
  const reflector = new Reflector();
  const scanner = new MetadataScanner();
  return controllers.flatMap(({ instance, metatype }) => {
    if (instance === undefined || instance === null || metatype === null || metatype === undefined)
      return [];
    const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
    const bases = [Reflect.getMetadata('path', metatype) as string | string[]].flat();
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (handler === undefined) return [];
      const path = Reflect.getMetadata('path', handler) as string | undefined;
      if (path === undefined) return [];
      const method = methods[Number(Reflect.getMetadata('method', handler))] ?? 'GET';
      const access = reflector.getAllAndOverride<RouteAccess | undefined>(accessKey, [
        handler,
        metatype as () => unknown,
      ]);
      return bases.map((base) => ({
        method,
        url: `/${base}/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'),
        access: access ?? 'user',
      }));
    });
  });
}
