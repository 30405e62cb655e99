import type { CanonicalRequest } from '../../canonical/request.js';
import type { TranslationReport } from './translation-report.js';

export interface SettledStops {
  /** Those the target obeys; undefined for none. */
  readonly sent: readonly string[] | undefined;
  /** Those at which the gateway cuts the text itself. */
  readonly cut: readonly string[];
}

/** Where callers write stop strings; in most protocols it is `stop`. */
const paths: Readonly<Record<string, string>> = {
  'anthropic-messages': 'stop_sequences',
  'gemini-generate': 'generationConfig.stopSequences',
};

/** Leaves to the gateway the stop strings that the target cannot take. */
export function settleStops(
  { stopSequences: stops, protocol }: CanonicalRequest,
  report: TranslationReport,
  isTaken: (stop: string) => boolean = () => true,
): SettledStops {
  const { maxStopSequences, refusedFields } = report.target.capabilities;
  const most = refusedFields.includes('stop') ? 0 : (maxStopSequences ?? stops.length);
  const sent = stops.filter(isTaken).slice(0, most);
  const cut = stops.filter((stop) => stop !== '' && !sent.includes(stop));
  if (cut.length > 0) {
    const which = cut.map((stop) => JSON.stringify(stop)).join(', ');
    const path = paths[protocol] ?? 'stop';
    report.warn('emulated', path, `the gateway itself cuts the text at ${which}`);
  }
  return { sent: sent.length === 0 ? undefined : sent, cut };
}
