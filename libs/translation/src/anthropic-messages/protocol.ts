import type { Protocol } from '../protocol.js';
import { modelEdit } from '../shared/request/model-edit.js';
import { compileEnvelopeReader } from '../shared/request/read-envelope.js';
import { readUpstreamFault } from '../shared/upstream-fault.js';
import { decodeRequest } from './decode-request.js';
import { decodeResponse } from './decode-response.js';
import { createStreamDecoder } from './decode-stream.js';
import { encodeRequest } from './encode-request.js';
import { encodeResponse } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';
import { envelopeRules } from './envelope.js';
import { encodeError, encodeStreamError } from './error-mapping.js';
import { createStreamTap, readAnswer } from './read-answer.js';

/** Anthropic's `/v1/messages` and the dialects of those who copy it. */
export const anthropicMessages: Protocol = {
  id: 'anthropic-messages',
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
  encodeError,
  encodeStreamError,
  decodeError: readUpstreamFault,
  // as Anthropic itself does
  heartbeat: (note) => `: ${note}\nevent: ping\ndata: {"type": "ping"}\n\n`,
};
