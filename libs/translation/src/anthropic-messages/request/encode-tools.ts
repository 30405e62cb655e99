import type {
  CanonicalRequest,
  FreeformTool,
  FunctionTool,
  Tool,
  ToolChoice,
} from '../../canonical/request.js';
import {
  freeformDescription,
  freeformParameters,
  type ToolNames,
} from '../../shared/tools/tool-names.js';
import { isRecursiveSchema, loadOfSchema, relaxSchema } from '../../json-schema/relax-schema.js';
import { withObjectRoot } from '../../json-schema/object-root.js';
import { encodeCacheMark } from '../../shared/request/cache-marks.js';
import { settleToolChoice } from '../../shared/tools/settle-tool-choice.js';
import { tryParse } from '../../shared/json/json-access.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import { JsonText } from '../../shared/json/write-json.js';
import { flatMap } from '../../shared/flat-map.js';

/** The API refuses more than this of strict tools in one request. */
const mostStrictTools = 20;
const mostOptionalParameters = 24;
const mostUnions = 16;

export interface ToolFields {
  readonly tools?: readonly unknown[];
  readonly tool_choice?: unknown;
}

/** There is no choice among several tools, so those that may not be called are left out. */
export function encodeToolFields(
  request: CanonicalRequest,
  names: ToolNames,
  report: TranslationReport,
): ToolFields {
  const { tools, choice } = settleToolChoice(request, report, {
    protocol: 'anthropic-messages',
    takesAmong: false,
  });
  const takesStrict = mayBeStrict(tools, report);
  const encoded = tools.map((tool) => {
    if (tool.type === 'native') return new JsonText(tool.raw.json);
    if (tool.type === 'freeform') return encodeFreeform(tool, names, report);
    return encodeFunction(tool, names.wireName(tool), { takesStrict, report });
  });
  if (encoded.length === 0) return {};
  return {
    tools: encoded,
    tool_choice: encodeToolChoice(choice, request.allowsParallelCalls, names),
  };
}

/** All or none, so that the same tools always give the same request. */
function mayBeStrict(tools: readonly Tool[], report: TranslationReport): boolean {
  const strict = flatMap(tools, (tool) =>
    tool.type === 'function' && tool.isStrict === true ? [tool] : [],
  );
  if (strict.length === 0) return true;
  const problem = problemOfStrict(strict);
  if (problem === null || report.target.capabilities.schemaDialect === 'full') return true;
  report.dropped('tools[].strict', `${problem}, so none is strict`);
  return false;
}

function problemOfStrict(tools: readonly FunctionTool[]): string | null {
  if (tools.length > mostStrictTools)
    return `more than ${mostStrictTools} strict tools are refused`;
  const schemas = tools.map(({ parameters }) => tryParse(parameters?.json ?? '{}'));
  const { optionalParameters, unions } = loadOfSchema(schemas);
  if (optionalParameters > mostOptionalParameters)
    return `strict tools with more than ${mostOptionalParameters} optional parameters are refused`;
  if (unions > mostUnions)
    return `strict tools with more than ${mostUnions} union types are refused`;
  if (schemas.some(isRecursiveSchema)) return 'strict tools with recursive schemas are refused';
  const relaxed = new Set(flatMap(schemas, (schema) => relaxSchema(schema).relaxed));
  if (relaxed.size > 0) return `${[...relaxed].join(', ')} cannot be enforced`;
  return null;
}

function encodeFreeform(tool: FreeformTool, names: ToolNames, report: TranslationReport): unknown {
  return {
    name: names.wireName(tool),
    description: freeformDescription(tool.description, tool.format),
    input_schema: new JsonText(freeformParameters.json),
    ...encodeCacheMark(tool, report),
  };
}

function encodeFunction(
  tool: FunctionTool,
  name: string,
  { takesStrict, report }: { takesStrict: boolean; report: TranslationReport },
): unknown {
  return {
    name,
    description: tool.description ?? undefined,
    input_schema: new JsonText(objectSchema(tool, report)),
    strict: takesStrict ? (tool.isStrict ?? undefined) : undefined,
    ...encodeCacheMark(tool, report),
  };
}

/** The root must be an object and say so. */
function objectSchema(tool: FunctionTool, report: TranslationReport): string {
  if (tool.parameters === null) return '{"type":"object","properties":{}}';
  const { json, path = tool.path } = tool.parameters;
  const root = withObjectRoot(json);
  if (root === null) {
    report.refuse(
      path,
      `the schema of tool "${tool.name}" must have an object as its root`,
      'Wrap it in an object.',
    );
  }
  if (root.change !== null) report.warn('emulated', path, root.change);
  return root.json;
}

/** Forbidding parallel calls needs a choice to be said in, so `auto` is written where the caller chose nothing. */
function encodeToolChoice(
  choice: ToolChoice | null,
  allowsParallelCalls: boolean | null,
  names: ToolNames,
): unknown {
  const isSerial = allowsParallelCalls === false ? { disable_parallel_tool_use: true } : {};
  switch (choice?.mode) {
    case undefined:
      return allowsParallelCalls === false ? { type: 'auto', ...isSerial } : undefined;
    case 'required':
      return { type: 'any', ...isSerial };
    case 'none':
      return { type: 'none' };
    case 'named':
      return { type: 'tool', name: names.wireName(choice), ...isSerial };
    default:
      return { type: 'auto', ...isSerial };
  }
}
