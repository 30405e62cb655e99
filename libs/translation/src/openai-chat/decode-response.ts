import type { Citation } from '../canonical/content.js';
import type { CanonicalResponse, ResponsePart } from '../canonical/response.js';
import { unknownUsage } from '../canonical/usage.js';
import { GatewayError } from '../errors/gateway-error.js';
import {
  arrayAt,
  asRecord,
  countAt,
  recordAt,
  textAt,
  type JsonRecord,
} from '../shared/json/json-access.js';
import { parseAnswer, throwInBandError } from '../shared/parse-answer.js';
import { settleFinishReason } from '../shared/settle-finish-reason.js';
import { decodeFinishReason } from './finish-reason-mapping.js';
import { finishFailure } from './reply/in-band-error.js';
import { listedSources } from './reply/listed-sources.js';
import { decodeUsage } from './usage-mapping.js';
import { flatMap } from '../shared/flat-map.js';

/** @throws GatewayError `upstream_invalid_response`, or the error the answer holds */
export function decodeResponse(text: string): CanonicalResponse {
  const answer = parseAnswer(text);
  throwInBandError(answer);
  const choice = asRecord(arrayAt(answer, 'choices')[0]);
  // Azure leaves the message out where its content filter struck.
  const message =
    recordAt(choice, 'message') ?? (choice?.['finish_reason'] === 'content_filter' ? {} : null);
  if (choice === null || message === null) {
    throw new GatewayError('upstream_invalid_response', 'The upstream answered without a choice.');
  }
  throwInBandError(choice);
  const parts = decodeMessageParts(message, listedSources(answer));
  const reported = decodeFinishReason(choice) ?? 'stop';
  if (reported === 'failed') throw finishFailure();
  const stopString = textAt(choice, 'stop_reason');
  const hasStopString = reported === 'stop' && stopString !== null;
  const usage = recordAt(answer, 'usage');
  return {
    id: textAt(answer, 'id'),
    model: textAt(answer, 'model'),
    createdAtSeconds: countAt(answer, 'created'),
    parts,
    finishReason: settleFinishReason(
      hasStopString ? 'stop-sequence' : reported,
      parts.some((part) => part.type === 'tool-call'),
    ),
    finishDetail: hasStopString ? stopString : null,
    usage: usage === null ? unknownUsage : decodeUsage(usage),
  };
}

function decodeMessageParts(message: JsonRecord, sources: readonly Citation[]): ResponsePart[] {
  const parts: ResponsePart[] = [];
  const reasoning = textAt(message, 'reasoning_content') ?? textAt(message, 'reasoning');
  if (reasoning !== null) parts.push({ type: 'reasoning', text: reasoning, opaque: null });
  parts.push(...decodeContentParts(message, sources));
  const refusal = textAt(message, 'refusal');
  if (refusal !== null) parts.push({ type: 'refusal', text: refusal });
  for (const call of arrayAt(message, 'tool_calls')) parts.push(decodeToolCall(asRecord(call)));
  const olderCall = recordAt(message, 'function_call');
  if (olderCall !== null) parts.push(decodeToolCall({ function: olderCall }));
  return parts;
}

/** A string, or Mistral's list with `thinking` chunks. */
function decodeContentParts(message: JsonRecord, sources: readonly Citation[]): ResponsePart[] {
  const citations = [...flatMap(arrayAt(message, 'annotations'), decodeAnnotation), ...sources];
  const text = textAt(message, 'content');
  if (text !== null) return [{ type: 'text', text, citations }];
  return flatMap(arrayAt(message, 'content'), (item): ResponsePart[] => {
    const chunk = asRecord(item);
    const thinking = thinkingText(chunk);
    if (thinking !== '') return [{ type: 'reasoning', text: thinking, opaque: null }];
    const chunkText = textAt(chunk, 'text');
    return chunkText === null ? [] : [{ type: 'text', text: chunkText, citations }];
  });
}

/** Mistral's `{type: "thinking", thinking: [{type: "text", text}]}`. */
export function thinkingText(chunk: JsonRecord | null): string {
  return arrayAt(chunk, 'thinking')
    .map((item) => textAt(asRecord(item), 'text') ?? '')
    .join('');
}

function decodeAnnotation(value: unknown): Citation[] {
  const cited = recordAt(asRecord(value), 'url_citation');
  const url = textAt(cited, 'url');
  return url === null ? [] : [{ url, title: textAt(cited, 'title'), citedText: null }];
}

function decodeToolCall(call: JsonRecord | null): ResponsePart {
  const freeform = recordAt(call, 'custom');
  const target = freeform ?? recordAt(call, 'function');
  const name = textAt(target, 'name');
  if (name === null) {
    throw new GatewayError(
      'upstream_invalid_response',
      'The upstream answered with a tool call that names no tool.',
    );
  }
  return {
    type: 'tool-call',
    id: textAt(call, 'id'),
    name,
    argumentsText: argumentsTextOf(target?.[freeform === null ? 'arguments' : 'input']),
    ...(freeform === null ? {} : { isFreeform: true }),
  };
}

/** The arguments are a string by contract; Ollama-like servers send the object itself. */
export function argumentsTextOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
