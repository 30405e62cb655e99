import { GatewayError } from '#translation';
import type { FastifyRequest } from 'fastify';

const keyParameters = new Set([
  'key',
  'api_key',
  'api-key',
  'apikey',
  'x-api-key',
  'token',
  'access_token',
]);

/**
 * The one place where a caller's key is read: `Authorization: Bearer`, `x-api-key` or `x-goog-api-key`, the same for
 * every route.
 * @throws GatewayError when there is none, or two that differ.
 */
export function readCredential(request: FastifyRequest): string {
  const { authorization } = request.headers;
  const header = request.headers['x-api-key'] ?? request.headers['x-goog-api-key'];
  const bearer =
    authorization !== undefined && /^bearer /i.test(authorization)
      ? authorization.slice(7).trim()
      : null;
  const apiKey = typeof header === 'string' && header !== '' ? header : null;
  if (bearer !== null && apiKey !== null && bearer !== apiKey) {
    throw new GatewayError(
      'invalid_request',
      'The request carries two different keys, in `authorization` and in another header. Send only one.',
    );
  }
  const credential = bearer ?? apiKey;
  if (credential !== null && credential !== '') return credential;
  throw new GatewayError(
    'authentication_failed',
    'A key is missing. Send `Authorization: Bearer sk-sw-…` or `x-api-key: sk-sw-…`; keys are made in the panel.',
  );
}

/** Addresses end up in logs and histories, so a key in one must be taken as lost. @throws GatewayError `key_in_url` */
export function refuseKeysInUrl(request: FastifyRequest): void {
  const queryAt = request.url.indexOf('?');
  if (queryAt === -1) return;
  // names are read as a server reads them: `%6Bey` is `key`
  const names = [...new URLSearchParams(request.url.slice(queryAt + 1)).keys()];
  if (!names.some((name) => keyParameters.has(name.trim().toLowerCase()))) return;
  throw new GatewayError(
    'key_in_url',
    'Keys are not accepted in the URL, where logs keep them. Send `Authorization: Bearer …`, and revoke this key if it is a real one.',
  );
}
