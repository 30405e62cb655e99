import type { CanonicalRequest, FreeformTool, FunctionTool } from '../../canonical/request.js';
import { JsonText } from '../../shared/json/write-json.js';
import { dropCacheMark } from '../../shared/request/cache-marks.js';
import {
  freeformDescription,
  freeformParameters,
  type ToolNames,
} from '../../shared/tools/tool-names.js';
import { refuseNativeTool } from '../../shared/tools/refuse-native-tool.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';

/** A name begins with a letter or `_`. https://ai.google.dev/api/caching#FunctionDeclaration */
export const geminiToolNames = {
  maxChars: 128,
  invalidCharacters: /^[^a-zA-Z_]|[^a-zA-Z0-9_.:-]/g,
};

interface FunctionDeclaration {
  readonly name: string;
  readonly description?: string | undefined;
  /** The field that takes JSON Schema as it is; `parameters` knows a subset only, and refuses the rest. */
  readonly parametersJsonSchema?: JsonText | undefined;
}

export function encodeTools(
  request: CanonicalRequest,
  names: ToolNames,
  report: TranslationReport,
): readonly unknown[] | undefined {
  const functionDeclarations: FunctionDeclaration[] = [];
  const hosted: JsonText[] = [];
  for (const tool of request.tools) {
    if (tool.type !== 'native') functionDeclarations.push(declare(tool, names, report));
    else if (tool.protocol === 'gemini-generate') hosted.push(new JsonText(tool.raw.json));
    else refuseNativeTool(tool, report);
  }
  const declared = functionDeclarations.length === 0 ? [] : [{ functionDeclarations }];
  const tools = [...declared, ...hosted];
  return tools.length === 0 ? undefined : tools;
}

function declare(
  tool: FunctionTool | FreeformTool,
  names: ToolNames,
  report: TranslationReport,
): FunctionDeclaration {
  dropCacheMark(tool, report);
  const name = names.wireName(tool);
  if (tool.type === 'function' && tool.isStrict === true)
    report.warn(
      'renamed',
      `${tool.path}.function.strict`,
      'calls of all tools together are held to their schemas there',
    );
  if (tool.type === 'freeform') {
    const description = freeformDescription(tool.description, tool.format);
    return { name, description, parametersJsonSchema: new JsonText(freeformParameters.json) };
  }
  return {
    name,
    description: tool.description ?? undefined,
    parametersJsonSchema: tool.parameters === null ? undefined : new JsonText(tool.parameters.json),
  };
}

interface CallingConfig {
  readonly mode: 'AUTO' | 'ANY' | 'NONE' | 'VALIDATED';
  readonly allowedFunctionNames?: readonly string[];
}

export function encodeToolConfig(
  request: CanonicalRequest,
  names: ToolNames,
  report: TranslationReport,
): { readonly functionCallingConfig: CallingConfig } | undefined {
  if (request.allowsParallelCalls === false)
    report.dropped('parallel_tool_calls', 'it decides by itself how many tools it calls at once');
  const functions = request.tools.filter((tool) => tool.type !== 'native');
  const functionCallingConfig = functions.length === 0 ? undefined : callingConfig(request, names);
  return functionCallingConfig === undefined ? undefined : { functionCallingConfig };
}

/** VALIDATED holds calls to their schemas, which is what strict tools ask for. */
function callingConfig(
  { tools, toolChoice }: CanonicalRequest,
  names: ToolNames,
): CallingConfig | undefined {
  const isStrict = tools.some((tool) => tool.type === 'function' && tool.isStrict === true);
  switch (toolChoice?.mode) {
    case undefined:
      return isStrict ? { mode: 'VALIDATED' } : undefined;
    case 'auto':
      return { mode: isStrict ? 'VALIDATED' : 'AUTO' };
    case 'required':
      return { mode: 'ANY' };
    case 'none':
      return { mode: 'NONE' };
    case 'named':
      return {
        mode: 'ANY',
        allowedFunctionNames: toolChoice === null ? [] : [names.wireName(toolChoice)],
      };
    case 'among':
      return {
        mode: toolChoice?.isRequired === true ? 'ANY' : 'VALIDATED',
        allowedFunctionNames: toolChoice?.names.map((name) => names.wireName({ name })) ?? [],
      };
  }
}
