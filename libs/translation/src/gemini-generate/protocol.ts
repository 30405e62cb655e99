import type { Protocol } from '../protocol.js';
import { compileEnvelopeReader } from '../shared/request/read-envelope.js';
import { readUpstreamFault } from '../shared/upstream-fault.js';
import { decodeRequest } from './decode-request.js';
import { decodeResponse } from './decode-response.js';
import { createStreamDecoder } from './decode-stream.js';
import { encodeRequest } from './encode-request.js';
import { encodeResponse } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';
import { envelopeRules, passthroughEdits } from './envelope.js';
import { encodeError, encodeStreamError } from './error-mapping.js';
import { createStreamTap, readAnswer } from './read-answer.js';

/** Google's `models/{model}:generateContent` and `:streamGenerateContent?alt=sse`. The URL names the model. */
export const geminiGenerate: Protocol = {
  id: 'gemini-generate',
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
  encodeError,
  encodeStreamError,
  decodeError: readUpstreamFault,
  // an empty frame: Google's Python SDK takes every line that is not empty for JSON
  heartbeat: () => '\r\n\r\n',
};
