import {
  Catch,
  HttpException,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { GatewayError, type ErrorCode } from '#translation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InferenceMetrics } from '../metrics/inference-metrics.js';
import { allowedMethods } from './allowed-methods.js';
import { isBodyRead } from './body-read.js';
import { errorAnswer } from './error-answer.js';

const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_request',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'request_too_large',
  415: 'unsupported_media_type',
};

/** Failures of the disk, not of the statement. */
const storageCodes = /^SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|CANTOPEN|CORRUPT|NOTADB)$/;

/** The last stop of every error: whatever was thrown becomes the error body of the protocol being spoken. */
@Catch()
export class GatewayExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  constructor(private readonly metrics: InferenceMetrics) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = this.asGatewayError(thrown, request);
    if (reply.raw.headersSent || reply.raw.destroyed) {
      reply.raw.destroy();
      return;
    }
    this.metrics.refused(error.code);
    const { status, headers, body } = errorAnswer(error, request);
    const isUnread =
      !isBodyRead(request.raw) && request.method !== 'GET' && request.method !== 'HEAD';
    // the body was not read: without this the rest of it would be taken for the next request
    const all = {
      ...headers,
      ...(isUnread ? { connection: 'close' } : {}),
      ...(error.code === 'method_not_allowed' ? { allow: allowedMethods(request).join(', ') } : {}),
    };
    // the line had taken the reply over: Fastify would send nothing, and the caller would wait for ever
    if (reply.sent) {
      const length = { 'content-length': Buffer.byteLength(body) };
      reply.raw.writeHead(status, { ...all, ...length }).end(body);
      return;
    }
    void reply.status(status).headers(all).send(body);
  }

  private asGatewayError(thrown: unknown, request: FastifyRequest): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    const { driverError } = (thrown ?? {}) as { driverError?: unknown };
    // TypeORM wraps whatever a statement fails with
    if (driverError instanceof GatewayError) return driverError;
    const status = statusOf(thrown);
    let code = status === null ? undefined : codeOfStatus[status];
    // the router knows no difference between a path that is not there and one that takes another method
    if (code === 'not_found' && allowedMethods(request).length > 0) code = 'method_not_allowed';
    if (code !== undefined)
      return new GatewayError(code, explain(code, thrown, request), { cause: thrown });
    this.logger.error(
      `${request.method} ${request.url.split('?')[0]} failed (${request.id})`,
      thrown instanceof Error ? thrown.stack : String(thrown),
    );
    const sqliteCode = (driverError as { code?: unknown } | undefined)?.code;
    if (typeof sqliteCode === 'string' && storageCodes.test(sqliteCode)) {
      return new GatewayError(
        'storage_unavailable',
        `The gateway cannot use its database (${sqliteCode}). Free disk space, or check the data directory, then try again.`,
        { cause: thrown },
      );
    }
    return new GatewayError(
      'internal_error',
      `The gateway failed in a way it did not expect; its log says why under the id ${request.id}.`,
    );
  }
}

function statusOf(thrown: unknown): number | null {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : null;
}

function explain(code: ErrorCode, thrown: unknown, request: FastifyRequest): string {
  const path = request.url.split('?')[0] ?? '';
  switch (code) {
    case 'not_found':
      return `There is no ${request.method} ${path.slice(0, 200)} here. Inference: POST /v1/chat/completions, /v1/responses, /v1/completions, /v1/embeddings, /v1/messages, /v1beta/models/<model>:generateContent, GET /v1/models; management: /api.`;
    case 'method_not_allowed':
      return `${path} takes ${allowedMethods(request).join(', ')}, not ${request.method}.`;
    case 'unsupported_media_type':
      return 'The body must be JSON: send `content-type: application/json`.';
    case 'request_too_large':
      return 'The request body is too large for this path.';
    default:
      return thrown instanceof Error ? thrown.message : 'The request is not valid.';
  }
}
