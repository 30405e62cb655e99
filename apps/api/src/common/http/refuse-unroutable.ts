import { GatewayError } from '#translation';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { errorAnswer } from './error-answer.js';

/** Answers what Fastify finds wrong with an address before it looks for a route; nothing else of the gateway hears of it. */
export function refuseUnroutable(
  fault: FastifyError,
  request: Pick<FastifyRequest, 'id' | 'url' | 'headers'>,
  reply: Pick<FastifyReply, 'status' | 'headers' | 'send'>,
): void {
  const path = (request.url.split('?')[0] ?? '').slice(0, 200);
  const error =
    fault.code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? new GatewayError('not_found', `There is nothing at ${path}…: no id is that long.`)
      : new GatewayError(
          'invalid_request',
          `The path ${path} is not a valid one: a \`%\` in it must be followed by two hexadecimal digits that give UTF-8.`,
          { cause: fault },
        );
  const { status, headers, body } = errorAnswer(error, request);
  // its body is not read
  void reply.status(status);
  void reply.headers({ ...headers, connection: 'close' });
  void reply.send(body);
}
