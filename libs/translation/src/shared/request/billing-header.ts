import type { TextPart } from '../../canonical/content.js';
import type { TranslationReport } from './translation-report.js';

/** Claude Code's per-request checksum line: means nothing elsewhere and spoils every prefix cache. */
const billingHeader = 'x-anthropic-billing-header:';

export function withoutBillingHeader(
  parts: readonly TextPart[],
  report: TranslationReport,
): readonly TextPart[] {
  return parts.filter((part) => {
    if (!part.text.startsWith(billingHeader)) return true;
    // no loss, so not even a strict route refuses it
    report.warn(
      'removed',
      part.path,
      'a billing header that only Anthropic reads, and that changes with every request',
    );
    return false;
  });
}
