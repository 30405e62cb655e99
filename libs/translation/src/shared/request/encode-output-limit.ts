import type { CanonicalRequest } from '../../canonical/request.js';
import type { TranslationReport } from './translation-report.js';

/**
 * The caller's limit on output tokens, at most what the model gives; null where there is none.
 * @throws GatewayError `unsupported_by_target` for 0, which generates nothing
 */
export function encodeOutputLimit(
  { maxOutputTokens }: Pick<CanonicalRequest, 'maxOutputTokens'>,
  report: TranslationReport,
): number | null {
  if (maxOutputTokens === null) return null;
  if (maxOutputTokens === 0) {
    report.refuse(
      'max_tokens',
      'a limit of 0 only warms the cache of the provider it was made for',
      'Ask for at least 1 token.',
    );
  }
  const most = report.target.capabilities.maxOutputTokens ?? maxOutputTokens;
  if (maxOutputTokens <= most) return maxOutputTokens;
  report.warn('clamped', 'max_tokens', `sent as ${most}, the most the model gives`);
  return most;
}
