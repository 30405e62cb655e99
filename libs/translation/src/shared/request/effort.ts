import type { CanonicalRequest, ReasoningIntent } from '../../canonical/request.js';
import type { TranslationReport } from './translation-report.js';

/**
 * Our table from levels of effort to thinking tokens, for models that know only one of them. No two providers agree;
 * these lie between what they publish.
 */
const budgets: Readonly<Record<string, number>> = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
};

const levels = Object.keys(budgets);

/** Thinking tokens for a level; an unknown word asks for the least. */
export function budgetOfEffort(effort: string): number {
  return budgets[effort] ?? 1_024;
}

/** The level whose budget is nearest. */
function effortOfBudget(tokens: number): string {
  const distance = (level: string): number => Math.abs(Math.log2(budgetOfEffort(level) / tokens));
  return levels.reduce((best, level) => (distance(level) < distance(best) ? level : best));
}

/** The level a model takes that is nearest to the wanted one, and the weaker of two. */
function nearestEffort(wanted: string, taken: readonly string[]): string | null {
  if (taken.includes(wanted)) return wanted;
  const rank = levels.indexOf(wanted);
  const known = taken.filter((level) => levels.includes(level));
  const distance = (level: string): number => Math.abs(levels.indexOf(level) - Math.max(rank, 0));
  return known.reduce<string | null>(
    (best, level) => (best === null || distance(level) < distance(best) ? level : best),
    null,
  );
}

/** The level to send for what the caller asked in any way, with a warning where it is not the same. */
export function settleEffort(
  { effort, budgetTokens, paths }: ReasoningIntent,
  report: TranslationReport,
): string | null {
  const wanted = effort ?? (budgetTokens === null ? null : effortOfBudget(budgetTokens));
  if (wanted === null) return null;
  const sent = nearestEffort(wanted, report.target.capabilities.effortLevels);
  if (sent === null || (sent === effort && budgetTokens === null)) return sent;
  for (const path of paths) report.warn('clamped', path, `sent as effort "${sent}"`);
  return sent;
}

/** @throws GatewayError `unsupported_by_target` for a model that always thinks, naming the levels it takes */
export function refuseThinkingOff(paths: readonly string[], report: TranslationReport): void {
  const taken = report.target.capabilities.effortLevels.join(', ');
  report.refuseOrDrop(
    paths[0] ?? 'reasoning',
    'this model cannot be told not to think',
    taken === '' ? 'Leave it out.' : `Supported levels: ${taken}.`,
  );
}

/** Does the request leave the model no choice but to call a tool? */
export function forcesTool({ toolChoice, tools }: CanonicalRequest): boolean {
  if (tools.length === 0 || toolChoice === null) return false;
  return (
    toolChoice.mode === 'required' ||
    toolChoice.mode === 'named' ||
    (toolChoice.mode === 'among' && toolChoice.isRequired)
  );
}
