import type { CanonicalRequest } from '../../canonical/request.js';
import { asksForNothing } from '../../shared/request/neutral-sampling.js';
import { encodeOutputLimit } from '../../shared/request/encode-output-limit.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';

export function encodeSampling(
  { sampling }: CanonicalRequest,
  report: TranslationReport,
): Record<string, number> {
  const { takesSampling, takesTopK, refusedFields } = report.target.capabilities;
  const takes = (name: 'seed' | 'presence_penalty' | 'frequency_penalty'): boolean =>
    !refusedFields.includes(name);
  const fields = [
    { name: 'temperature', value: sampling.temperature, isTaken: takesSampling },
    { name: 'top_p', value: sampling.topP, isTaken: takesSampling },
    { name: 'top_k', value: sampling.topK, isTaken: takesTopK },
    {
      name: 'presence_penalty',
      value: sampling.presencePenalty,
      isTaken: takesSampling && takes('presence_penalty'),
    },
    {
      name: 'frequency_penalty',
      value: sampling.frequencyPenalty,
      isTaken: takesSampling && takes('frequency_penalty'),
    },
    { name: 'seed', value: sampling.seed, isTaken: takes('seed') },
  ];
  const taken: Record<string, number> = {};
  for (const { name, value, isTaken } of fields) {
    if (value === null) continue;
    if (isTaken) taken[name] = value;
    else if (asksForNothing(name, value))
      report.warn('defaulted', name, `${value} is what the target does anyway`);
    else report.dropped(name, 'the target model does not take it');
  }
  return taken;
}

/** Reasoning models of the cloud refuse the older name of the limit; older servers do not know the newer one. */
export function encodeLimit(
  request: CanonicalRequest,
  report: TranslationReport,
): Record<string, number> {
  const limit = encodeOutputLimit(request, report);
  if (limit === null) return {};
  return report.target.capabilities.refusedFields.includes('max_completion_tokens')
    ? { max_tokens: limit }
    : { max_completion_tokens: limit };
}
