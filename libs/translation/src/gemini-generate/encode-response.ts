import type { CanonicalResponse, ResponsePart } from '../canonical/response.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { ReplyContext } from '../protocol.js';
import { ToolCallIds } from '../shared/reply-ids.js';
import { settleRefusal } from '../shared/settle-finish-reason.js';
import { JsonText, writeJson } from '../shared/json/write-json.js';
import { encodeFinish } from './finish-reason-mapping.js';
import { encodeCitations } from './reply/citation-mapping.js';
import { callPart, textPart } from './reply/encode-part.js';
import { encodeUsage } from './usage-mapping.js';
import type { WirePart } from './wire.js';
import { flatMap } from '../shared/flat-map.js';

/** @throws GatewayError `upstream_invalid_response` for a finished tool call whose arguments are no object */
export function encodeResponse(response: CanonicalResponse, context: ReplyContext): string {
  const { parts, finishReason, finishDetail, usage } = response;
  const ids = new ToolCallIds('call_', context.requestId);
  const isCut = finishReason === 'length' || finishReason === 'content-filter';
  const hasRefusal = parts.some((part) => part.type === 'refusal');
  const citations = flatMap(parts, (part) => (part.type === 'text' ? part.citations : []));
  return writeJson({
    candidates: [
      {
        content: { parts: flatMap(parts, (part) => encodePart(part, ids, isCut)), role: 'model' },
        ...encodeFinish(settleRefusal(finishReason, hasRefusal), finishDetail),
        index: 0,
        groundingMetadata: encodeCitations(citations),
      },
    ],
    usageMetadata:
      usage.inputTokens === null && usage.outputTokens === null ? undefined : encodeUsage(usage),
    modelVersion: response.model ?? context.model,
    responseId: response.id ?? context.requestId,
  });
}

function encodePart(part: ResponsePart, ids: ToolCallIds, isCut: boolean): (WirePart | JsonText)[] {
  switch (part.type) {
    case 'native':
      return part.protocol === 'gemini-generate' ? [new JsonText(part.raw.json)] : [];
    case 'tool-call': {
      const wire = callPart({ ...part, id: ids.next(part.id) });
      if (!(wire instanceof GatewayError)) return [wire];
      // a call that was cut off must not be run
      if (isCut) return [];
      throw wire;
    }
    default: {
      const opaque = part.type === 'refusal' ? null : part.opaque;
      const wire = textPart(part.type, part.text, opaque);
      return part.text === '' && wire.thoughtSignature === undefined ? [] : [wire];
    }
  }
}
