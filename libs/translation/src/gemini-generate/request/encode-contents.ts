import type { TextPart, ToolCallPart } from '../../canonical/content.js';
import type { CanonicalRequest, Turn } from '../../canonical/request.js';
import { joinTurns } from '../../shared/request/join-turns.js';
import { tellToolReferences } from '../../shared/tools/tell-tool-references.js';
import type { ToolNames } from '../../shared/tools/tool-names.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import type { WireContent, WirePart } from '../wire.js';
import { encodeParts, encodeText, encodeToolResult } from './encode-parts.js';
import { pairToolResults, type AnsweredCall } from './pair-tool-results.js';
import { flatMap } from '../../shared/flat-map.js';

export interface EncodedContents {
  readonly systemInstruction: { readonly parts: readonly WirePart[] } | undefined;
  readonly contents: readonly WireContent[];
}

export function encodeContents(
  request: CanonicalRequest,
  names: ToolNames,
  report: TranslationReport,
): EncodedContents {
  refusePrefill(request, report);
  const { instructions } = request;
  const turns = joinTurns(
    tellToolReferences(request.turns, report).map((turn) => placeSystem(turn, report)),
    () => true,
  );
  const answered = pairToolResults(turns, request);
  const contents = flatMap(turns, (turn, index) =>
    encodeTurn(turn, answered.get(index) ?? [], names, report),
  );
  if (contents.length > 0)
    return { systemInstruction: encodeSystem(instructions, report), contents };
  return soleInstruction(instructions, report);
}

/** A lone system message is sent as the user's, since there must be one content at least. */
function soleInstruction(
  instructions: readonly TextPart[],
  report: TranslationReport,
): EncodedContents {
  const last = instructions.at(-1);
  if (last === undefined) {
    report.refuse('messages', 'it needs at least one message with content', 'Add a user message.');
  }
  report.warn(
    'emulated',
    last.path,
    'the last system message was sent as the user message that must not be missing',
  );
  return {
    systemInstruction: encodeSystem(instructions.slice(0, -1), report),
    contents: [{ role: 'user', parts: encodeText(last, report) }],
  };
}

function encodeSystem(
  parts: readonly TextPart[],
  report: TranslationReport,
): EncodedContents['systemInstruction'] {
  const encoded = flatMap(parts, (part) => encodeText(part, report));
  return encoded.length === 0 ? undefined : { parts: encoded };
}

/** Results stand alone in the content behind the calls; whatever else the user says comes in the next one. */
function encodeTurn(
  turn: Turn,
  answered: readonly AnsweredCall[],
  names: ToolNames,
  report: TranslationReport,
): WireContent[] {
  const results = answered.map((pair) => encodeToolResult(pair, names, report));
  const parts = [
    ...flatMap(results, ({ carriedOver }) => carriedOver),
    ...encodeParts(turn.parts, names, report),
  ];
  const contents: WireContent[] = [];
  if (results.length > 0)
    contents.push({ role: 'user', parts: results.map(({ response }) => response) });
  if (parts.length > 0)
    contents.push({ role: turn.role === 'assistant' ? 'model' : 'user', parts });
  if (contents.length === 0)
    report.dropped(turn.path, 'a message without content is refused there');
  return contents;
}

/** A system message between turns stays at its place; hoisting it would change what it refers to. */
function placeSystem(turn: Turn, report: TranslationReport): Turn {
  if (turn.role !== 'system') return turn;
  report.warn('renamed', turn.path, 'a system message between turns was sent as user text');
  return { ...turn, role: 'user' };
}

/** Anthropic continues a last assistant message, and calls at the end wait for results. */
function refusePrefill({ turns, protocol }: CanonicalRequest, report: TranslationReport): void {
  const last = turns.at(-1);
  if (last?.role !== 'assistant' || protocol === 'gemini-generate') return;
  const isPrefill = protocol === 'anthropic-messages' && !report.target.capabilities.takesPrefill;
  const calls = last.parts.filter((part): part is ToolCallPart => part.type === 'tool-call');
  if (!isPrefill && calls.length === 0) return;
  const problem =
    calls.length > 0
      ? 'its tool calls have no results yet'
      : 'it would have to continue the last assistant message, which Gemini does not promise';
  report.refuse(last.path, problem, 'End the messages with a user turn.');
}
