import type {
  ContentPart,
  OpaqueToken,
  ReasoningPart,
  ToolCallPart,
  ToolResultPart,
} from '../../canonical/content.js';
import type { CanonicalRequest, Turn } from '../../canonical/request.js';
import { modelFamily } from '../../capabilities/model-family.js';
import { mistralCallId } from '../../shared/reply-ids.js';
import { dropCacheMark, encodeCacheMark } from '../../shared/request/cache-marks.js';
import { ownToken } from '../../shared/tokens/own-token.js';
import { joinTurns } from '../../shared/request/join-turns.js';
import { freeformArguments, type ToolNames } from '../../shared/tools/tool-names.js';
import { unsignedCallMark } from '../../shared/tools/unsigned-call-mark.js';
import { tellToolReferences } from '../../shared/tools/tell-tool-references.js';
import { toolErrorMark } from '../../shared/tools/tool-error-mark.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import { encodeParts, joinedText } from './encode-content.js';
import { encodeCallToken } from '../encode-response.js';
import { encodeInstructions, encodeMidSystem } from './encode-instructions.js';
import type { ChatContentPart, ChatMessage } from '../wire.js';
import { flatMap } from '../../shared/flat-map.js';

/** @throws GatewayError `unsupported_by_target` for content that chat messages cannot hold */
export function encodeMessages(
  request: CanonicalRequest,
  names: ToolNames,
  report: TranslationReport,
): ChatMessage[] {
  const messages = [
    ...encodeInstructions(request, report),
    ...flatMap(joinTurns(tellToolReferences(request.turns, report), hasToolResult), (turn) =>
      encodeTurn(turn, names, report),
    ),
  ];
  const { capabilities } = report.target;
  const last = request.turns.at(-1);
  const isForeign = request.protocol !== 'openai-chat';
  if (last?.role === 'assistant' && isForeign && !capabilities.takesPrefill) {
    report.refuse(
      last.path,
      'it would have to continue the last assistant message, which the target does not promise',
      'End the messages with a user turn.',
    );
  }
  const ordered = capabilities.needsPlainTurns ? mergeUserMessages(messages) : messages;
  return markPrefix(ordered, report);
}

/** Says that the last assistant message is to be continued, to servers that must be told. */
export function continuationFields(
  { turns, protocol }: CanonicalRequest,
  report: TranslationReport,
): Record<string, boolean> {
  const { takesPrefill, extraFields } = report.target.capabilities;
  const isPrefill = turns.at(-1)?.role === 'assistant' && protocol !== 'openai-chat';
  if (!isPrefill || !takesPrefill || !extraFields.includes('continue_final_message')) return {};
  return { continue_final_message: true, add_generation_prompt: false };
}

function markPrefix(messages: ChatMessage[], report: TranslationReport): ChatMessage[] {
  const { takesPrefill, extraFields } = report.target.capabilities;
  const last = messages.at(-1);
  if (!takesPrefill || last?.role !== 'assistant' || !extraFields.includes('prefix'))
    return messages;
  return [...messages.slice(0, -1), { ...last, prefix: true }];
}

/** Results must follow their calls without anything in between, so they join the turn before. */
function hasToolResult(turn: Turn): boolean {
  return turn.parts.some((part) => part.type === 'tool-result');
}

function encodeTurn(turn: Turn, names: ToolNames, report: TranslationReport): ChatMessage[] {
  if (turn.role === 'assistant') return [encodeAssistant(turn, names, report)];
  if (turn.role === 'user') return encodeUser(turn, report);
  return [encodeMidSystem(turn, report)];
}

/** Tool results become messages of their own and come first, as the API demands; media in them follow. */
function encodeUser(turn: Turn, report: TranslationReport): ChatMessage[] {
  const messages: ChatMessage[] = [];
  const carriedOver: ChatContentPart[] = [];
  const rest: ContentPart[] = [];
  for (const part of turn.parts) {
    if (part.type === 'tool-result') messages.push(encodeToolResult(part, carriedOver, report));
    else rest.push(part);
  }
  const parts = [...carriedOver, ...encodeParts(rest, report)];
  if (parts.length > 0 || messages.length === 0)
    messages.push({ role: 'user', content: contentOf(parts, report) });
  return messages;
}

function encodeToolResult(
  result: ToolResultPart,
  carriedOver: ChatContentPart[],
  report: TranslationReport,
): ChatMessage {
  const texts: string[] = [];
  for (const part of result.parts) {
    if (part.type === 'text') {
      dropCacheMark(part, report);
      texts.push(part.text);
      continue;
    }
    const attachment = encodeParts([part], report);
    if (attachment.length === 0) continue;
    carriedOver.push(
      { type: 'text', text: `Attachment of the result of tool call ${result.callId}:` },
      ...attachment,
    );
    texts.push(`[${part.kind}: see the next user message]`);
    report.warn('emulated', part.path, 'moved to a user message behind the tool results');
  }
  if (result.isError)
    report.warn('emulated', result.path, `is_error was written as "${toolErrorMark.trim()}"`);
  const text = (result.isError ? toolErrorMark : '') + texts.join('\n');
  const mark = encodeCacheMark(result, report);
  return {
    role: 'tool',
    tool_call_id: callIdOf(result.callId, report),
    content: Object.keys(mark).length === 0 ? text : [{ type: 'text', text, ...mark }],
  };
}

function callIdOf(id: string, report: TranslationReport): string {
  return report.target.capabilities.toolCallIds === 'mistral' ? mistralCallId(id) : id;
}

function encodeAssistant(turn: Turn, names: ToolNames, report: TranslationReport): ChatMessage {
  const calls = turn.parts.filter((part) => part.type === 'tool-call');
  const reasoning = turn.parts.filter((part) => part.type === 'reasoning');
  const spoken = turn.parts.filter(
    (part) => part.type !== 'tool-call' && part.type !== 'reasoning',
  );
  const text = joinedText(spoken, report, '');
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...encodeReasoning(reasoning, report),
    tool_calls:
      calls.length === 0
        ? undefined
        : calls.map((call, index) => encodeToolCall(call, index === 0, names, report)),
  };
}

function encodeToolCall(
  call: ToolCallPart,
  isFirst: boolean,
  names: ToolNames,
  report: TranslationReport,
): NonNullable<ChatMessage['tool_calls']>[number] {
  dropCacheMark(call, report);
  const name = names.wireName(call);
  const id = callIdOf(call.id, report);
  const { argumentsText, isFreeform } = call;
  const needsMark = isFirst && report.target.capabilities.needsCallSignatures;
  const signed = {
    extra_content:
      encodeCallToken(googleToken(call, report)) ?? (needsMark ? unsignedCall : undefined),
  };
  if (isFreeform === true && report.target.capabilities.takesFreeformTools)
    return { id, type: 'custom', custom: { name, input: argumentsText }, ...signed };
  return { id, type: 'function', function: { name, arguments: argumentsOf(call) }, ...signed };
}

/** Google's own chat endpoint takes its signatures back; others refuse the field. */
function googleToken(call: ToolCallPart, report: TranslationReport): OpaqueToken | null {
  if (modelFamily(report.target.model) === 'gemini')
    return ownToken(call, 'gemini-generate', report);
  report.droppedToken(call);
  return null;
}

const unsignedCall = { google: { thought_signature: unsignedCallMark } };

function argumentsOf({ argumentsText, isFreeform }: ToolCallPart): string {
  if (isFreeform === true) return freeformArguments(argumentsText);
  return argumentsText.trim() === '' ? '{}' : argumentsText;
}

/** Some templates replay the text; other servers refuse the field. Opaque tokens never leave their provider. */
function encodeReasoning(
  parts: readonly ReasoningPart[],
  report: TranslationReport,
): { reasoning_content?: string } {
  const { takesReasoningText } = report.target.capabilities;
  for (const part of parts) {
    report.droppedToken(part);
    if (part.opaque === null && !takesReasoningText)
      report.dropped(part.path, 'the target takes no earlier reasoning');
  }
  const text = parts.map((part) => part.text).join('');
  return takesReasoningText && text !== '' ? { reasoning_content: text } : {};
}

/** One string where there is one text: some servers know no parts. */
function contentOf(
  parts: readonly ChatContentPart[],
  report: TranslationReport,
): ChatMessage['content'] {
  const texts = parts.filter((part) => part.type === 'text').map((part) => part.text);
  if (texts.length < parts.length) return parts;
  const isMarked = parts.some((part) => Object.keys(part).length > 2);
  if (isMarked) return parts;
  if (texts.length === 1 || report.target.capabilities.needsPlainTurns) return texts.join('\n\n');
  return parts.length === 0 ? '' : parts;
}

/** Templates that demand turns in alternation refuse two user messages in a row. */
function mergeUserMessages(messages: readonly ChatMessage[]): ChatMessage[] {
  const merged: ChatMessage[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (message.role === 'user' && last?.role === 'user') {
      merged[merged.length - 1] = {
        role: 'user',
        content: mergeContent(last.content, message.content),
      };
    } else {
      merged.push(message);
    }
  }
  return merged;
}

function mergeContent(
  first: ChatMessage['content'],
  second: ChatMessage['content'],
): ChatMessage['content'] {
  if (typeof first === 'string' && typeof second === 'string') return `${first}\n\n${second}`;
  return [...asParts(first), ...asParts(second)];
}

function asParts(content: ChatMessage['content']): readonly ChatContentPart[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
}
