import { wireProtocols, type GatewayError } from '#translation';
import type { FastifyRequest } from 'fastify';
import { managementErrorBody } from '../management/management-error-body.js';
import { isInferencePath, protocolOfRequest } from './inference-path.js';

/** An error as a response of what the path of the request speaks. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function errorAnswer(
  error: GatewayError,
  request: Pick<FastifyRequest, 'id' | 'url' | 'headers'>,
): ErrorAnswer {
  const { status, headers, body } = isInferencePath(request.url)
    ? wireProtocols[protocolOfRequest(request)].encodeError(error, request.id)
    : managementErrorBody(error);
  const type = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': request.id };
  return { status, headers: { ...headers, ...type }, body };
}
