import type {
  ContentPart,
  MediaPart,
  RawJson,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../../canonical/content.js';
import { toolCallId } from '../../shared/reply-ids.js';
import { argumentsObject } from '../../shared/request/arguments-object.js';
import type { ToolNames } from '../../shared/request/tool-names.js';
import { returnsTo } from '../../shared/request/returns-to.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import { JsonText } from '../../shared/json/write-json.js';
import type { Block, MediaBlock, TextBlock, ToolResultBlock } from '../wire.js';

/** The blocks of one turn, tool results first as the API demands. @throws GatewayError `unsupported_by_target` */
export function encodeParts(
  parts: readonly ContentPart[],
  names: ToolNames,
  report: TranslationReport,
): Block[] {
  const results = parts.filter((part) => part.type === 'tool-result');
  const others = parts.filter((part) => part.type !== 'tool-result');
  return [...results, ...others].flatMap((part) => encodePart(part, names, report));
}

function encodePart(part: ContentPart, names: ToolNames, report: TranslationReport): Block[] {
  switch (part.type) {
    case 'text':
      return encodeText(part, report);
    case 'media':
      return [encodeMedia(part, report)];
    case 'tool-call':
      report.droppedToken(part);
      return [encodeToolCall(part, names)];
    case 'tool-result':
      return [encodeToolResult(part, report)];
    case 'reasoning':
      return encodeReasoning(part, report);
    case 'refusal':
      report.warn('renamed', part.path, 'a refusal was sent as text');
      return [{ type: 'text', text: part.text }];
    case 'native':
      if (part.protocol === 'anthropic-messages') return [new JsonText(part.raw.json)];
      return report.refuse(part.path, `it has no place for a "${part.kind}" part`, 'Remove it.');
  }
}

/** Empty and blank texts are refused by the API. */
export function encodeText(part: TextPart, report: TranslationReport): TextBlock[] {
  report.droppedToken(part);
  if (part.text.trim() !== '') {
    return [{ type: 'text', text: part.text, cache_control: encodeCacheMark(part.cacheMark) }];
  }
  if (part.text !== '')
    report.dropped(part.path, 'a text of nothing but white space is refused there');
  return [];
}

/** Copied literally: a marker made anew would lose its time to live. */
export function encodeCacheMark(mark: RawJson | null): JsonText | undefined {
  return mark === null ? undefined : new JsonText(mark.json);
}

const imageTypes = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

function encodeMedia(part: MediaPart, report: TranslationReport): MediaBlock {
  const { kind } = part;
  if (kind === 'audio' || kind === 'video')
    report.refuse(part.path, `it takes no ${kind}`, 'Send a transcript.');
  const block = {
    type: kind,
    title: part.kind === 'document' ? (part.name ?? undefined) : undefined,
    cache_control: encodeCacheMark(part.cacheMark),
  };
  const { source } = part;
  if (source.type === 'url') return { ...block, source };
  if (source.type === 'provider-file') {
    // Only Anthropic's own ids have Anthropic's prefix.
    if (source.id.startsWith('file_'))
      return { ...block, source: { type: 'file', file_id: source.id } };
    report.refuse(
      part.path,
      'an uploaded file is known to its provider alone',
      'Send its bytes inline.',
    );
  }
  const mediaType = part.mediaType === 'image/jpg' ? 'image/jpeg' : (part.mediaType ?? 'unknown');
  const isTaken =
    part.kind === 'image' ? imageTypes.has(mediaType) : mediaType === 'application/pdf';
  if (isTaken)
    return { ...block, source: { type: 'base64', media_type: mediaType, data: source.base64 } };
  const taken = part.kind === 'image' ? 'JPEG, PNG, GIF and WebP images' : 'PDF documents';
  return report.refuse(part.path, `it takes ${taken}, not ${mediaType}`, 'Convert it.');
}

function encodeToolCall(call: ToolCallPart, names: ToolNames): Block {
  return {
    type: 'tool_use',
    id: toolCallId(call.id),
    name: names.wireName(call),
    input: argumentsObject(call),
    cache_control: encodeCacheMark(call.cacheMark),
  };
}

function encodeToolResult(result: ToolResultPart, report: TranslationReport): ToolResultBlock {
  const [first] = result.parts;
  const isPlain = result.parts.length === 1 && first?.type === 'text' && first.cacheMark === null;
  const blocks = result.parts.flatMap((part): (TextBlock | MediaBlock)[] =>
    part.type === 'text' ? encodeText(part, report) : [encodeMedia(part, report)],
  );
  return {
    type: 'tool_result',
    tool_use_id: toolCallId(result.callId),
    content: isPlain ? first.text : blocks.length === 0 ? '' : blocks,
    is_error: result.isError ? true : undefined,
    cache_control: encodeCacheMark(result.cacheMark),
  };
}

/** Unsigned thinking, and thinking signed elsewhere, would be refused. */
function encodeReasoning(
  { text, opaque, path }: ReasoningPart,
  report: TranslationReport,
): Block[] {
  if (!returnsTo(opaque, 'anthropic-messages', report.target)) {
    report.dropped(path, 'Anthropic takes back only reasoning that it signed itself');
    return [];
  }
  return opaque.kind === 'redacted'
    ? [{ type: 'redacted_thinking', data: opaque.data }]
    : [{ type: 'thinking', thinking: text, signature: opaque.data }];
}
