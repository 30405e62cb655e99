import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GatewayError } from '#translation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionsService } from '../auth/sessions.service.js';
import { KeysService } from '../keys/keys.service.js';
import { HostPolicy } from './host-policy.js';
import { setKey, setUser } from './principal.js';
import { readCredential, refuseKeysInUrl } from './read-credential.js';
import { accessKey, type RouteAccess } from './route-access.js';

/**
 * The one guard, around every route: what is not marked otherwise needs a sign-in, so a route that somebody forgets
 * to mark is closed. It reads the mark of the route that was matched, never the text of the URL.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: KeysService,
    private readonly sessions: SessionsService,
    private readonly hosts: HostPolicy,
  ) {}

  /** @throws GatewayError for everything that is not let in. */
  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    this.hosts.assertAllowed(request);
    refuseKeysInUrl(request);
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(accessKey, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    if (access === 'inference') setKey(request, this.keys.authenticate(readCredential(request)));
    else {
      this.letUserIn(request, access);
      keepPrivate(http.getResponse<FastifyReply>());
    }
    return true;
  }

  private letUserIn(request: FastifyRequest, access: 'admin' | undefined): void {
    const user = this.sessions.authenticate(request);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const needsAdmin = access === 'admin' || !isRead;
    if (needsAdmin && user.role !== 'admin' && !request.url.startsWith('/api/auth/')) {
      throw new GatewayError(
        'permission_denied',
        'Your account may look but not change anything here. Ask an administrator.',
      );
    }
    setUser(request, user);
  }
}

/** What the panel shows is neither kept by the browser nor taken for anything but what it says it is. */
function keepPrivate(reply: FastifyReply): void {
  void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
}
