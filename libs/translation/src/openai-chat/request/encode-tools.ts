import type {
  CanonicalRequest,
  FreeformTool,
  FunctionTool,
  ToolChoice,
} from '../../canonical/request.js';
import {
  freeformDescription,
  freeformParameters,
  type ToolNames,
} from '../../shared/request/tool-names.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import { JsonText } from '../../shared/json/write-json.js';
import type { ChatFunctionTool } from '../wire.js';

export function encodeTools(
  request: CanonicalRequest,
  names: ToolNames,
  report: TranslationReport,
): readonly (ChatFunctionTool | JsonText)[] | undefined {
  if (request.tools.length === 0) return undefined;
  return request.tools.map((tool) => {
    if (tool.type !== 'native') return encodeFunction(tool, names, report);
    if (tool.protocol === 'openai-chat') return new JsonText(tool.raw.json);
    return report.refuse(
      tool.path,
      `the provider's own tool "${tool.kind}" exists there alone`,
      'Remove it, or declare a function tool that you run yourself.',
    );
  });
}

function encodeFunction(
  tool: FunctionTool | FreeformTool,
  names: ToolNames,
  report: TranslationReport,
): ChatFunctionTool {
  if (tool.cacheMark !== null) {
    report.dropped(`${tool.path}.cache_control`, 'the target caches prefixes by itself');
  }
  const name = names.wireName(tool);
  if (tool.type === 'freeform') return { type: 'function', function: asFunction(tool, name) };
  return {
    type: 'function',
    function: {
      name,
      description: tool.description ?? undefined,
      parameters: tool.parameters === null ? undefined : new JsonText(tool.parameters.json),
      strict: tool.isStrict ?? undefined,
    },
  };
}

function asFunction(
  { description, format }: FreeformTool,
  name: string,
): ChatFunctionTool['function'] {
  return {
    name,
    description: freeformDescription(description, format),
    parameters: new JsonText(freeformParameters.json),
  };
}

export function encodeToolChoice(choice: ToolChoice | null, names: ToolNames): unknown {
  switch (choice?.mode) {
    case undefined:
      return undefined;
    case 'named':
      return { type: 'function', function: { name: names.wireName(choice) } };
    case 'among':
      return {
        type: 'allowed_tools',
        allowed_tools: {
          mode: choice.isRequired ? 'required' : 'auto',
          tools: choice.names.map((name) => ({
            type: 'function',
            function: { name: names.wireName({ name }) },
          })),
        },
      };
    default:
      return choice?.mode;
  }
}
