import { GatewayError } from '#translation';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';

export const maxBodyBytes = 32 * 1024 * 1024;

/**
 * Takes the raw bytes of a request, after the caller was authenticated. A body that came in one piece is not
 * copied; otherwise there is one copy.
 * The server's request timeout ends bodies that trickle in.
 * @throws GatewayError 413, 415 or `request_cancelled`.
 */
export function readRequestBody(request: FastifyRequest): Promise<Buffer> {
  const raw = request.raw;
  assertReadable(raw);
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let byteCount = 0;
    const stop = (): void => {
      raw.removeAllListeners('data');
      raw.removeListener('end', onEnd);
      raw.removeListener('close', onClose);
    };
    const fail = (code: 'request_too_large' | 'request_cancelled', text: string): void => {
      stop();
      reject(new GatewayError(code, text));
    };
    const onEnd = (): void => {
      stop();
      const [only] = pieces;
      resolve(pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces, byteCount));
    };
    const onClose = (): void => fail('request_cancelled', 'The caller left before the request was whole.');
    raw.on('data', (piece: Buffer) => {
      byteCount += piece.length;
      if (byteCount > maxBodyBytes) fail('request_too_large', tooLarge(byteCount));
      else pieces.push(piece);
    });
    raw.once('end', onEnd);
    raw.once('close', onClose);
  });
}

function assertReadable(raw: IncomingMessage): void {
  const { headers } = raw;
  const type = headers['content-type'];
  if (type !== undefined && !/^application\/(json|[\w.+-]+\+json)\b/i.test(type)) {
    throw new GatewayError('unsupported_media_type', `The body must be JSON: send \`content-type: application/json\`, not \`${type.slice(0, 80)}\`.`);
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new GatewayError('unsupported_media_type', 'Compressed request bodies are not accepted: send the JSON as it is, without `content-encoding`.');
  }
  const length = Number(headers['content-length'] ?? 0);
  if (length > maxBodyBytes) throw new GatewayError('request_too_large', tooLarge(length));
}

function tooLarge(byteCount: number): string {
  const mebibytes = maxBodyBytes / 1024 / 1024;
  return `The request body is too large (${byteCount} bytes or more): at most ${mebibytes} MiB are taken. Send images by URL or make them smaller.`;
}
