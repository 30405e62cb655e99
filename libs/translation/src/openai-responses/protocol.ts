import type { Protocol } from '../protocol.js';
import { encodeOpenaiError } from '../shared/openai-error.js';
import { compileEnvelopeReader } from '../shared/request/read-envelope.js';
import { modelEdit } from '../shared/request/model-edit.js';
import { readUpstreamFault } from '../shared/upstream-fault.js';
import { sseComment } from '../shared/stream/sse-comment.js';
import { decodeRequest } from './decode-request.js';
import { decodeResponse } from './decode-response.js';
import { createStreamDecoder } from './decode-stream.js';
import { encodeRequest } from './encode-request.js';
import { encodeResponse } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';
import { envelopeRules } from './envelope.js';
import { encodeStreamError, encodeStreamFailure } from './error-mapping.js';
import { createStreamTap, readAnswer } from './read-answer.js';

/** OpenAI's `/v1/responses` and the dialects of those who copy it. */
export const openaiResponses: Protocol = {
  id: 'openai-responses',
  readEnvelope: compileEnvelopeReader(envelopeRules),
  passthroughEdits: modelEdit,
  createStreamTap,
  readAnswer,
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  createStreamDecoder,
  createStreamEncoder,
  encodeError: encodeOpenaiError,
  encodeStreamError,
  encodeStreamFailure,
  decodeError: readUpstreamFault,
  heartbeat: sseComment,
};
