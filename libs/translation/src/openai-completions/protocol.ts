import { encodeStreamError } from '../openai-chat/error-mapping.js';
import { passthroughEdits } from '../openai-chat/envelope.js';
import type { ClientProtocol } from '../protocol.js';
import { compileEnvelopeReader } from '../shared/request/read-envelope.js';
import { encodeOpenaiError } from '../shared/openai-error.js';
import { readUpstreamFault } from '../shared/upstream-fault.js';
import { sseComment } from '../shared/stream/sse-comment.js';
import { decodeRequest } from './decode-request.js';
import { encodeResponse } from './encode-response.js';
import { createStreamEncoder } from './encode-stream.js';
import { envelopeRules } from './envelope.js';
import { createStreamTap, readAnswer } from './read-answer.js';

/**
 * OpenAI's older `/v1/completions`. Targets that speak it get the bytes; others are asked in chat, with the prompt as
 * the one user message.
 */
export const openaiCompletions: ClientProtocol = {
  id: 'openai-completions',
  readEnvelope: compileEnvelopeReader(envelopeRules),
  passthroughEdits,
  createStreamTap,
  readAnswer,
  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  encodeError: encodeOpenaiError,
  encodeStreamError,
  decodeError: readUpstreamFault,
  heartbeat: sseComment,
};
