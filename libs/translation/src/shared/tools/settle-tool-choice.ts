import type { CanonicalRequest, Tool, ToolChoice } from '../../canonical/request.js';
import type { ProtocolId } from '../../protocol.js';
import { refuseNativeTool } from './refuse-native-tool.js';
import type { TranslationReport } from '../request/translation-report.js';

export interface SettledTools {
  /** Those to declare. */
  readonly tools: readonly Tool[];
  readonly choice: ToolChoice | null;
}

interface ToolSupport {
  /** The target's own protocol, whose native tools it takes. */
  readonly protocol: ProtocolId;
  /** Does it know a choice among some of the tools? */
  readonly takesAmong: boolean;
}

/**
 * The tools to declare, and a choice in what the target obeys: where it knows no choice among some tools, or of one by
 * name, only those tools are declared. @throws GatewayError `unsupported_by_target`
 */
export function settleToolChoice(
  request: CanonicalRequest,
  report: TranslationReport,
  { protocol, takesAmong }: ToolSupport,
): SettledTools {
  const tools = request.tools.filter((tool) => {
    if (tool.type !== 'native' || tool.protocol === protocol) return true;
    refuseNativeTool(tool, report);
    return false;
  });
  const toolChoice = presentChoice(request, tools, report);
  if (tools.length === 0 || toolChoice === null) return { tools, choice: toolChoice };
  const { forcedTools } = report.target.capabilities;
  const isForced = toolChoice.mode === 'among' ? toolChoice.isRequired : isForcing(toolChoice);
  if (isForced && forcedTools === 'none') {
    report.refuseOrDrop(
      'tool_choice',
      'it calls tools as it sees fit and cannot be made to',
      'Leave `tool_choice` at "auto", or route to a model that obeys it.',
    );
    return { tools, choice: { mode: 'auto' } };
  }
  const names = namesToKeep(toolChoice, forcedTools === 'named', takesAmong);
  if (names === null) return { tools, choice: toolChoice };
  report.warn(
    'emulated',
    'tool_choice',
    'tools that may not be called were left out of the request',
  );
  const kept = tools.filter((tool) => tool.type !== 'native' && names.has(tool.name));
  for (const { path } of tools.filter((tool) => !kept.includes(tool)))
    report.dropped(path, '`tool_choice` does not allow it');
  return {
    tools: kept,
    choice: { mode: isForced ? 'required' : 'auto' },
  };
}

/** A choice that names no tool, or forces a call where no tool is left, would be refused there. */
function presentChoice(
  { toolChoice }: CanonicalRequest,
  tools: readonly Tool[],
  report: TranslationReport,
): ToolChoice | null {
  if (toolChoice === null || !isForcing(toolChoice)) return toolChoice;
  const isPresent =
    toolChoice.mode === 'named'
      ? tools.some((tool) => tool.type === 'native' || tool.name === toolChoice.name)
      : tools.length > 0;
  if (isPresent) return toolChoice;
  report.refuseOrDrop(
    'tool_choice',
    'the tool it asks for is not among those that can be sent',
    'Name one of the tools.',
  );
  return null;
}

function isForcing({ mode }: ToolChoice): boolean {
  return mode === 'required' || mode === 'named';
}

function namesToKeep(
  choice: ToolChoice,
  takesNamed: boolean,
  takesAmong: boolean,
): ReadonlySet<string> | null {
  if (choice.mode === 'named' && !takesNamed) return new Set([choice.name]);
  if (choice.mode === 'among' && !takesAmong) return new Set(choice.names);
  return null;
}
