import type { CanonicalRequest, ReasoningIntent } from '../../canonical/request.js';
import { refuseThinkingOff, settleEffort } from '../../shared/request/effort.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';

export interface EncodedReasoning {
  readonly reasoning_effort?: string;
  readonly chat_template_kwargs?: { readonly enable_thinking: boolean };
}

/** Clouds take levels of effort; chat templates of local models at most a switch. */
export function encodeReasoning(
  { reasoning }: CanonicalRequest,
  report: TranslationReport,
): EncodedReasoning {
  if (reasoning === null) return {};
  if ((reasoning.display ?? null) !== null)
    report.dropped(reasoning.paths[0] ?? 'reasoning', 'the target itself decides what it shows');
  const { effortLevels, extraFields } = report.target.capabilities;
  if (effortLevels.length > 0) return encodeEffort(reasoning, report);
  if (!extraFields.includes('chat_template_kwargs') || reasoning.mode === null) {
    report.dropped(reasoning.paths, 'the target decides by itself how much to think');
    return {};
  }
  const enable = reasoning.mode !== 'off';
  for (const path of reasoning.paths)
    report.warn('clamped', path, `sent as enable_thinking: ${String(enable)}`);
  return { chat_template_kwargs: { enable_thinking: enable } };
}

function encodeEffort(reasoning: ReasoningIntent, report: TranslationReport): EncodedReasoning {
  if (reasoning.mode === 'off') {
    if (report.target.capabilities.thinkingModes.includes('off'))
      return { reasoning_effort: 'none' };
    refuseThinkingOff(reasoning.paths, report);
    return {};
  }
  const effort = settleEffort(reasoning, report);
  if (effort !== null) return { reasoning_effort: effort };
  report.dropped(reasoning.paths, 'the target decides by itself how much to think');
  return {};
}
