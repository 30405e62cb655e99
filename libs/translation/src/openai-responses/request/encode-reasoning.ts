import type { CanonicalRequest, ReasoningIntent } from '../../canonical/request.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import type { OwnFields } from './own-fields.js';

/** Every word for effort that any protocol has, weakest first. */
const scale = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** How much to think, in the levels that the target takes. */
export function encodeReasoning(
  { reasoning }: CanonicalRequest,
  own: OwnFields,
  report: TranslationReport,
): object | undefined {
  const { effortLevels } = report.target.capabilities;
  const kept = {
    mode: own.take('openai-responses', 'reasoning.mode'),
    context: own.take('openai-responses', 'reasoning.context'),
  };
  const isKept = Object.values(kept).some((value) => value !== undefined);
  if (reasoning === null) return isKept ? kept : undefined;
  if (effortLevels.length === 0) {
    report.dropped(reasoning.paths, 'the target decides by itself how much to think');
    return isKept ? kept : undefined;
  }
  const effort = nearestLevel(reasoning, effortLevels, report);
  // a summary is made on request alone, and not for every account
  const summary = reasoning.display === 'summary' ? 'auto' : undefined;
  return effort === undefined && summary === undefined && !isKept
    ? undefined
    : { effort, summary, ...kept };
}

function nearestLevel(
  reasoning: ReasoningIntent,
  levels: readonly string[],
  report: TranslationReport,
): string | undefined {
  const { paths } = reasoning;
  const path = paths.find((name) => name.endsWith('effort')) ?? paths[0] ?? 'reasoning';
  const wanted = reasoning.mode === 'off' ? 'none' : (reasoning.effort ?? levelOf(reasoning));
  if (wanted === null) return undefined;
  if (reasoning.effort === null && reasoning.budgetTokens !== null)
    report.warn('renamed', path, `a budget of tokens was sent as effort "${wanted}"`);
  if (levels.includes(wanted)) return wanted;
  const place = Math.max(0, scale.indexOf(wanted));
  const distance = (level: string): number => Math.abs(scale.indexOf(level) - place);
  const nearest = levels.reduce((best, level) => (distance(level) < distance(best) ? level : best));
  report.warn(
    'clamped',
    path,
    `"${wanted}" was sent as "${nearest}"; it takes ${levels.join(', ')}`,
  );
  return nearest;
}

/** The largest budgets, in tokens, that are still so little thinking. */
const budgets: readonly (readonly [tokens: number, level: string])[] = [
  [4_096, 'low'],
  [16_384, 'medium'],
];

function levelOf({ budgetTokens }: ReasoningIntent): string | null {
  if (budgetTokens === null) return null;
  return budgets.find(([tokens]) => budgetTokens <= tokens)?.[1] ?? 'high';
}
