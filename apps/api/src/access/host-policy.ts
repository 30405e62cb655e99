import { Injectable } from '@nestjs/common';
import { GatewayError } from '#translation';
import type { FastifyRequest } from 'fastify';
import { isIP } from 'node:net';
import { AppConfig } from '../config/app-config.js';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that a web page sends through its visitor's browser: a foreign name that was made to point here
 * (DNS rebinding) and, for anything that changes something, a foreign origin.
 */
@Injectable()
export class HostPolicy {
  private readonly known: ReadonlySet<string>;
  /** Callers repeat themselves: the last host that was let in needs no second look. */
  private lastKnown: string | null = null;

  constructor(config: AppConfig) {
    this.known = new Set(['localhost', config.host.toLowerCase(), ...config.allowedHosts]);
  }

  /** @throws GatewayError `host_not_allowed` or `permission_denied` */
  assertAllowed(request: FastifyRequest): void {
    const host = request.headers.host ?? '';
    if (!this.isKnown(host)) {
      throw new GatewayError(
        'host_not_allowed',
        `The host name \`${host.slice(0, 100)}\` is not one of this gateway. Use its address, or add the name to SPILLWAY_ALLOWED_HOSTS.`,
      );
    }
    const { origin } = request.headers;
    if (origin === undefined || safeMethods.has(request.method)) return;
    if (origin !== `http://${host}` && origin !== `https://${host}`) {
      throw new GatewayError(
        'permission_denied',
        'Requests from other web pages are not accepted.',
      );
    }
  }

  private isKnown(host: string): boolean {
    if (host === this.lastKnown) return true;
    const name = host
      .replace(/:\d{1,5}$/, '')
      .replace(/^\[|\]$/g, '')
      .toLowerCase();
    if (isIP(name) === 0 && !this.known.has(name)) return false;
    this.lastKnown = host;
    return true;
  }
}
