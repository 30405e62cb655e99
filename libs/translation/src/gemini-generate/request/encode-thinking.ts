import type { CanonicalRequest, ReasoningIntent } from '../../canonical/request.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';

export interface ThinkingConfig {
  readonly thinkingBudget?: number;
  readonly thinkingLevel?: string;
  readonly includeThoughts?: boolean;
}

/** Weakest first, in all protocols' words; the number is what Google's own chat endpoint makes of the word. */
const budgets: readonly (readonly [effort: string, tokens: number])[] = [
  ['minimal', 1_024],
  ['low', 1_024],
  ['medium', 8_192],
  ['high', 24_576],
  ['xhigh', 24_576],
  ['max', 24_576],
];

/** The least of what the models that know budgets take at most. */
const largestBudget = 24_576;

/** Says how much to think: Gemini 3 knows levels, Gemini 2.5 budgets, older models neither. */
export function encodeThinking(
  { reasoning, protocol }: CanonicalRequest,
  report: TranslationReport,
): ThinkingConfig | undefined {
  if (reasoning === null) return undefined;
  const { effortLevels, thinkingModes } = report.target.capabilities;
  if (effortLevels.length === 0 && thinkingModes.length === 0) {
    report.dropped(reasoning.paths, 'the target model does not think');
    return undefined;
  }
  const amount = thinkingModes.includes('budget')
    ? budgetOf(reasoning, report)
    : levelOf(reasoning, report);
  const config = { ...amount, ...shownThoughts(reasoning, protocol) };
  return Object.keys(config).length === 0 ? undefined : config;
}

/** Anthropic shows thinking that was asked for; Gemini does so only on demand. */
function shownThoughts(
  { display, mode }: ReasoningIntent,
  protocol: CanonicalRequest['protocol'],
): ThinkingConfig {
  if (display === 'summary') return { includeThoughts: true };
  if (display === 'hidden') return { includeThoughts: false };
  const isExpected =
    protocol === 'anthropic-messages' && (mode === 'budget' || mode === 'adaptive');
  return isExpected ? { includeThoughts: true } : {};
}

function budgetOf(reasoning: ReasoningIntent, report: TranslationReport): ThinkingConfig {
  const { mode, effort, budgetTokens, paths } = reasoning;
  if (mode === 'off') {
    if (report.target.capabilities.thinkingModes.includes('off')) return { thinkingBudget: 0 };
    return refuseOff(reasoning, 'Ask for a small effort instead.', report);
  }
  if (budgetTokens !== null) {
    const thinkingBudget = Math.min(budgetTokens, largestBudget);
    if (thinkingBudget < budgetTokens)
      report.warn(
        'clamped',
        paths[0] ?? '',
        `the thinking budget was cut to ${thinkingBudget} tokens`,
      );
    return { thinkingBudget };
  }
  if (effort !== null) {
    const known = budgets.find(([name]) => name === effort);
    if (known === undefined) report.dropped(paths, `it knows no effort "${effort}"`);
    return known === undefined ? {} : { thinkingBudget: known[1] };
  }
  return mode === 'adaptive' ? { thinkingBudget: -1 } : {};
}

function levelOf(reasoning: ReasoningIntent, report: TranslationReport): ThinkingConfig {
  const { mode, budgetTokens, paths } = reasoning;
  const { effortLevels } = report.target.capabilities;
  if (mode === 'off' && !effortLevels.includes('minimal'))
    return refuseOff(reasoning, `Supported levels: ${effortLevels.join(', ')}.`, report);
  if (mode === 'off') {
    for (const path of paths) report.warn('clamped', path, 'sent as "minimal", the least there is');
    return { thinkingLevel: 'minimal' };
  }
  const effort = reasoning.effort ?? (budgetTokens === null ? null : effortFor(budgetTokens));
  if (effort === null) return {};
  const level = nearestLevel(effort, effortLevels);
  if (level === null) {
    report.dropped(paths, `it knows no effort "${effort}"`);
    return {};
  }
  const [path = ''] = paths;
  if (level !== effort) report.warn('clamped', path, `"${effort}" was sent as "${level}"`);
  else if (budgetTokens !== null) report.warn('renamed', path, `sent as level "${level}"`);
  return { thinkingLevel: level };
}

/** The level with the most effort that a budget pays for. */
function effortFor(budgetTokens: number): string {
  if (budgetTokens <= 1_024) return 'low';
  return budgetTokens <= 8_192 ? 'medium' : 'high';
}

/** The same level, else the next weaker one, else the weakest; null for a word no protocol has. */
function nearestLevel(effort: string, levels: readonly string[]): string | null {
  const order = budgets.map(([name]) => name);
  const wanted = order.indexOf(effort);
  if (levels.includes(effort)) return effort;
  if (wanted === -1) return null;
  return levels.findLast((level) => order.indexOf(level) <= wanted) ?? levels[0] ?? null;
}

function refuseOff({ paths }: ReasoningIntent, wayOut: string, report: TranslationReport): never {
  return report.refuse(paths[0] ?? '', 'the target model cannot stop thinking', wayOut);
}
