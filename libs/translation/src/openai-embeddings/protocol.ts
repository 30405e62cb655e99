import { encodeStreamError } from '../openai-chat/error-mapping.js';
import { createStreamTap } from '../openai-chat/read-answer.js';
import type { WireProtocol } from '../protocol.js';
import { compileEnvelopeReader } from '../shared/request/read-envelope.js';
import { encodeOpenaiError } from '../shared/openai-error.js';
import { readUpstreamFault } from '../shared/upstream-fault.js';
import { sseComment } from '../shared/stream/sse-comment.js';
import { envelopeRules, passthroughEdits } from './envelope.js';
import { readAnswer } from './read-answer.js';
import { repairAnswer } from './repair-answer.js';

/** OpenAI's `/v1/embeddings`. Vectors of one model mean nothing to another, so nothing is translated. */
export const openaiEmbeddings: WireProtocol = {
  id: 'openai-embeddings',
  readEnvelope: compileEnvelopeReader(envelopeRules),
  passthroughEdits,
  // there is no such stream; whatever comes is read as OpenAI's others
  createStreamTap,
  readAnswer,
  repairAnswer,
  encodeError: encodeOpenaiError,
  encodeStreamError,
  decodeError: readUpstreamFault,
  heartbeat: sseComment,
};
