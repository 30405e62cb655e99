import type { TextPart } from '../../canonical/content.js';
import type { CanonicalRequest, Turn } from '../../canonical/request.js';
import { dropCacheMark, encodeCacheMark } from '../../shared/request/cache-marks.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import type { ChatMessage } from '../wire.js';
import { encodeParts, joinedText } from './encode-content.js';
import { flatMap } from '../../shared/flat-map.js';

/** Claude Code's per-request checksum line: means nothing elsewhere and spoils every prefix cache. */
const billingHeader = 'x-anthropic-billing-header:';

/** Leading instructions, each a message of its own where the target takes several. */
export function encodeInstructions(
  request: CanonicalRequest,
  report: TranslationReport,
): ChatMessage[] {
  const kept = request.instructions.filter((part) => !isBillingHeader(part, report));
  const parts = moveToolMarks(request, kept, report);
  if (parts.length === 0) return [];
  const { instructionRole: role, needsPlainTurns } = report.target.capabilities;
  if (needsPlainTurns) return [{ role, content: joinedText(parts, report) }];
  return parts.map((part) => ({ role, content: contentOf(part, report) }));
}

/** One between turns stays at its place; hoisting it would change what it refers to. */
export function encodeMidSystem(turn: Turn, report: TranslationReport): ChatMessage {
  const { takesMidSystem, instructionRole } = report.target.capabilities;
  if (!takesMidSystem)
    report.warn('renamed', turn.path, 'a system message between turns was sent as a user message');
  const role = takesMidSystem ? instructionRole : 'user';
  const [only] = turn.parts;
  if (only?.type === 'text' && turn.parts.length === 1)
    return { role, content: contentOf(only, report) };
  return { role, content: joinedText(turn.parts, report) };
}

function contentOf(part: TextPart, report: TranslationReport): ChatMessage['content'] {
  const parts = encodeParts([part], report);
  const isMarked = parts.some((each) => Object.keys(each).length > 2);
  return isMarked ? parts : part.text;
}

function isBillingHeader(part: TextPart, report: TranslationReport): boolean {
  if (!part.text.startsWith(billingHeader)) return false;
  report.warn(
    'removed',
    part.path,
    'a billing header that only Anthropic reads, and that changes with every request',
  );
  return true;
}

/** Tools cannot be marked in chat completions, but what stands behind them can. */
function moveToolMarks(
  { tools }: CanonicalRequest,
  parts: readonly TextPart[],
  report: TranslationReport,
): readonly TextPart[] {
  const marked = flatMap(tools, (tool) =>
    tool.type !== 'native' && tool.cacheMark !== null ? [tool] : [],
  );
  const last = marked.at(-1);
  const [first, ...rest] = parts;
  if (last === undefined) return parts;
  const { cacheMarks, needsPlainTurns } = report.target.capabilities;
  if (first === undefined || cacheMarks === 'none' || needsPlainTurns) {
    for (const tool of marked) {
      if (cacheMarks === 'none') encodeCacheMark(tool, report);
      else dropCacheMark(tool, report);
    }
    return parts;
  }
  for (const { path } of marked)
    report.warn('renamed', `${path}.cache_control`, 'moved to the first system message');
  return [{ ...first, cacheMark: first.cacheMark ?? last.cacheMark }, ...rest];
}
