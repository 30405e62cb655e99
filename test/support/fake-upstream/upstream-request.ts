import type { IncomingHttpHeaders } from 'node:http';
import { geminiPath, readGeminiRequest } from './gemini-request.js';
import { asFields, listOf, numberOf, stringsOf, type RequestFields } from './request-fields.js';
import { readResponsesRequest } from './responses-request.js';
import type { UpstreamProtocol } from './upstream-log.js';

/** What a script may depend on, read from a request of any protocol. */
export interface UpstreamRequest {
  readonly protocol: UpstreamProtocol;
  readonly model: string;
  readonly isStream: boolean;
  readonly wantsStreamUsage: boolean;
  readonly stopSequences: readonly string[];
  readonly maxTokens: number | null;
  /** Text of the tool result that ends the conversation; null when it does not end in one. */
  readonly toolResult: string | null;
  readonly inputTokens: number;
  /** What a real upstream would answer 400 to; null for a valid request. */
  readonly fault: string | null;
}

const anthropicToolId = /^[a-zA-Z0-9_-]+$/;

/** Reads a body as an upstream does: leniently where real ones are, strictly where they answer 400. */
export function readUpstreamRequest(
  protocol: UpstreamProtocol,
  { headers, path, body }: { headers: IncomingHttpHeaders; path: string; body: string },
): UpstreamRequest {
  const fields = parseFields(body);
  const [, model = null, method] = geminiPath.exec(path) ?? [];
  return {
    protocol,
    model: model ?? (typeof fields['model'] === 'string' ? fields['model'] : ''),
    isStream: model === null ? fields['stream'] === true : method === 'streamGenerateContent',
    wantsStreamUsage:
      protocol !== 'openai-chat' || asFields(fields['stream_options'])['include_usage'] === true,
    inputTokens: Math.max(1, Math.ceil(body.length / 4)),
    ...readers[protocol](fields, headers),
  };
}

type Reader = (
  fields: RequestFields,
  headers: IncomingHttpHeaders,
) => Pick<UpstreamRequest, 'stopSequences' | 'maxTokens' | 'toolResult' | 'fault'>;

const readers: Readonly<Record<UpstreamProtocol, Reader>> = {
  'openai-responses': readResponsesRequest,
  'gemini-generate': readGeminiRequest,
  'openai-chat': (fields) => {
    const messages = listOf(fields['messages']);
    return {
      stopSequences: stringsOf(fields['stop']),
      maxTokens: numberOf(fields['max_completion_tokens'] ?? fields['max_tokens']),
      toolResult: openaiToolResult(messages),
      fault: findOpenaiFault(fields, messages),
    };
  },
  'anthropic-messages': (fields, headers) => {
    const messages = listOf(fields['messages']);
    return {
      stopSequences: stringsOf(fields['stop_sequences']),
      maxTokens: numberOf(fields['max_tokens']),
      toolResult: anthropicToolResult(messages),
      fault: findAnthropicFault(headers, fields, messages),
    };
  },
};

function parseFields(body: string): RequestFields {
  try {
    return asFields(JSON.parse(body));
  } catch {
    return {};
  }
}

/** Text of a string or of the text parts of a list. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => String(asFields(part)['text'] ?? '')).join('');
}

function openaiToolResult(messages: readonly RequestFields[]): string | null {
  const results: string[] = [];
  for (let index = messages.length - 1; messages[index]?.['role'] === 'tool'; index -= 1) {
    results.unshift(textOf(messages[index]?.['content']));
  }
  return results.length === 0 ? null : results.join(' and ');
}

function anthropicToolResult(messages: readonly RequestFields[]): string | null {
  const content = messages.at(-1)?.['content'];
  if (!Array.isArray(content)) return null;
  const results = content.map(asFields).filter((part) => part['type'] === 'tool_result');
  return results.length === 0 ? null : results.map((part) => textOf(part['content'])).join(' and ');
}

function findOpenaiFault(fields: RequestFields, messages: readonly RequestFields[]): string | null {
  if (messages.length === 0) return "Missing required parameter: 'messages'.";
  const roles = ['system', 'developer', 'user', 'assistant', 'tool'];
  const odd = messages.find(({ role }) => !roles.includes(String(role)));
  if (odd !== undefined) return `Invalid value: '${String(odd['role'])}'.`;
  const known = new Set<unknown>();
  for (const message of messages) {
    const calls = Array.isArray(message['tool_calls']) ? message['tool_calls'] : [];
    for (const call of calls) known.add(asFields(call)['id']);
    if (message['role'] === 'tool' && !known.has(message['tool_call_id'])) {
      return "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.";
    }
  }
  if (fields['stream_options'] !== undefined && fields['stream'] !== true) {
    return "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
  }
  return null;
}

function findAnthropicFault(
  headers: IncomingHttpHeaders,
  fields: RequestFields,
  messages: readonly RequestFields[],
): string | null {
  const version = headers['anthropic-version'];
  if (typeof version !== 'string') return 'anthropic-version: header is required';
  if (!Number.isInteger(fields['max_tokens'])) return 'max_tokens: Field required';
  if (messages.length === 0) return 'messages: at least one message is required';
  if (version >= '2026-10-21') {
    const gone = ['temperature', 'top_p', 'top_k'].find((name) => fields[name] !== undefined);
    if (gone !== undefined) return `${gone}: Extra inputs are not permitted`;
  }
  return findAnthropicTurnFault(messages);
}

function findAnthropicTurnFault(messages: readonly RequestFields[]): string | null {
  let calls = new Set<unknown>();
  for (const [index, { role, content }] of messages.entries()) {
    if (!['user', 'assistant', 'system'].includes(String(role)))
      return `messages.${index}: bad role`;
    const parts = Array.isArray(content) ? content.map(asFields) : [];
    const results = parts.filter((part) => part['type'] === 'tool_result');
    const stray = results.find((part) => !calls.has(part['tool_use_id']));
    if (stray !== undefined) {
      return `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(stray['tool_use_id'])}`;
    }
    if (calls.size > 0 && results.length < calls.size) {
      return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after`;
    }
    const uses = parts.filter((part) => part['type'] === 'tool_use');
    const badId = uses.find((part) => !anthropicToolId.test(String(part['id'])));
    if (badId !== undefined)
      return `messages.${index}.content: tool_use.id: String should match pattern`;
    calls = new Set(uses.map((part) => part['id']));
  }
  return null;
}
