import type { CanonicalResponse, ResponsePart } from '../canonical/response.js';
import type { ReplyContext } from '../protocol.js';
import { asRecord, tryParse } from '../shared/json/json-access.js';
import { invalidArguments } from '../shared/reply/invalid-arguments.js';
import { replyId, ToolCallIds } from '../shared/reply-ids.js';
import { settleRefusal } from '../shared/settle-finish-reason.js';
import { JsonText, writeJson } from '../shared/json/write-json.js';
import { encodeCitation } from './reply/encode-citation.js';
import { encodeStop } from './finish-reason-mapping.js';
import { reasoningBlock, tokenBlocks } from './reply/token-blocks.js';
import { encodeUsage } from './usage-mapping.js';
import { flatMap } from '../shared/flat-map.js';

/** @throws GatewayError `upstream_invalid_response` for a finished tool call whose arguments are no object */
export function encodeResponse(response: CanonicalResponse, context: ReplyContext): string {
  const ids = new ToolCallIds('toolu_', context.requestId);
  const isCut = response.finishReason === 'length' || response.finishReason === 'content-filter';
  const hasRefusal = response.parts.some((part) => part.type === 'refusal');
  return writeJson({
    id: replyId('msg_', response.id, context.requestId),
    type: 'message',
    role: 'assistant',
    model: response.model ?? context.model,
    content: flatMap(response.parts, (part) => encodePart(part, ids, isCut)),
    ...encodeStop(settleRefusal(response.finishReason, hasRefusal), response.finishDetail),
    usage: encodeUsage(response.usage),
  });
}

function encodePart(part: ResponsePart, ids: ToolCallIds, isCut: boolean): unknown[] {
  switch (part.type) {
    case 'text':
      return [...(part.text === '' ? [] : [encodeText(part)]), ...tokenBlocks('text', part.opaque)];
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'reasoning':
      return [reasoningBlock(part.text, part.opaque)];
    case 'tool-call':
      return [
        {
          type: 'tool_use',
          id: ids.next(part.id),
          name: part.name,
          input: encodeInput(part.name, part.argumentsText, isCut),
        },
        ...tokenBlocks('tool-call', part.opaque),
      ];
    case 'native':
      return part.protocol === 'anthropic-messages' ? [new JsonText(part.raw.json)] : [];
  }
}

function encodeText({ text, citations }: Extract<ResponsePart, { type: 'text' }>): unknown {
  const cited = citations.length === 0 ? undefined : citations.map(encodeCitation);
  return { type: 'text', text, citations: cited };
}

function encodeInput(name: string, argumentsText: string, isCut: boolean): unknown {
  const text = argumentsText.trim();
  if (text === '' || text === 'null') return {};
  if (asRecord(tryParse(text)) !== null) return new JsonText(text);
  if (isCut) return new JsonText(invalidJsonWrapper(argumentsText));
  throw invalidArguments(name);
}

/**
 * Anthropic's own advice for JSON that a token limit has cut off.
 * https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/fine-grained-tool-streaming
 */
export function invalidJsonWrapper(argumentsText: string): string {
  return JSON.stringify({ INVALID_JSON: argumentsText });
}
