import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What the HTTP parser or its time limits found; `rawPacket` is what came, where it was the parser. */
export interface BrokenHttp extends Error {
  readonly code?: string;
  readonly rawPacket?: unknown;
}

/** First byte of a TLS handshake. */
const tlsHandshake = 0x16;

/**
 * Answers what is no request, or no whole one, and ends the connection. There is no path to tell the protocol by: the body is
 * one that OpenAI and Anthropic clients both read.
 */
export function answerBrokenHttp(broken: BrokenHttp, socket: Socket): void {
  const { code } = broken;
  // an answer that has begun would be spoilt by a second one; Node keeps it there, and looks the same way
  const { _httpMessage: answer } = socket as { _httpMessage?: ServerResponse };
  if (code === 'ECONNRESET' || !socket.writable || answer?.headersSent === true) {
    socket.destroy(broken);
    return;
  }
  const [status, errorCode, message] = describe(broken);
  const error = { type: 'invalid_request_error', code: errorCode, message, param: null };
  const body = JSON.stringify({ type: 'error', error });
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

function describe({
  code,
  message,
  rawPacket,
}: BrokenHttp): readonly [status: string, code: string, message: string] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return [
      '408 Request Timeout',
      'request_timeout',
      'The request did not arrive whole in time. Send it again.',
    ];
  if (code === 'HPE_HEADER_OVERFLOW')
    return [
      '431 Request Header Fields Too Large',
      'invalid_request',
      'The headers of the request are too large. Send fewer or shorter ones.',
    ];
  if (rawPacket instanceof Uint8Array && rawPacket[0] === tlsHandshake)
    return [
      '400 Bad Request',
      'invalid_request',
      'This port speaks HTTP, not HTTPS: write `http://` in the address.',
    ];
  const reason = message.replace(/^Parse Error: /, '');
  return [
    '400 Bad Request',
    'invalid_request',
    `What came is not a valid HTTP/1.1 request: ${reason}.`,
  ];
}
