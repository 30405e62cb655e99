import { GatewayError } from '#translation';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isInferencePath } from './inference-path.js';

const maxManagementBytes = 256 * 1024;

/**
 * One parser for all bodies. Inference bodies are left on the socket: they are read after the key was checked,
 * as raw bytes. Management bodies are small and must be JSON, which also keeps forms of other sites out.
 */
export function registerBodyParser(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  // the usual type by name: Fastify remembers what it found for a name, and searches each time for what only `*` takes
  const types = ['application/json', '*'];
  fastify.addContentTypeParser(types, (request: FastifyRequest, payload, done) => {
    if (isInferencePath(request.url)) {
      done(null, undefined);
      return;
    }
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      done(
        new GatewayError(
          'unsupported_media_type',
          'The body must be JSON: send `content-type: application/json`.',
        ),
      );
      return;
    }
    const pieces: Buffer[] = [];
    let byteCount = 0;
    payload.on('data', (piece: Buffer) => {
      byteCount += piece.length;
      if (byteCount <= maxManagementBytes) pieces.push(piece);
    });
    payload.once('error', (cause) => {
      const words = 'The caller left before the request was whole.';
      done(new GatewayError('request_cancelled', words, { cause }));
    });
    payload.once('end', () => {
      if (byteCount > maxManagementBytes) {
        done(
          new GatewayError(
            'request_too_large',
            'The body is too large: at most 256 KiB are taken here.',
          ),
        );
        return;
      }
      void parseJson(request, Buffer.concat(pieces).toString('utf8'), (error, body) => {
        if (error)
          done(
            new GatewayError('invalid_request', `The body is not valid JSON: ${error.message}.`, {
              cause: error,
            }),
          );
        else done(null, body);
      });
    });
  });
}
