import type { TextPart } from '../../canonical/content.js';
import type { CanonicalRequest, Turn } from '../../canonical/request.js';
import { joinTurns } from '../../shared/request/join-turns.js';
import type { ToolNames } from '../../shared/tools/tool-names.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import { encodeParts, encodeText } from './encode-content.js';
import type { Message, TextBlock } from '../wire.js';
import { flatMap } from '../../shared/flat-map.js';

export interface EncodedMessages {
  readonly system: readonly TextBlock[] | undefined;
  readonly messages: readonly Message[];
}

/** One turn per role change, since results of parallel calls must stand in one turn. */
export function encodeMessages(
  request: CanonicalRequest,
  names: ToolNames,
  report: TranslationReport,
): EncodedMessages {
  const turns = joinTurns(
    request.turns.map((turn) => placeSystem(turn, report)),
    () => true,
  );
  const messages = flatMap(turns, (turn): Message[] => {
    const content = encodeParts(turn.parts, names, report);
    if (content.length === 0)
      report.dropped(turn.path, 'a message without content is refused there');
    return content.length === 0 ? [] : [{ role: turn.role, content }];
  });
  refuseUnwantedPrefill(request, report);
  if (messages.length > 0) return { system: encodeSystem(request.instructions, report), messages };
  const last = request.instructions.at(-1);
  if (last === undefined) {
    report.refuse('messages', 'it needs at least one message with content', 'Add a user message.');
  }
  report.warn(
    'emulated',
    last.path,
    'the last system message was sent as the user message that must not be missing',
  );
  return {
    system: encodeSystem(request.instructions.slice(0, -1), report),
    messages: [{ role: 'user', content: encodeText(last, report) }],
  };
}

/** Newer models refuse to continue an assistant message; an Anthropic caller hears so from Anthropic. */
function refuseUnwantedPrefill(
  { turns, protocol }: CanonicalRequest,
  report: TranslationReport,
): void {
  const last = turns.at(-1);
  if (last?.role !== 'assistant' || protocol === 'anthropic-messages') return;
  if (report.target.capabilities.takesPrefill) return;
  report.refuse(
    last.path,
    'it would have to continue the last assistant message, which the target refuses',
    'End the messages with a user message.',
  );
}

/** Blocks stay apart: each may carry a cache marker. */
function encodeSystem(
  parts: readonly TextPart[],
  report: TranslationReport,
): TextBlock[] | undefined {
  const blocks = flatMap(parts, (part) => encodeText(part, report));
  return blocks.length === 0 ? undefined : blocks;
}

/** A system message between turns stays at its place; hoisting it would change what it refers to. */
function placeSystem(turn: Turn, report: TranslationReport): Turn {
  if (turn.role !== 'system' || report.target.capabilities.takesMidSystem) return turn;
  report.warn('renamed', turn.path, 'a system message between turns was sent as user text');
  return { ...turn, role: 'user' };
}
