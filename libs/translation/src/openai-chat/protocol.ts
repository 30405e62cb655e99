import type { Protocol } from '../protocol.js';
import { compileEnvelopeReader } from '../shared/request/read-envelope.js';
import { encodeOpenaiError } from '../shared/openai-error.js';
import { readUpstreamFault } from '../shared/upstream-fault.js';
import { sseComment } from '../shared/stream/sse-comment.js';
import { decodeRequest } from './decode-request.js';
import { decodeResponse } from './decode-response.js';
import { createStreamDecoder } from './decode-stream.js';
import { encodeRequest } from './encode-request.js';
import { encodeResponse } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';
import { envelopeRules, passthroughEdits } from './envelope.js';
import { encodeStreamError } from './error-mapping.js';
import { createStreamTap, readAnswer } from './read-answer.js';

/** OpenAI's `/v1/chat/completions` and the dialects of those who copy it. */
export const openaiChat: Protocol = {
  id: 'openai-chat',
  readEnvelope: compileEnvelopeReader(envelopeRules),
  passthroughEdits,
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
  decodeError: readUpstreamFault,
  heartbeat: sseComment,
};
