import type { NativePart } from '../../canonical/content.js';
import type { CanonicalRequest, NativeTool, Turn } from '../../canonical/request.js';
import type { ProtocolId } from '../../protocol.js';
import { withoutBillingHeader } from './billing-header.js';
import type { TranslationReport } from './translation-report.js';
import { flatMap } from '../flat-map.js';

/**
 * The request without what is another provider's own and may be left out. What may not stays, and is refused by
 * whoever meets it. @throws GatewayError `unsupported_by_target` in strict mode
 */
export function leaveOutForeign(
  request: CanonicalRequest,
  protocol: ProtocolId,
  report: TranslationReport,
): CanonicalRequest {
  const tools = request.tools.filter((tool) => !isLeftOut(tool, protocol, report));
  const wantsCall = ['required', 'named', 'among'].includes(request.toolChoice?.mode ?? '');
  if (tools.length === 0 && request.tools.length > 0 && wantsCall) {
    report.refuse(
      'tool_choice',
      'it asks for a call, and no tool is left that the target knows',
      'Declare a function tool, or do not force a call.',
    );
  }
  return {
    ...request,
    instructions:
      protocol === 'anthropic-messages'
        ? request.instructions
        : withoutBillingHeader(request.instructions, report),
    turns: request.turns.some(holdsNative)
      ? flatMap(request.turns, (turn) => keptTurn(turn, protocol, report))
      : request.turns,
    tools,
    toolChoice: tools.length === 0 && request.tools.length > 0 ? null : request.toolChoice,
  };
}

function holdsNative({ parts }: Turn): boolean {
  return parts.some(({ type }) => type === 'native');
}

function keptTurn(turn: Turn, protocol: ProtocolId, report: TranslationReport): Turn[] {
  if (!holdsNative(turn)) return [turn];
  const parts = turn.parts.filter(
    (part) => part.type !== 'native' || !isLeftOut(part, protocol, report),
  );
  return parts.length === 0 ? [] : [{ ...turn, parts }];
}

function isLeftOut(
  item: NativeTool | NativePart | { readonly type: 'function' | 'freeform' },
  protocol: ProtocolId,
  report: TranslationReport,
): boolean {
  if (item.type !== 'native' || item.protocol === protocol) return false;
  const { lossMode } = report.target;
  if (lossMode === 'strict' || (item.isOptional !== true && lossMode !== 'lenient')) return false;
  report.dropped(item.path, `"${item.kind}" exists at its own provider alone`);
  return true;
}
