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
} from '../../shared/tools/tool-names.js';
import { refuseNativeTool } from '../../shared/tools/refuse-native-tool.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import { JsonText } from '../../shared/json/write-json.js';
import type { OwnFields } from './own-fields.js';

const noParameters = '{"type":"object","properties":{}}';

/** A namespace is written again around the members that came in it. */
export function encodeTools(
  request: CanonicalRequest,
  names: ToolNames,
  own: OwnFields,
  report: TranslationReport,
): readonly unknown[] | undefined {
  if (request.tools.length === 0) return undefined;
  const encoded: unknown[] = [];
  const spaces = new Map<string, unknown[]>();
  for (const tool of request.tools) {
    const wire = encodeTool(tool, names, report);
    if (wire === null) continue;
    const namespace = tool.type === 'native' ? null : (tool.namespace ?? null);
    if (namespace === null || !names.isVerbatim) {
      encoded.push(wire);
      continue;
    }
    const path = tool.path.replace(/\.tools\[\d+\]$/, '');
    const members = spaces.get(path) ?? [];
    if (members.length === 0) {
      const description = own.take('openai-responses', `${path}.description`);
      encoded.push({ type: 'namespace', name: namespace, description, tools: members });
      spaces.set(path, members);
    }
    members.push(wire);
  }
  return encoded.length === 0 ? undefined : encoded;
}

/** Null where a lenient route leaves it out. */
function encodeTool(tool: Tool, names: ToolNames, report: TranslationReport): unknown {
  if (tool.type === 'native') {
    if (tool.protocol === 'openai-responses') return new JsonText(tool.raw.json);
    refuseNativeTool(tool, report);
    return null;
  }
  if (tool.cacheMark !== null)
    report.dropped(`${tool.path}.cache_control`, 'the target caches prefixes by itself');
  return tool.type === 'function' ? encodeFunction(tool, names) : encodeFreeform(tool, names);
}

/** Strict is the default here and nowhere else, so it is said that the caller did not ask for it. */
function encodeFunction(tool: FunctionTool, names: ToolNames): unknown {
  return {
    type: 'function',
    name: names.wireName(tool),
    description: tool.description ?? undefined,
    parameters: new JsonText(tool.parameters?.json ?? noParameters),
    strict: tool.isStrict ?? (names.isVerbatim ? undefined : false),
  };
}

function encodeFreeform(tool: FreeformTool, names: ToolNames): unknown {
  if (names.isVerbatim)
    return {
      type: 'custom',
      name: tool.name,
      description: tool.description ?? undefined,
      format: tool.format === null ? undefined : new JsonText(tool.format.json),
    };
  return {
    type: 'function',
    name: names.wireName(tool),
    description: freeformDescription(tool.description, tool.format),
    parameters: new JsonText(freeformParameters.json),
    strict: false,
  };
}

export function encodeToolChoice(request: CanonicalRequest, names: ToolNames): unknown {
  const { toolChoice: choice, tools } = request;
  if (tools.length === 0) return undefined;
  const reference = (name: string, namespace: string | null): object => ({
    type: isCustom(request, name, names) ? 'custom' : 'function',
    name: names.wireName({ name, namespace }),
    namespace: names.isVerbatim ? (namespace ?? undefined) : undefined,
  });
  switch (choice?.mode) {
    case undefined:
      return undefined;
    case 'named':
      return reference(choice?.name ?? '', choice?.namespace ?? null);
    case 'among':
      return {
        type: 'allowed_tools',
        mode: choice?.isRequired === true ? 'required' : 'auto',
        tools: choice?.names.map((name) => reference(name, null)),
      };
    default:
      return choice?.mode;
  }
}

function isCustom({ tools }: CanonicalRequest, name: string, names: ToolNames): boolean {
  return names.isVerbatim && tools.some((tool) => tool.type === 'freeform' && tool.name === name);
}
