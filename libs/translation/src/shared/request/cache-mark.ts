import type { RawJson } from '../../canonical/content.js';
import type { TranslationReport } from './translation-report.js';

/** For targets that take no markers. */
export function warnOfCacheMark(
  part: { readonly path: string; readonly cacheMark: RawJson | null },
  report: TranslationReport,
): void {
  if (part.cacheMark !== null) {
    report.dropped(`${part.path}.cache_control`, 'the target caches prefixes by itself');
  }
}
