import type {
  ContentPart,
  MediaPart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
} from '../../canonical/content.js';
import { JsonText } from '../../shared/json/write-json.js';
import { toolCallId } from '../../shared/reply-ids.js';
import { argumentsObject } from '../../shared/tools/arguments-object.js';
import { dropCacheMark } from '../../shared/request/cache-marks.js';
import { ownToken } from '../../shared/tokens/own-token.js';
import { unsignedCallMark } from '../../shared/tools/unsigned-call-mark.js';
import type { ToolNames } from '../../shared/tools/tool-names.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import type { WirePart } from '../wire.js';
import { encodeMedia } from './encode-media.js';
import type { AnsweredCall } from './pair-tool-results.js';
import { flatMap } from '../../shared/flat-map.js';

type Encoded = WirePart | JsonText;

/** Parts other than tool results. @throws GatewayError `unsupported_by_target` */
export function encodeParts(
  parts: readonly ContentPart[],
  names: ToolNames,
  report: TranslationReport,
): Encoded[] {
  const firstCall = parts.find((part) => part.type === 'tool-call');
  return flatMap(parts, (part): Encoded[] => {
    switch (part.type) {
      case 'text':
        return encodeText(part, report);
      case 'media':
        dropCacheMark(part, report);
        return encodeMedia(part, report);
      case 'tool-call':
        return [encodeToolCall(part, part === firstCall, names, report)];
      case 'reasoning':
        return encodeReasoning(part, report);
      case 'refusal':
        report.warn('renamed', part.path, 'a refusal was sent as text');
        return [{ text: part.text }];
      case 'native':
        if (part.protocol === 'gemini-generate') return [new JsonText(part.raw.json)];
        report.refuseOrDrop(part.path, `it has no place for a "${part.kind}" part`, 'Remove it.');
        return [];
      case 'tool-result':
        return [];
    }
  });
}

/** An empty text is refused, unless it bears a signature. */
export function encodeText(part: TextPart, report: TranslationReport): WirePart[] {
  dropCacheMark(part, report);
  const thoughtSignature = ownToken(part, 'gemini-generate', report)?.data;
  if (part.text === '' && thoughtSignature === undefined) return [];
  return [{ text: part.text, thoughtSignature }];
}

/** Only thinking that the target's own models have signed may return. */
function encodeReasoning(part: ReasoningPart, report: TranslationReport): WirePart[] {
  if (part.opaque === null) {
    report.dropped(part.path, 'Gemini takes back only reasoning that it signed itself');
    return [];
  }
  const thoughtSignature = ownToken(part, 'gemini-generate', report)?.data;
  if (thoughtSignature === undefined) return [];
  return [{ text: part.text, thought: true, thoughtSignature }];
}

/** Of parallel calls, only the first is signed; Gemini 3 refuses it unsigned. */
function encodeToolCall(
  call: ToolCallPart,
  isFirst: boolean,
  names: ToolNames,
  report: TranslationReport,
): WirePart {
  dropCacheMark(call, report);
  const own = ownToken(call, 'gemini-generate', report)?.data;
  const needsDummy = isFirst && report.target.capabilities.needsCallSignatures;
  return {
    functionCall: {
      id: toolCallId(call.id),
      name: names.wireName(call),
      args: argumentsObject(call),
    },
    thoughtSignature: own ?? (needsDummy ? unsignedCallMark : undefined),
  };
}

/** A result, and the media that its place cannot hold. */
export interface EncodedResult {
  readonly response: WirePart;
  readonly carriedOver: readonly WirePart[];
}

/** Google reads the keys `output` and `error`; text is always wrapped, even where it is JSON itself. */
export function encodeToolResult(
  { call, result }: AnsweredCall,
  names: ToolNames,
  report: TranslationReport,
): EncodedResult {
  dropCacheMark(result, report);
  const texts: string[] = [];
  const media: MediaPart[] = [];
  for (const part of result.parts) {
    dropCacheMark(part, report);
    if (part.type === 'text') texts.push(part.text);
    else media.push(part);
  }
  const isInside =
    report.target.capabilities.takesToolResultMedia &&
    media.every(({ source }) => source.type === 'bytes');
  const parts = isInside ? flatMap(media, (part) => encodeMedia(part, report)) : [];
  const carriedOver = isInside
    ? []
    : flatMap(media, (part) => carryOver(part, result.callId, report));
  if (!isInside)
    texts.push(...media.map(({ kind }) => `[${kind}: see the text behind the results]`));
  const text = texts.join('\n');
  const functionResponse = {
    id: toolCallId(call.id),
    name: names.wireName(call),
    response: result.isError ? { error: text } : { output: text },
    parts: flatMap(parts, ({ inlineData }) => (inlineData === undefined ? [] : [{ inlineData }])),
  };
  const { parts: inside, ...plain } = functionResponse;
  return {
    response: { functionResponse: inside.length === 0 ? plain : functionResponse },
    carriedOver,
  };
}

function carryOver(part: MediaPart, callId: string, report: TranslationReport): WirePart[] {
  const encoded = encodeMedia(part, report);
  if (encoded.length === 0) return [];
  report.warn('emulated', part.path, 'moved behind the tool results');
  return [{ text: `Attachment of the result of tool call ${callId}:` }, ...encoded];
}
