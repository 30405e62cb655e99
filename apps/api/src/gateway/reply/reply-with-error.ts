import type { GatewayError } from '#translation';
import { isBodyRead } from '../../common/http/body-read.js';
import { addAccount } from './head-of-answer.js';
import type { InferenceCall } from '../inference-call.js';
import { UpstreamRejection } from '../attempt/failure/upstream-rejection.js';

/**
 * Answers a request that has no answer, in the caller's own protocol, and notes it: as the error it is, or inside the stream
 * that waiting has begun.
 */
export function replyWithError(call: InferenceCall, error: GatewayError): void {
  const { record, reply, protocol } = call;
  record.error = error;
  if (error.code === 'request_cancelled' || reply.isGone) {
    record.outcome = 'cancelled';
    if (!reply.isCommitted) record.status = 499;
    reply.end();
    return;
  }
  record.outcome = error.row.origin === 'client' ? 'refused' : 'failed';
  if (reply.isCommitted) {
    record.served = null;
    reply.end(protocol.encodeStreamError(error, record.publicId));
    return;
  }
  const encoded = protocol.encodeError(error, record.publicId);
  const isOwnWords = !(error instanceof UpstreamRejection) || error.answer.protocol !== protocol.id;
  const body = isOwnWords ? encoded.body : error.answer.body;
  const type = isOwnWords ? 'application/json; charset=utf-8' : error.answer.contentType;
  record.status = encoded.status;
  const head = ['content-type', type, 'content-length', String(Buffer.byteLength(body))];
  for (const [name, value] of Object.entries(encoded.headers)) {
    if (name !== 'content-type') head.push(name, value);
  }
  // whatever of the body was not read would otherwise be read as the next request
  if (!isBodyRead(call.request.raw)) head.push('connection', 'close');
  reply.commit(encoded.status, addAccount(head, record));
  reply.end(body);
}
