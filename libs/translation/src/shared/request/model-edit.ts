import type { ByteEdit, RequestEnvelope } from '../../protocol.js';

/** Names the upstream's model, where the body names one at all and another. */
export function modelEdit(envelope: RequestEnvelope, upstreamModel: string): ByteEdit[] {
  if (envelope.modelSpan === null || envelope.model === upstreamModel) return [];
  return [{ span: envelope.modelSpan, text: JSON.stringify(upstreamModel) }];
}
