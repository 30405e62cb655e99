import { GatewayError } from '#translation';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';

const maxBodyBytes = 32 * 1024 * 1024;

/**
 * Takes the raw bytes of a request, after the caller was authenticated. A body that came in one piece is not copied;
 * of a larger one each piece is copied to its place as it comes, so that no single moment pays for all of it.
 * The server's request timeout ends bodies that trickle in.
 * @throws GatewayError 413, 415 or `request_cancelled`.
 */
export function readRequestBody(request: FastifyRequest): Promise<Buffer> {
  const { raw } = request;
  const announcedBytes = assertReadable(raw);
  const body = new BodyBytes(announcedBytes);
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      raw.removeListener('data', onData);
      raw.removeListener('end', onEnd);
      raw.removeListener('close', onClose);
    };
    const fail = (error: GatewayError): void => {
      stop();
      reject(error);
    };
    const onData = (piece: Buffer): void => {
      body.add(piece);
      if (body.byteCount > maxBodyBytes) fail(tooLarge(body.byteCount));
    };
    const onEnd = (): void => {
      stop();
      resolve(body.bytes());
    };
    const onClose = (): void =>
      fail(new GatewayError('request_cancelled', 'The caller left before the request was whole.'));
    raw.on('data', onData);
    raw.once('end', onEnd);
    raw.once('close', onClose);
  });
}

/** The pieces of a body, put together with as few copies as possible. */
class BodyBytes {
  byteCount = 0;
  private first: Buffer | null = null;
  private whole: Buffer | null = null;

  constructor(private readonly announcedBytes: number) {}

  add(piece: Buffer): void {
    const at = this.byteCount;
    this.byteCount += piece.length;
    if (this.byteCount > maxBodyBytes) return;
    if (at === 0) {
      this.first = piece;
      return;
    }
    this.room().set(piece, at);
  }

  bytes(): Buffer {
    if (this.whole !== null) return this.whole.subarray(0, this.byteCount);
    return this.first ?? Buffer.alloc(0);
  }

  /** Grows by doubling where the length was not announced (chunked bodies). */
  private room(): Buffer {
    if (this.whole !== null && this.whole.length >= this.byteCount) return this.whole;
    const size = Math.min(maxBodyBytes, Math.max(this.announcedBytes, this.byteCount * 2));
    const larger = Buffer.allocUnsafeSlow(size);
    larger.set(this.whole ?? this.first ?? Buffer.alloc(0), 0);
    this.first = null;
    this.whole = larger;
    return larger;
  }
}

/** @returns the announced length of the body, 0 when it is not known. */
function assertReadable(raw: IncomingMessage): number {
  const { headers } = raw;
  const type = headers['content-type'];
  if (type !== undefined && !/^application\/(json|[\w.+-]+\+json)\b/i.test(type)) {
    throw new GatewayError(
      'unsupported_media_type',
      `The body must be JSON: send \`content-type: application/json\`, not \`${type.slice(0, 80)}\`.`,
    );
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new GatewayError(
      'unsupported_media_type',
      'Compressed request bodies are not accepted: send the JSON as it is, without `content-encoding`.',
    );
  }
  const length = Number(headers['content-length'] ?? 0);
  if (length > maxBodyBytes) throw tooLarge(length);
  return length;
}

function tooLarge(byteCount: number): GatewayError {
  const mebibytes = maxBodyBytes / 1024 / 1024;
  return new GatewayError(
    'request_too_large',
    `The request body is too large (${byteCount} bytes or more): at most ${mebibytes} MiB are taken. Send images by URL or make them smaller.`,
  );
}
