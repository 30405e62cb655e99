import type {
  ContentPart,
  MediaPart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../../canonical/content.js';
import { decodeBase64Text } from '../../shared/request/data-uri.js';
import { toolCallId } from '../../shared/reply-ids.js';
import { argumentsObject } from '../../shared/tools/arguments-object.js';
import type { ToolNames } from '../../shared/tools/tool-names.js';
import { returnsTo } from '../../shared/tokens/returns-to.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import { encodeCacheMark } from '../../shared/request/cache-marks.js';
import { JsonText } from '../../shared/json/write-json.js';
import type { Block, MediaBlock, TextBlock, ToolResultBlock } from '../wire.js';
import { flatMap } from '../../shared/flat-map.js';

/** The blocks of one turn, tool results first as the API demands. @throws GatewayError `unsupported_by_target` */
export function encodeParts(
  parts: readonly ContentPart[],
  names: ToolNames,
  report: TranslationReport,
): Block[] {
  const results = parts.filter((part) => part.type === 'tool-result');
  const others = parts.filter((part) => part.type !== 'tool-result');
  return flatMap([...results, ...others], (part) => encodePart(part, names, report));
}

function encodePart(part: ContentPart, names: ToolNames, report: TranslationReport): Block[] {
  switch (part.type) {
    case 'text':
      return encodeText(part, report);
    case 'media':
      return encodeMedia(part, report);
    case 'tool-call':
      report.droppedToken(part);
      return [encodeToolCall(part, names, report)];
    case 'tool-result':
      return [encodeToolResult(part, report)];
    case 'reasoning':
      return encodeReasoning(part, report);
    case 'refusal':
      report.warn('renamed', part.path, 'a refusal was sent as text');
      return [{ type: 'text', text: part.text }];
    case 'native':
      if (part.protocol === 'anthropic-messages') return [new JsonText(part.raw.json)];
      report.refuseOrDrop(part.path, `it has no place for a "${part.kind}" part`, 'Remove it.');
      return [];
  }
}

/** Empty and blank texts are refused by the API. */
export function encodeText(part: TextPart, report: TranslationReport): TextBlock[] {
  report.droppedToken(part);
  if (part.text.trim() !== '') {
    return [{ type: 'text', text: part.text, ...encodeCacheMark(part, report) }];
  }
  if (part.text !== '')
    report.warn('removed', part.path, 'a text of nothing but white space is refused there');
  return [];
}

const imageTypes = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

function encodeMedia(part: MediaPart, report: TranslationReport): MediaBlock[] {
  const problem = problemOf(part, report);
  if (problem !== null) {
    report.refuseOrDrop(part.path, problem[0], problem[1]);
    return [];
  }
  if (part.detail !== undefined && part.detail !== null && part.detail !== 'auto')
    report.dropped(part.path, `images are looked at in one way, not in "${part.detail}" detail`);
  const isDocument = part.kind === 'document';
  return [
    {
      type: isDocument ? 'document' : 'image',
      source: encodeSource(part),
      title: isDocument ? (part.name ?? undefined) : undefined,
      ...encodeCacheMark(part, report),
    },
  ];
}

/** Why a medium cannot be sent, and what the caller can do. */
function problemOf(
  { kind, source, mediaType }: MediaPart,
  report: TranslationReport,
): [problem: string, wayOut: string] | null {
  const { inputs } = report.target.capabilities;
  if (!inputs.includes(kind) || kind === 'audio' || kind === 'video')
    return [`it takes no ${kind}`, kind === 'audio' ? 'Send a transcript.' : 'Send a text.'];
  if (source.type === 'url' && !inputs.includes(`${kind}-url`))
    return ['the target fetches nothing by itself', 'Send the bytes inline.'];
  // Only Anthropic's own ids have Anthropic's prefix.
  if (source.type === 'provider-file' && !source.id.startsWith('file_'))
    return ['an uploaded file is known to its provider alone', 'Send its bytes inline.'];
  if (source.type !== 'bytes') return null;
  const type = wireType(mediaType);
  if (kind === 'image')
    return imageTypes.has(type)
      ? null
      : [`it takes JPEG, PNG, GIF and WebP images, not ${type}`, 'Convert it.'];
  return type === 'application/pdf' || type.startsWith('text/')
    ? null
    : [`it takes PDF and text documents, not ${type}`, 'Convert it.'];
}

function wireType(mediaType: string | null): string {
  return mediaType === 'image/jpg' ? 'image/jpeg' : (mediaType ?? 'unknown');
}

function encodeSource({ source, mediaType }: MediaPart): MediaBlock['source'] {
  if (source.type === 'url') return source;
  if (source.type === 'provider-file') return { type: 'file', file_id: source.id };
  const type = wireType(mediaType);
  return type.startsWith('text/')
    ? { type: 'text', media_type: 'text/plain', data: decodeBase64Text(source.base64) }
    : { type: 'base64', media_type: type, data: source.base64 };
}

function encodeToolCall(call: ToolCallPart, names: ToolNames, report: TranslationReport): Block {
  return {
    type: 'tool_use',
    id: toolCallId(call.id),
    name: names.wireName(call),
    input: argumentsObject(call),
    ...encodeCacheMark(call, report),
  };
}

function encodeToolResult(result: ToolResultPart, report: TranslationReport): ToolResultBlock {
  const [first] = result.parts;
  const isPlain = result.parts.length === 1 && first?.type === 'text' && first.cacheMark === null;
  const blocks = flatMap(result.parts, (part): (TextBlock | MediaBlock)[] =>
    part.type === 'text' ? encodeText(part, report) : encodeMedia(part, report),
  );
  return {
    type: 'tool_result',
    tool_use_id: toolCallId(result.callId),
    content: isPlain ? first.text : blocks.length === 0 ? '' : blocks,
    is_error: result.isError ? true : undefined,
    ...encodeCacheMark(result, report),
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
