import { BodyMemory, EditableBody } from '#adapters';
import { GatewayError } from '#translation';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { getHeapStatistics } from 'node:v8';
import { noteBodyRead } from '../common/http/body-read.js';
import { keepFreedMemory } from '../common/keep-freed-memory.js';

const mebibyte = 1024 * 1024;
const maxBodyBytes = 32 * mebibyte;
/** A body that is translated exists four times for a moment: as bytes, text, parts and new text. */
const translationFactor = 4;
/** A body up to this size is worth no listeners once it is here; in several pieces, joining it copies little. */
const maxBytesAtOnce = 64 * 1024;
const allBodiesBytes = Math.max(
  2 * maxBodyBytes,
  Math.min(512 * mebibyte, getHeapStatistics().heap_size_limit / 2 / translationFactor),
);
/** Of the process, as memory is. */
const processMemory = new BodyMemory(allBodiesBytes);

/**
 * Takes the raw bytes of a request, after the caller was authenticated. A body that came in one piece is not copied;
 * of a larger one each piece is copied to its place as it comes, so that no single moment pays for all of it.
 * The server's request timeout ends bodies that trickle in. Release the body when its request is over.
 * @throws GatewayError 413, 415, 503 when bodies take all the memory they may, or `request_cancelled`.
 */
export function readRequestBody(
  { raw }: Pick<FastifyRequest, 'raw'>,
  memory = processMemory,
): EditableBody | Promise<EditableBody> {
  const announcedBytes = assertReadable(raw);
  // It may have told of its end already: nobody would hear it again.
  if (raw.destroyed) throw callerLeft();
  return takeAtOnce(raw, announcedBytes) ?? readPieces(raw, new BodyBytes(announcedBytes, memory));
}

/** A small body has usually come with its head: then listeners and another turn would be for nothing. */
function takeAtOnce(raw: IncomingMessage, announcedBytes: number): EditableBody | null {
  const { complete, readableLength } = raw;
  // the parser lets handlers run between the last byte and the end of the message
  const isHere = complete || (announcedBytes > 0 && readableLength === announcedBytes);
  if (!isHere || readableLength > maxBytesAtOnce) return null;
  const bytes = raw.read() as Buffer | null;
  // or nobody would come to know of the end, which closes the message
  if (!complete) raw.resume();
  noteBodyRead(raw);
  return new EditableBody(bytes ?? Buffer.alloc(0));
}

function readPieces(raw: IncomingMessage, body: BodyBytes): Promise<EditableBody> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      raw.removeListener('data', onData);
      raw.removeListener('end', onEnd);
      raw.removeListener('close', onClose);
    };
    const fail = (error: unknown): void => {
      stop();
      body.discard();
      reject(error);
    };
    const onData = (piece: Buffer): void => {
      try {
        body.add(piece);
      } catch (error) {
        fail(error);
      }
    };
    const onEnd = (): void => {
      stop();
      resolve(body.whole());
    };
    const onClose = (): void => fail(callerLeft());
    raw.on('data', onData);
    raw.once('end', onEnd);
    raw.once('close', onClose);
  });
}

/** The pieces of a body, put together with as few copies as possible. */
class BodyBytes {
  private byteCount = 0;
  private first: Buffer | null = null;
  private room: Buffer | null = null;

  constructor(
    private readonly announcedBytes: number,
    private readonly memory: BodyMemory,
  ) {}

  add(piece: Buffer): void {
    const at = this.byteCount;
    this.byteCount += piece.length;
    if (this.byteCount > maxBodyBytes) throw tooLarge(this.byteCount);
    if (at === 0) {
      this.first = piece;
      return;
    }
    this.roomFor(this.byteCount).set(piece, at);
  }

  whole(): EditableBody {
    const { memory, room } = this;
    if (room === null) return new EditableBody(this.first ?? Buffer.alloc(0));
    return new EditableBody(room.subarray(0, this.byteCount), (mayStillBeRead) =>
      memory.giveBack(room, mayStillBeRead),
    );
  }

  discard(): void {
    if (this.room !== null) this.memory.giveBack(this.room);
    this.room = null;
  }

  /** Grows by doubling where the length was not announced (chunked bodies). */
  private roomFor(byteCount: number): Buffer {
    const { room } = this;
    if (room !== null && room.length >= byteCount) return room;
    if (this.announcedBytes >= mebibyte || byteCount >= mebibyte) keepFreedMemory();
    const wanted = byteCount <= this.announcedBytes ? this.announcedBytes : byteCount * 2;
    const larger = this.memory.take(Math.min(maxBodyBytes, wanted));
    if (larger === null) throw noRoom();
    larger.set(room ?? this.first ?? Buffer.alloc(0), 0);
    this.first = null;
    this.discard();
    this.room = larger;
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

function callerLeft(): GatewayError {
  return new GatewayError('request_cancelled', 'The caller left before the request was whole.');
}

function noRoom(): GatewayError {
  return new GatewayError(
    'gateway_overloaded',
    'The gateway holds as many large request bodies as its memory allows. Try again in a moment, or give it more memory (`NODE_OPTIONS=--max-old-space-size=…`, in MiB).',
    { retryAfterMs: 1_000 },
  );
}

function tooLarge(byteCount: number): GatewayError {
  const mebibytes = maxBodyBytes / mebibyte;
  return new GatewayError(
    'request_too_large',
    `The request body is too large (${byteCount} bytes or more): at most ${mebibytes} MiB are taken. Send images by URL or make them smaller.`,
  );
}
