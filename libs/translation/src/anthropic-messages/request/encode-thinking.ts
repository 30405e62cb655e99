import type { CanonicalRequest, ReasoningIntent } from '../../canonical/request.js';
import type { TranslationTarget } from '../../protocol.js';
import { returnsTo } from '../../shared/request/returns-to.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';

export interface EncodedThinking {
  readonly thinking?: {
    readonly type: string;
    readonly budget_tokens?: number;
    readonly display?: string;
  };
  readonly effort?: string;
}

/** Our table from OpenAI's levels to tokens, for models that know budgets only. */
const budgets: Readonly<Record<string, number>> = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
};

const efforts = new Set(['low', 'medium', 'high', 'xhigh', 'max']);
const smallestBudget = 1_024;

/**
 * Says how much to think. Models that dropped sampling think adaptively and know levels; older ones know
 * budgets, which must be smaller than the output limit.
 */
export function encodeThinking(
  request: CanonicalRequest,
  maxTokens: number,
  report: TranslationReport,
): EncodedThinking {
  const { reasoning } = request;
  if (reasoning === null) return {};
  const encoded = encodeAmount(request, reasoning, maxTokens, report);
  return withDisplay(encoded, reasoning, report);
}

/** Newer models are told whether to show their thinking, and hide it by themselves; older ones always show it. */
function withDisplay(
  encoded: EncodedThinking,
  { display, paths }: ReasoningIntent,
  report: TranslationReport,
): EncodedThinking {
  const { thinking } = encoded;
  if ((display ?? null) === null || thinking?.type === 'disabled') return encoded;
  const isSaid = thinking !== undefined && !report.target.capabilities.takesSampling;
  if (isSaid) {
    const word = display === 'hidden' ? 'omitted' : 'summarized';
    return { ...encoded, thinking: { ...thinking, display: word } };
  }
  if (thinking === undefined || display === 'hidden')
    report.dropped(paths.at(-1) ?? '', 'the target shows its thinking as it does by itself');
  return encoded;
}

function encodeAmount(
  request: CanonicalRequest,
  reasoning: ReasoningIntent,
  maxTokens: number,
  report: TranslationReport,
): EncodedThinking {
  if (reasoning.mode === 'off') return { thinking: { type: 'disabled' } };
  if (forcesTool(request)) {
    report.dropped(reasoning.paths, 'thinking and a forced tool call exclude each other there');
    return {};
  }
  if (reasoning.mode === 'adaptive') {
    return { thinking: { type: 'adaptive' }, ...effortOf(reasoning.effort) };
  }
  if (reasoning.mode === 'budget' && reasoning.budgetTokens !== null) {
    return {
      ...budgetOf(reasoning.budgetTokens, request, maxTokens, report),
      ...effortOf(reasoning.effort),
    };
  }
  if (reasoning.effort === null) return {};
  if (request.protocol === 'anthropic-messages') return effortOf(reasoning.effort);
  return report.target.capabilities.takesSampling
    ? budgetOf(budgets[reasoning.effort] ?? smallestBudget, request, maxTokens, report)
    : {
        thinking: { type: 'adaptive' },
        ...knownEffort(reasoning.effort, reasoning.paths[0] ?? '', report),
      };
}

function effortOf(effort: string | null): EncodedThinking {
  return effort === null ? {} : { effort };
}

function knownEffort(effort: string, path: string, report: TranslationReport): EncodedThinking {
  if (efforts.has(effort)) return { effort };
  report.warn('clamped', path, `"${effort}" was sent as "low"`);
  return { effort: 'low' };
}

function budgetOf(
  wanted: number,
  request: CanonicalRequest,
  maxTokens: number,
  report: TranslationReport,
): EncodedThinking {
  const paths = request.reasoning?.paths ?? [];
  const budget = Math.min(wanted, maxTokens - 1);
  if (budget < smallestBudget) {
    report.dropped(paths, `thinking needs an output limit above ${smallestBudget} tokens`);
    return {};
  }
  if (isAmidUnsignedToolUse(request, report.target)) {
    report.dropped(
      paths,
      'the tool calls being answered came without signed thinking, which Anthropic would demand',
    );
    return {};
  }
  if (budget < wanted)
    report.warn(
      'clamped',
      paths[0] ?? 'thinking',
      `the thinking budget was cut to ${budget} tokens`,
    );
  return { thinking: { type: 'enabled', budget_tokens: budget } };
}

function forcesTool({ toolChoice, tools }: CanonicalRequest): boolean {
  if (tools.length === 0 || toolChoice === null) return false;
  return (
    toolChoice.mode === 'required' ||
    toolChoice.mode === 'named' ||
    (toolChoice.mode === 'among' && toolChoice.isRequired)
  );
}

/** "Expected `thinking` or `redacted_thinking`, but found `tool_use`" is a 400 there. */
function isAmidUnsignedToolUse({ turns }: CanonicalRequest, target: TranslationTarget): boolean {
  if (turns.at(-1)?.parts.some((part) => part.type === 'tool-result') !== true) return false;
  const last = turns.findLast((turn) => turn.role === 'assistant');
  return (
    last?.parts.some(
      (part) => part.type === 'reasoning' && returnsTo(part.opaque, 'anthropic-messages', target),
    ) !== true
  );
}
