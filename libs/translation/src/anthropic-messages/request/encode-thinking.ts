import type { CanonicalRequest, ReasoningIntent } from '../../canonical/request.js';
import type { TranslationTarget } from '../../protocol.js';
import { returnsTo } from '../../shared/tokens/returns-to.js';
import {
  budgetOfEffort,
  forcesTool,
  refuseThinkingOff,
  settleEffort,
} from '../../shared/request/effort.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import { JsonText } from '../../shared/json/write-json.js';

export interface EncodedThinking {
  readonly thinking?: JsonText | Readonly<Record<string, string | number>>;
  readonly effort?: string;
  /** Does the model think before it answers? Sampling is refused then. */
  readonly isThinking: boolean;
}

const smallestBudget = 1_024;
const noThinking: EncodedThinking = { isThinking: false };

/**
 * Says how much to think. Newer models think adaptively and know levels of effort; older ones know budgets, which must
 * be smaller than the output limit.
 */
export function encodeThinking(
  request: CanonicalRequest,
  maxTokens: number,
  report: TranslationReport,
): EncodedThinking {
  const { reasoning } = request;
  if (reasoning === null) return noThinking;
  if (request.protocol === 'anthropic-messages') return ownWords(reasoning);
  const { thinkingModes } = report.target.capabilities;
  if (reasoning.mode === 'off') {
    // a model that knows no thinking needs not be told
    if (thinkingModes.length === 0) return noThinking;
    if (thinkingModes.includes('off')) return { thinking: { type: 'disabled' }, isThinking: false };
    refuseThinkingOff(reasoning.paths, report);
    return noThinking;
  }
  const { mode, effort, budgetTokens, paths } = reasoning;
  if (mode === null && effort === null && budgetTokens === null) {
    // who only says how thinking is shown has not asked for any
    report.dropped(paths, 'the target thinks only when it is told how much');
    return noThinking;
  }
  if (forcesTool(request)) {
    report.dropped(reasoning.paths, 'thinking and a forced tool call exclude each other there');
    return noThinking;
  }
  const takesBudget = thinkingModes.includes('budget');
  if (reasoning.mode === 'budget' && takesBudget)
    return budgetOf(reasoning.budgetTokens ?? smallestBudget, request, maxTokens, report);
  if (thinkingModes.includes('adaptive')) return adaptive(reasoning, report);
  if (!takesBudget) {
    report.dropped(reasoning.paths, 'the target model does not think aloud');
    return noThinking;
  }
  return budgetOf(budgetOfEffort(reasoning.effort ?? 'medium'), request, maxTokens, report);
}

function ownWords({ native, effort, mode }: ReasoningIntent): EncodedThinking {
  return {
    isThinking: mode === 'budget' || mode === 'adaptive',
    ...(native === undefined || native === null ? {} : { thinking: new JsonText(native.json) }),
    ...(effort === null ? {} : { effort }),
  };
}

function adaptive(reasoning: ReasoningIntent, report: TranslationReport): EncodedThinking {
  const effort = settleEffort(reasoning, report);
  return {
    isThinking: true,
    thinking: { type: 'adaptive', ...displayOf(reasoning) },
    ...(effort === null ? {} : { effort }),
  };
}

function displayOf({ display }: ReasoningIntent): { display?: string } {
  if (display === undefined || display === null) return {};
  return { display: display === 'hidden' ? 'omitted' : 'summarized' };
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
    return noThinking;
  }
  if (isAmidUnsignedToolUse(request, report.target)) {
    report.dropped(
      paths,
      'the tool calls being answered came without signed thinking, which Anthropic would demand',
    );
    return noThinking;
  }
  if (budget < wanted)
    report.warn(
      'clamped',
      paths[0] ?? 'thinking',
      `the thinking budget was cut to ${budget} tokens`,
    );
  return { isThinking: true, thinking: { type: 'enabled', budget_tokens: budget } };
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
