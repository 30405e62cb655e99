import type { FreeformTool, FunctionTool, Tool, ToolChoice } from '../../canonical/request.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';
import { flatMap } from '../../shared/flat-map.js';

/** The model answers without it as well. Codex declares it with every request. */
const optionalTools = /^web_search(?:_preview)?(?:_\d|$)/;

/** The members of a namespace stand among the other tools, each under the namespace's name. */
export function decodeTools(tools: readonly ValueReader[]): Tool[] {
  return flatMap(tools, (value): Tool[] => {
    const tool = value.object('a tool object');
    const type = tool.string('type');
    if (type !== 'namespace') return [ownTool(tool, null) ?? nativeTool(value, type)];
    const namespace = tool.string('name');
    const members = tool.value('tools')?.array('an array of tool objects') ?? [];
    return members.map((member) => {
      const inner = member.object('a tool object');
      return ownTool(inner, namespace) ?? refuseMember(inner);
    });
  });
}

function nativeTool(value: ValueReader, kind: string): Tool {
  return {
    type: 'native',
    protocol: 'openai-responses',
    kind,
    raw: value.raw(),
    isOptional: optionalTools.test(kind),
    path: value.path,
  };
}

function refuseMember(tool: ObjectReader): never {
  const path = tool.at('type');
  throw new GatewayError(
    'unsupported_by_target',
    `\`${path}\` must be "function" or "custom"; only OpenAI knows other tools in a namespace.`,
    { path },
  );
}

/** null for a tool that the caller does not run. */
function ownTool(tool: ObjectReader, namespace: string | null): FunctionTool | FreeformTool | null {
  const type = tool.string('type');
  if (type !== 'function' && type !== 'custom') return null;
  const shared = {
    name: tool.string('name'),
    ...(namespace === null ? {} : { namespace }),
    description: tool.optionalString('description'),
    cacheMark: null,
    path: tool.path,
  };
  if (type === 'custom') return { type: 'freeform', ...shared, format: decodeFormat(tool) };
  return {
    type: 'function',
    ...shared,
    parameters: tool.optionalObject('parameters') === null ? null : tool.optionalRaw('parameters'),
    isStrict: tool.optionalBoolean('strict'),
  };
}

/** null for any text. */
function decodeFormat(tool: ObjectReader): FreeformTool['format'] {
  const format = tool.optionalObject('format');
  return format?.string('type') === 'text' ? null : tool.optionalRaw('format');
}

const words: Readonly<Record<string, ToolChoice>> = {
  auto: { mode: 'auto' },
  none: { mode: 'none' },
  required: { mode: 'required' },
};

/**
 * null for a choice of hosted tools, which stays unread: it means nothing to others.
 * @throws GatewayError `invalid_request` for an unknown choice, or one without tools to choose from
 */
export function decodeToolChoice(value: ValueReader | null, hasTools: boolean): ToolChoice | null {
  if (value === null) return null;
  const choice = value.isString ? words[value.string()] : decodeNamedChoice(value);
  if (choice === undefined)
    throw invalid(value.path, 'must be "none", "auto", "required" or an object naming a tool');
  if (!hasTools && choice !== null && choice.mode !== 'none' && choice.mode !== 'auto') {
    throw invalid(
      value.path,
      'asks for a tool call, but `tools` is empty: add the tools or leave it out',
    );
  }
  return choice;
}

function decodeNamedChoice(value: ValueReader): ToolChoice | null {
  const type = value.node.members?.get('type')?.value;
  if (type !== 'function' && type !== 'custom' && type !== 'allowed_tools') return null;
  const choice = value.object();
  choice.string('type');
  if (type !== 'allowed_tools') return { mode: 'named', ...toolName(choice) };
  const names = (choice.optionalArray('tools') ?? []).map((item) => {
    const tool = item.object();
    const kind = tool.string('type');
    if (kind !== 'function' && kind !== 'custom')
      throw invalid(item.path, `names a "${kind}", which only OpenAI can choose among`);
    return tool.string('name');
  });
  return { mode: 'among', names, isRequired: choice.optionalString('mode') === 'required' };
}

function toolName(choice: ObjectReader): { name: string; namespace?: string } {
  const namespace = choice.optionalString('namespace');
  return { name: choice.string('name'), ...(namespace === null ? {} : { namespace }) };
}

function invalid(path: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `\`${path}\` ${problem}.`, { path });
}
