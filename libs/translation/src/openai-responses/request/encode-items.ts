import type {
  ContentPart,
  ReasoningPart,
  RefusalPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../../canonical/content.js';
import type { CanonicalRequest, Turn } from '../../canonical/request.js';
import { JsonText } from '../../shared/json/write-json.js';
import { shortToolCallId } from '../../shared/reply-ids.js';
import { returnsTo } from '../../shared/tokens/returns-to.js';
import { toolErrorMark } from '../../shared/tools/tool-error-mark.js';
import { tellToolReferences } from '../../shared/tools/tell-tool-references.js';
import { freeformArguments, type ToolNames } from '../../shared/tools/tool-names.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import type { InputContent, InputItem } from '../wire.js';
import { encodeCacheMark, encodeParts, refusePart } from './encode-content.js';
import type { OwnFields } from './own-fields.js';
import { flatMap } from '../../shared/flat-map.js';

export interface EncodedInput {
  readonly instructions: string | undefined;
  readonly input: readonly InputItem[];
}

/** What encoding an item needs to know besides the item. */
interface Surroundings {
  readonly names: ToolNames;
  readonly own: OwnFields;
  readonly report: TranslationReport;
  /** Ids of calls whose tool takes plain text; their results must say so too. */
  readonly freeformCalls: ReadonlySet<string>;
}

/** Items in the order in which the caller wrote them. */
export function encodeInput(
  request: CanonicalRequest,
  names: ToolNames,
  own: OwnFields,
  report: TranslationReport,
): EncodedInput {
  const last = request.turns.at(-1);
  if (last?.role === 'assistant' && request.protocol === 'anthropic-messages') {
    report.refuse(
      last.path,
      'it would have to continue the last assistant message, which Responses do not promise',
      'End the messages with a user turn.',
    );
  }
  const calls = flatMap(request.turns, (turn) =>
    turn.parts.filter((part) => part.type === 'tool-call'),
  );
  const freeformCalls = new Set(
    calls.filter(({ isFreeform }) => isFreeform === true).map(({ id }) => id),
  );
  const around = { names, own, report, freeformCalls };
  const { instructions, leading } = encodeInstructions(request.instructions, report);
  return {
    instructions,
    input: [
      ...leading,
      ...flatMap(tellToolReferences(request.turns, report), (turn) => encodeTurn(turn, around)),
    ],
  };
}

/** A single text without a marker goes where the API wants it; several keep their bounds as messages. */
function encodeInstructions(
  parts: readonly TextPart[],
  report: TranslationReport,
): { instructions: string | undefined; leading: InputItem[] } {
  const { cacheMarks, instructionRole } = report.target.capabilities;
  const [first, ...rest] = parts;
  const isMarked = first?.cacheMark !== null && cacheMarks === 'openai';
  const isField =
    first !== undefined && (first.path === 'instructions' || (rest.length === 0 && !isMarked));
  if (isField) encodeCacheMark(first, report);
  const messages = (isField ? rest : parts).map((part): InputItem => ({
    type: 'message',
    role: instructionRole,
    content: encodeParts([part], report),
  }));
  return { instructions: isField ? first.text : undefined, leading: messages };
}

function encodeTurn(turn: Turn, around: Surroundings): InputItem[] {
  const { report, own } = around;
  if (turn.role === 'system') return [encodeSystem(turn, report)];
  return flatMap(runsOf(turn.parts), ({ path, parts }): InputItem[] => {
    const [first] = parts;
    if (first === undefined) return [];
    if (!isSpoken(first)) return encodeSingle(first, around);
    const isUser = turn.role === 'user';
    const content = isUser ? contentOf(encodeParts(parts, report)) : spokenContent(parts, report);
    // all of it may have been left out
    if (content.length === 0) return [];
    if (isUser) return [{ type: 'message', role: 'user', content }];
    const phase = own.take('openai-responses', `${path}.phase`);
    return [{ type: 'message', role: 'assistant', content, phase }];
  });
}

function encodeSystem(turn: Turn, report: TranslationReport): InputItem {
  const { takesMidSystem, instructionRole } = report.target.capabilities;
  const role = takesMidSystem ? instructionRole : 'user';
  if (role === 'user')
    report.warn('renamed', turn.path, 'a system message between turns was sent as a user message');
  return { type: 'message', role, content: contentOf(encodeParts(turn.parts, report)) };
}

interface Run {
  /** Of the caller's message where the parts are spoken, else of the part. */
  readonly path: string;
  readonly parts: readonly ContentPart[];
}

/** Neighbours that are one message's content, and every other part by itself. */
function runsOf(parts: readonly ContentPart[]): Run[] {
  const runs: Run[] = [];
  for (const part of parts) {
    if (!isSpoken(part)) {
      runs.push({ path: part.path, parts: [part] });
      continue;
    }
    const path = part.path.replace(/\.(?:content|refusal)\b.*$/, '');
    const last = runs.at(-1);
    const before = last?.parts.at(-1);
    if (last?.path === path && before !== undefined && isSpoken(before))
      runs[runs.length - 1] = { path, parts: [...last.parts, part] };
    else runs.push({ path, parts: [part] });
  }
  return runs;
}

function isSpoken(part: ContentPart): boolean {
  return part.type === 'text' || part.type === 'media' || part.type === 'refusal';
}

function encodeSingle(part: ContentPart, around: Surroundings): InputItem[] {
  switch (part.type) {
    case 'reasoning':
      return encodeReasoning(part, around.report);
    case 'tool-call':
      return [encodeCall(part, around)];
    case 'tool-result':
      return [encodeResult(part, around)];
    case 'native':
      if (part.protocol === 'openai-responses') return [new JsonText(part.raw.json)];
      refusePart(part, around.report);
      return [];
    default:
      refusePart(part, around.report);
      return [];
  }
}

function spokenContent(
  parts: readonly ContentPart[],
  report: TranslationReport,
): string | InputContent[] {
  return contentOf(
    flatMap(parts, (part): InputContent[] => {
      if (part.type === 'text' || part.type === 'refusal') return [encodeSpoken(part, report)];
      refusePart(part, report);
      return [];
    }),
  );
}

function encodeSpoken(part: TextPart | RefusalPart, report: TranslationReport): InputContent {
  if (part.type === 'refusal') return { type: 'refusal', refusal: part.text };
  report.droppedToken(part);
  if (part.cacheMark !== null)
    report.dropped(`${part.path}.cache_control`, 'there are no markers on earlier answers');
  return { type: 'output_text', text: part.text };
}

/** One string where there is one plain text: some servers know no parts. */
function contentOf(parts: InputContent[]): string | InputContent[] {
  const [first] = parts;
  const isPlain =
    parts.length === 1 &&
    (first?.type === 'output_text' ||
      (first?.type === 'input_text' && first.prompt_cache_breakpoint === undefined));
  return isPlain ? first.text : parts;
}

/** Only what the target encrypted itself is taken back. */
function encodeReasoning(part: ReasoningPart, report: TranslationReport): InputItem[] {
  const { opaque, text, path } = part;
  if (!returnsTo(opaque, 'openai-responses', report.target)) {
    report.dropped(path, 'the target takes back only reasoning that it encrypted itself');
    return [];
  }
  return [
    {
      type: 'reasoning',
      id: opaque.itemId ?? undefined,
      summary: text === '' ? [] : [{ type: 'summary_text', text }],
      encrypted_content: opaque.data,
    },
  ];
}

function encodeCall(call: ToolCallPart, { names, report }: Surroundings): InputItem {
  report.droppedToken(call);
  if (call.cacheMark !== null)
    report.dropped(`${call.path}.cache_control`, 'there are no markers on calls');
  const shared = {
    call_id: shortToolCallId(call.id),
    name: names.wireName(call),
    namespace: names.isVerbatim ? (call.namespace ?? undefined) : undefined,
  };
  const text = call.argumentsText;
  if (call.isFreeform !== true)
    return { type: 'function_call', ...shared, arguments: text.trim() === '' ? '{}' : text };
  return names.isVerbatim
    ? { type: 'custom_tool_call', ...shared, input: text }
    : { type: 'function_call', ...shared, arguments: freeformArguments(text) };
}

function encodeResult(
  result: ToolResultPart,
  { names, report, freeformCalls }: Surroundings,
): InputItem {
  if (result.cacheMark !== null)
    report.dropped(`${result.path}.cache_control`, 'there are no markers on results');
  const content = encodeParts(result.parts, report);
  const marked: InputContent[] = result.isError
    ? [{ type: 'input_text', text: toolErrorMark.trim() }, ...content]
    : content;
  if (result.isError)
    report.warn('emulated', result.path, `is_error was written as "${toolErrorMark.trim()}"`);
  const isFreeform = names.isVerbatim && freeformCalls.has(result.callId);
  return {
    type: isFreeform ? 'custom_tool_call_output' : 'function_call_output',
    call_id: shortToolCallId(result.callId),
    output: outputOf(marked),
  };
}

/** Texts alone are one string, which every server takes. */
function outputOf(parts: readonly InputContent[]): string | readonly InputContent[] {
  const texts = flatMap(parts, (part) =>
    part.type === 'input_text' && part.prompt_cache_breakpoint === undefined ? [part.text] : [],
  );
  if (texts.length < parts.length) return parts;
  return texts[0] === toolErrorMark.trim()
    ? toolErrorMark + texts.slice(1).join('\n')
    : texts.join('\n');
}
