export {
  removeForeignThinking,
  type ForeignThinking,
} from './anthropic-messages/request/remove-foreign-thinking.js';
export * from './canonical/content.js';
export { findSchemaMismatch } from './json-schema/find-schema-mismatch.js';
export { findCapabilityFaults } from './capabilities/capability-fields.js';
export { defaultCapabilities } from './capabilities/default-capabilities.js';
export * from './capabilities/model-capabilities.js';
export { modelFamily } from './capabilities/model-family.js';
export * from './canonical/finish-reason.js';
export * from './canonical/request.js';
export * from './canonical/response.js';
export * from './canonical/stream-event.js';
export * from './canonical/usage.js';
export * from './errors/error-codes.js';
export { createArrayFraming, type ArrayFraming } from './gemini-generate/reply/array-framing.js';
export * from './errors/gateway-error.js';
export { sniffMediaType } from './media/sniff-media-type.js';
export { unfetchedMedia, withMediaBytes, type MediaBytes } from './media/url-media.js';
export * from './protocol.js';
export { protocols, wireProtocols } from './protocols.js';
export { validateAgainstSchema } from './json-schema/validate-against-schema.js';
export { collectStream } from './shared/stream/collect-stream.js';
export { estimateRequestTokens } from './shared/estimate-request-tokens.js';
export { estimateTokens } from './shared/estimate-tokens.js';
export { opaqueEnvelopeMark } from './shared/tokens/opaque-envelope.js';
export { createRestorer, restoreResponse, type Restorer } from './shared/reply/create-restorer.js';
export { nothingToRestore, type Restoration } from './shared/reply/restoration.js';
export { createSseReader, type SseReader } from './shared/stream/sse-text.js';
