import type { RawJson } from '../../canonical/content.js';
import { asRecord, recordAt, tryParse } from '../../shared/json/json-access.js';

/**
 * Chat completions put a grammar one level deeper than Responses do; the canonical form is the flat one:
 * `{"type":"grammar","syntax":"lark","definition":"…"}`.
 */
export function decodeFreeformFormat(format: RawJson | null): RawJson | null {
  const grammar = recordAt(formatOf(format), 'grammar');
  if (grammar === null) return format;
  return { json: JSON.stringify({ type: 'grammar', ...grammar }) };
}

export function encodeFreeformFormat(format: RawJson | null): unknown {
  const known = formatOf(format);
  if (known?.['type'] !== 'grammar' || 'grammar' in known) return known ?? undefined;
  const { type, ...grammar } = known;
  return { type, grammar };
}

function formatOf(format: RawJson | null): ReturnType<typeof asRecord> {
  return format === null ? null : asRecord(tryParse(format.json));
}
