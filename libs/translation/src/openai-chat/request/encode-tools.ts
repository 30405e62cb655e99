import type {
  CanonicalRequest,
  FreeformTool,
  FunctionTool,
  Tool,
  ToolChoice,
} from '../../canonical/request.js';
import { settleToolChoice } from '../../shared/tools/settle-tool-choice.js';
import {
  freeformDescription,
  freeformParameters,
  type ToolNames,
} from '../../shared/tools/tool-names.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import { JsonText } from '../../shared/json/write-json.js';
import type { ChatTool } from '../wire.js';
import { encodeFreeformFormat } from './freeform-format.js';
import { flatMap } from '../../shared/flat-map.js';

export interface ToolFields {
  readonly tools?: readonly (ChatTool | JsonText)[] | undefined;
  readonly tool_choice?: unknown;
  readonly parallel_tool_calls?: boolean | undefined;
}

export function encodeToolFields(
  request: CanonicalRequest,
  names: ToolNames,
  report: TranslationReport,
): ToolFields {
  const { refusedFields, takesFreeformTools } = report.target.capabilities;
  const { tools, choice } = settleToolChoice(request, report, {
    protocol: 'openai-chat',
    takesAmong: !refusedFields.includes('allowed_tools'),
  });
  const encoded = tools.map((tool) =>
    tool.type === 'native'
      ? new JsonText(tool.raw.json)
      : encodeOwnTool(tool, names.wireName(tool), report),
  );
  if (encoded.length === 0) return {};
  const kinds = new ToolKinds(takesFreeformTools ? tools : [], names);
  return {
    tools: encoded,
    tool_choice: encodeToolChoice(choice, kinds),
    parallel_tool_calls: encodeParallel(request.allowsParallelCalls, report),
  };
}

function encodeOwnTool(
  tool: FunctionTool | FreeformTool,
  name: string,
  report: TranslationReport,
): ChatTool {
  if (tool.type === 'freeform') return encodeFreeform(tool, name, report);
  const { refusedFields } = report.target.capabilities;
  const takesStrict = !refusedFields.includes('strict');
  if (!takesStrict && tool.isStrict === true)
    report.dropped(`${tool.path}.strict`, 'the target holds no call to its schema');
  return {
    type: 'function',
    function: {
      name,
      description: tool.description ?? undefined,
      parameters: tool.parameters === null ? undefined : new JsonText(tool.parameters.json),
      strict: takesStrict ? (tool.isStrict ?? undefined) : undefined,
    },
  };
}

function encodeFreeform(
  { description, format }: FreeformTool,
  name: string,
  report: TranslationReport,
): ChatTool {
  if (report.target.capabilities.takesFreeformTools) {
    return {
      type: 'custom',
      custom: { name, description: description ?? undefined, format: encodeFreeformFormat(format) },
    };
  }
  return {
    type: 'function',
    function: {
      name,
      description: freeformDescription(description, format),
      parameters: new JsonText(freeformParameters.json),
    },
  };
}

/** Says a tool's name together with its kind, as a choice must. */
class ToolKinds {
  readonly #freeform: ReadonlySet<string>;

  constructor(
    tools: readonly Tool[],
    private readonly names: ToolNames,
  ) {
    this.#freeform = new Set(
      flatMap(tools, (tool) => (tool.type === 'freeform' ? [names.wireName(tool)] : [])),
    );
  }

  reference(tool: Parameters<ToolNames['wireName']>[0]): unknown {
    const name = this.names.wireName(tool);
    return this.#freeform.has(name)
      ? { type: 'custom', custom: { name } }
      : { type: 'function', function: { name } };
  }
}

function encodeToolChoice(choice: ToolChoice | null, kinds: ToolKinds): unknown {
  switch (choice?.mode) {
    case undefined:
      return undefined;
    case 'named':
      return kinds.reference(choice);
    case 'among':
      return {
        type: 'allowed_tools',
        allowed_tools: {
          mode: choice.isRequired ? 'required' : 'auto',
          tools: choice.names.map((name) => kinds.reference({ name })),
        },
      };
    default:
      return choice?.mode;
  }
}

function encodeParallel(
  allowsParallelCalls: boolean | null,
  report: TranslationReport,
): boolean | undefined {
  if (allowsParallelCalls === null) return undefined;
  if (!report.target.capabilities.refusedFields.includes('parallel_tool_calls'))
    return allowsParallelCalls;
  if (!allowsParallelCalls)
    report.dropped('parallel_tool_calls', 'the target may call several tools at once');
  return undefined;
}
