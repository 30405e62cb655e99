import type { CanonicalRequest, FunctionTool, ToolChoice } from '../../canonical/request.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import { JsonText } from '../../shared/json/write-json.js';
import type { ChatFunctionTool } from '../wire.js';

/** OpenAI's rule; local servers take any name. */
const cloudName = /^[a-zA-Z0-9_-]{1,64}$/;

export function encodeTools(
  request: CanonicalRequest,
  report: TranslationReport,
): readonly (ChatFunctionTool | JsonText)[] | undefined {
  if (request.tools.length === 0) return undefined;
  return request.tools.map((tool) => {
    if (tool.type === 'function') return encodeFunction(tool, report);
    if (tool.protocol === 'openai-chat') return new JsonText(tool.raw.json);
    return report.refuse(
      tool.path,
      `the provider's own tool "${tool.kind}" exists there alone`,
      'Remove it, or declare a function tool that you run yourself.',
    );
  });
}

function encodeFunction(tool: FunctionTool, report: TranslationReport): ChatFunctionTool {
  if (tool.cacheMark !== null) {
    report.dropped(`${tool.path}.cache_control`, 'the target caches prefixes by itself');
  }
  if (!report.target.isLocal && !cloudName.test(tool.name)) {
    report.refuse(
      `${tool.path}.name`,
      `the tool name "${tool.name}" is not made of 1 to 64 letters, digits, "_" or "-"`,
      'Rename the tool.',
    );
  }
  return {
    type: 'function',
    function: {
      name: tool.name,
      description: tool.description ?? undefined,
      parameters: tool.parameters === null ? undefined : new JsonText(tool.parameters.json),
      strict: tool.isStrict ?? undefined,
    },
  };
}

export function encodeToolChoice(choice: ToolChoice | null): unknown {
  switch (choice?.mode) {
    case undefined:
      return undefined;
    case 'named':
      return { type: 'function', function: { name: choice.name } };
    case 'among':
      return {
        type: 'allowed_tools',
        allowed_tools: {
          mode: choice.isRequired ? 'required' : 'auto',
          tools: choice.names.map((name) => ({ type: 'function', function: { name } })),
        },
      };
    default:
      return choice?.mode;
  }
}
