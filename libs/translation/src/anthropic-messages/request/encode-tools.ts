import type {
  CanonicalRequest,
  FreeformTool,
  FunctionTool,
  Tool,
} from '../../canonical/request.js';
import {
  freeformDescription,
  freeformParameters,
  type ToolNames,
} from '../../shared/request/tool-names.js';
import { asRecord, tryParse } from '../../shared/json/json-access.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import { JsonText } from '../../shared/json/write-json.js';
import { encodeCacheMark } from './encode-content.js';

/** The API refuses more strict tools than this in one request. */
const mostStrictTools = 20;

export function encodeTools(
  request: CanonicalRequest,
  names: ToolNames,
  report: TranslationReport,
): readonly unknown[] | undefined {
  const tools = allowedTools(request, report);
  if (tools.length === 0) return undefined;
  const strictCount = tools.filter(
    (tool) => tool.type === 'function' && tool.isStrict === true,
  ).length;
  const takesStrict = strictCount <= mostStrictTools;
  if (!takesStrict)
    report.dropped(
      'tools[].strict',
      `more than ${mostStrictTools} strict tools are refused, so none is strict`,
    );
  return tools.map((tool) => {
    if (tool.type === 'freeform') return encodeFreeform(tool, names);
    if (tool.type === 'function')
      return encodeFunction(tool, names.wireName(tool), { takesStrict, report });
    if (tool.protocol === 'anthropic-messages') return new JsonText(tool.raw.json);
    return report.refuse(
      tool.path,
      `the provider's own tool "${tool.kind}" exists there alone`,
      'Remove it, or declare a function tool that you run yourself.',
    );
  });
}

/** There is no choice among several tools, so the others are left out. */
function allowedTools(
  { tools, toolChoice }: CanonicalRequest,
  report: TranslationReport,
): readonly Tool[] {
  if (toolChoice?.mode !== 'among') return tools;
  report.warn(
    'emulated',
    'tool_choice',
    'tools that may not be called were left out of the request',
  );
  const allowed = new Set(toolChoice.names);
  return tools.filter((tool) => tool.type !== 'native' && allowed.has(tool.name));
}

function encodeFreeform(tool: FreeformTool, names: ToolNames): unknown {
  return {
    name: names.wireName(tool),
    description: freeformDescription(tool.description, tool.format),
    input_schema: new JsonText(freeformParameters.json),
    cache_control: encodeCacheMark(tool.cacheMark),
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
    cache_control: encodeCacheMark(tool.cacheMark),
  };
}

/** The root must say `"type": "object"`; a schema that only forgot to gets the word spliced in. */
function objectSchema(tool: FunctionTool, report: TranslationReport): string {
  if (tool.parameters === null) return '{"type":"object","properties":{}}';
  const { json } = tool.parameters;
  const schema = asRecord(tryParse(json));
  if (schema?.['type'] === 'object') return json;
  const path = `${tool.path}.function.parameters`;
  const isPlain =
    schema !== null && !['type', 'anyOf', 'oneOf', 'allOf', '$ref'].some((name) => name in schema);
  if (!isPlain) {
    report.refuse(
      path,
      `the schema of tool "${tool.name}" must have an object as its root`,
      'Wrap it in an object.',
    );
  }
  report.warn('emulated', path, 'the missing "type": "object" was added');
  const members = json.slice(json.indexOf('{') + 1);
  return `{"type":"object"${members.trim() === '}' ? '' : ','}${members}`;
}

/** Forbidding parallel calls needs a choice to be said in, so `auto` is written where the caller chose nothing. */
export function encodeToolChoice(
  { tools, toolChoice, allowsParallelCalls }: CanonicalRequest,
  names: ToolNames,
): unknown {
  if (tools.length === 0) return undefined;
  const isSerial = allowsParallelCalls === false ? { disable_parallel_tool_use: true } : {};
  switch (toolChoice?.mode) {
    case undefined:
      return allowsParallelCalls === false ? { type: 'auto', ...isSerial } : undefined;
    case 'auto':
      return { type: 'auto', ...isSerial };
    case 'required':
      return { type: 'any', ...isSerial };
    case 'none':
      return { type: 'none' };
    case 'named':
      return {
        type: 'tool',
        name: toolChoice === null ? '' : names.wireName(toolChoice),
        ...isSerial,
      };
    case 'among':
      return { type: toolChoice?.isRequired ? 'any' : 'auto', ...isSerial };
  }
}
