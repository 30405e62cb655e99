import type { ContentPart, NativePart, TextPart } from '../../canonical/content.js';
import type { Turn } from '../../canonical/request.js';
import { asRecord, tryParse } from '../json/json-access.js';
import type { TranslationReport } from '../request/translation-report.js';

/**
 * Anthropic's tool search answers with the names of tools that were declared as deferred. Elsewhere all tools are in
 * sight anyway, so the result just says that they can be called.
 */
export function tellToolReferences(turns: readonly Turn[], report: TranslationReport): Turn[] {
  return turns.map((turn) =>
    turn.parts.some(isReference) ? { ...turn, parts: mergeReferences(turn.parts, report) } : turn,
  );
}

function isReference(part: ContentPart): part is NativePart {
  return part.type === 'native' && part.kind === 'tool_reference';
}

function mergeReferences(parts: readonly ContentPart[], report: TranslationReport): ContentPart[] {
  const merged: ContentPart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (!isReference(part) || last?.type !== 'tool-result') {
      merged.push(part);
      continue;
    }
    report.warn('emulated', part.path, 'the reference to a tool was written as text');
    merged[merged.length - 1] = { ...last, parts: [...last.parts, asText(part)] };
  }
  return merged;
}

function asText({ raw, path }: NativePart): TextPart {
  const name = asRecord(tryParse(raw.json))?.['tool_name'];
  const text = `The tool ${JSON.stringify(name)} can be called now.`;
  return { type: 'text', text, cacheMark: null, path };
}
