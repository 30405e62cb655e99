import type {
  ContentPart,
  NativePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../../canonical/content.js';
import type { CanonicalRequest, Turn } from '../../canonical/request.js';
import { withoutBillingHeader } from '../../shared/request/billing-header.js';
import { warnOfCacheMark } from '../../shared/request/cache-mark.js';
import { asRecord, tryParse } from '../../shared/json/json-access.js';
import { ownToken } from '../../shared/request/opaque-token.js';
import { joinTurns } from '../../shared/request/join-turns.js';
import { freeformArguments, type ToolNames } from '../../shared/request/tool-names.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import { encodeParts, joinedText } from './encode-content.js';
import { encodeCallToken } from '../encode-response.js';
import type { ChatContentPart, ChatMessage } from '../wire.js';

/** @throws GatewayError `unsupported_by_target` for content that chat messages cannot hold */
export function encodeMessages(
  request: CanonicalRequest,
  names: ToolNames,
  report: TranslationReport,
): ChatMessage[] {
  const messages = [
    ...encodeInstructions(request.instructions, report),
    ...joinTurns(request.turns, hasToolResult).flatMap((turn) => encodeTurn(turn, names, report)),
  ];
  const last = request.turns.at(-1);
  if (last?.role === 'assistant' && request.protocol !== 'openai-chat') {
    report.refuse(
      last.path,
      'it would have to continue the last assistant message, which chat completions do not promise',
      'End the messages with a user turn.',
    );
  }
  return report.target.isLocal ? mergeUserMessages(messages) : messages;
}

/** Results must follow their calls without anything in between, so they join the turn before. */
function hasToolResult(turn: Turn): boolean {
  return turn.parts.some((part) => part.type === 'tool-result');
}

function encodeInstructions(parts: readonly TextPart[], report: TranslationReport): ChatMessage[] {
  const kept = withoutBillingHeader(parts, report);
  for (const part of kept) warnOfCacheMark(part, report);
  if (kept.length === 0) return [];
  // Many local chat templates take one system message, and only as a string.
  if (report.target.isLocal)
    return [{ role: 'system', content: kept.map(({ text }) => text).join('\n\n') }];
  return kept.map(({ text }) => ({ role: 'system', content: text }));
}

function encodeTurn(turn: Turn, names: ToolNames, report: TranslationReport): ChatMessage[] {
  if (turn.role === 'assistant') return [encodeAssistant(turn, names, report)];
  if (turn.role === 'user') return encodeUser(turn, report);
  const content = joinedText(turn.parts, report);
  if (report.target.capabilities.takesMidSystem) return [{ role: 'system', content }];
  report.warn('renamed', turn.path, 'a system message between turns was sent as a user message');
  return [{ role: 'user', content }];
}

/** Tool results become messages of their own and come first, as the API demands; media in them follow. */
function encodeUser(turn: Turn, report: TranslationReport): ChatMessage[] {
  const messages: ChatMessage[] = [];
  const carriedOver: ChatContentPart[] = [];
  const rest: ContentPart[] = [];
  for (const part of turn.parts) {
    const result = messages.at(-1);
    if (part.type === 'tool-result') messages.push(encodeToolResult(part, carriedOver, report));
    else if (result !== undefined && isToolReference(part))
      messages[messages.length - 1] = withToolReference(result, part, report);
    else rest.push(part);
  }
  const parts = [...carriedOver, ...encodeParts(rest, report)];
  if (parts.length > 0 || messages.length === 0)
    messages.push({ role: 'user', content: contentOf(parts, report) });
  return messages;
}

/** Stands in front of a failed tool's output, since chat completions have no flag for it. */
const errorMark = '[tool_error] ';

function encodeToolResult(
  result: ToolResultPart,
  carriedOver: ChatContentPart[],
  report: TranslationReport,
): ChatMessage {
  warnOfCacheMark(result, report);
  const texts: string[] = [];
  for (const part of result.parts) {
    if (part.type === 'text') {
      warnOfCacheMark(part, report);
      texts.push(part.text);
      continue;
    }
    carriedOver.push(
      { type: 'text', text: `Attachment of the result of tool call ${result.callId}:` },
      ...encodeParts([part], report),
    );
    texts.push(`[${part.kind}: see the next user message]`);
    report.warn('emulated', part.path, 'moved to a user message behind the tool results');
  }
  if (result.isError)
    report.warn('emulated', result.path, `is_error was written as "${errorMark.trim()}"`);
  return {
    role: 'tool',
    tool_call_id: result.callId,
    content: (result.isError ? errorMark : '') + texts.join('\n'),
  };
}

/** Anthropic's tool search answers with names of tools that were declared as deferred; here all are in sight anyway. */
function isToolReference(part: ContentPart): part is NativePart {
  return part.type === 'native' && part.kind === 'tool_reference';
}

function withToolReference(
  message: ChatMessage,
  { raw, path }: NativePart,
  report: TranslationReport,
): ChatMessage {
  const name = asRecord(tryParse(raw.json))?.['tool_name'];
  const line = `The tool ${JSON.stringify(name)} can be called now.`;
  report.warn('emulated', path, 'the reference to a tool was written as text');
  const before = typeof message.content === 'string' ? message.content : '';
  return { ...message, content: before === '' ? line : `${before}\n${line}` };
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
      calls.length === 0 ? undefined : calls.map((call) => encodeToolCall(call, names, report)),
  };
}

function encodeToolCall(
  call: ToolCallPart,
  names: ToolNames,
  report: TranslationReport,
): NonNullable<ChatMessage['tool_calls']>[number] {
  warnOfCacheMark(call, report);
  const name = names.wireName(call);
  return {
    id: call.id,
    type: 'function',
    function: { name, arguments: argumentsOf(call) },
    // Google's own chat endpoint takes its signatures back
    extra_content: encodeCallToken(ownToken(call, 'gemini-generate', report)),
  };
}

function argumentsOf({ argumentsText, isFreeform }: ToolCallPart): string {
  if (isFreeform === true) return freeformArguments(argumentsText);
  return argumentsText.trim() === '' ? '{}' : argumentsText;
}

/** Local templates replay the text; clouds refuse the field. Opaque tokens never leave their provider. */
function encodeReasoning(
  parts: readonly ReasoningPart[],
  report: TranslationReport,
): { reasoning_content?: string } {
  const { isLocal } = report.target;
  for (const part of parts) {
    report.droppedToken(part);
    if (part.opaque === null && !isLocal)
      report.dropped(part.path, 'the target takes no earlier reasoning');
  }
  const text = parts.map((part) => part.text).join('');
  return isLocal && text !== '' ? { reasoning_content: text } : {};
}

/** One string where there is one text: some servers know no parts. */
function contentOf(
  parts: readonly ChatContentPart[],
  report: TranslationReport,
): ChatMessage['content'] {
  const texts = parts.filter((part) => part.type === 'text').map((part) => part.text);
  if (texts.length < parts.length) return parts;
  if (texts.length === 1 || report.target.isLocal) return texts.join('\n\n');
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
