import type { FreeformTool, FunctionTool, Tool, ToolChoice } from '../../canonical/request.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';
import { decodeFreeformFormat } from './freeform-format.js';

export function decodeTools(tools: readonly ValueReader[]): Tool[] {
  return tools.map((value) => {
    const tool = value.object('a tool object');
    const type = tool.string('type');
    if (type === 'custom') return decodeFreeform(tool);
    if (type === 'function') return decodeFunction(tool, tool.object('function'));
    return {
      type: 'native',
      protocol: 'openai-chat',
      kind: type,
      raw: value.raw(),
      path: value.path,
    };
  });
}

/** `functions`, the form before tools. */
export function decodeFunctions(functions: readonly ValueReader[]): Tool[] {
  return functions.map((value) => {
    const declared = value.object('a function object');
    return decodeFunction(declared, declared);
  });
}

function decodeFunction(tool: ObjectReader, declared: ObjectReader): FunctionTool {
  return {
    type: 'function',
    name: declared.string('name'),
    description: declared.optionalString('description'),
    parameters:
      declared.optionalObject('parameters') === null ? null : declared.optionalRaw('parameters'),
    isStrict: declared.optionalBoolean('strict'),
    cacheMark: tool.optionalRaw('cache_control') ?? declared.optionalRaw('cache_control'),
    path: tool.path,
  };
}

function decodeFreeform(tool: ObjectReader): FreeformTool {
  const declared = tool.object('custom');
  const format = declared.optionalRaw('format');
  return {
    type: 'freeform',
    name: declared.string('name'),
    description: declared.optionalString('description'),
    format: decodeFreeformFormat(format),
    cacheMark: tool.optionalRaw('cache_control'),
    path: tool.path,
  };
}

const words: Readonly<Record<string, ToolChoice>> = {
  auto: { mode: 'auto' },
  none: { mode: 'none' },
  required: { mode: 'required' },
  // Mistral's word.
  any: { mode: 'required' },
};

/** @throws GatewayError `invalid_request` for an unknown choice, or one without tools to choose from */
export function decodeToolChoice(value: ValueReader | null, hasTools: boolean): ToolChoice | null {
  if (value === null) return null;
  const choice = value.isString ? words[value.string()] : decodeNamedChoice(value.object());
  if (choice === undefined) {
    throw invalid(value.path, 'must be "none", "auto", "required" or an object naming a function');
  }
  if (!hasTools) refuseForced(choice, value.path);
  return choice;
}

/** `function_call`, the form before `tool_choice`. @throws GatewayError `invalid_request` */
export function decodeFunctionCall(
  value: ValueReader | null,
  hasTools: boolean,
): ToolChoice | null {
  if (value === null) return null;
  const choice: ToolChoice | undefined = value.isString
    ? words[value.string()]
    : { mode: 'named', name: value.object().string('name') };
  if (choice === undefined || choice.mode === 'required') {
    throw invalid(value.path, 'must be "none", "auto" or an object naming a function');
  }
  if (!hasTools) refuseForced(choice, value.path);
  return choice;
}

function refuseForced({ mode }: ToolChoice, path: string): void {
  if (mode === 'none' || mode === 'auto') return;
  throw invalid(path, 'asks for a tool call, but `tools` is empty: add the tools or leave it out');
}

function decodeNamedChoice(choice: ObjectReader): ToolChoice | undefined {
  const type = choice.string('type');
  if (type === 'function' || type === 'custom')
    return { mode: 'named', name: choice.object(type).string('name') };
  if (type !== 'allowed_tools') return undefined;
  const allowed = choice.object('allowed_tools');
  const names = (allowed.optionalArray('tools') ?? []).map((value) => {
    const tool = value.object();
    return tool.object(tool.string('type') === 'custom' ? 'custom' : 'function').string('name');
  });
  return { mode: 'among', names, isRequired: allowed.optionalString('mode') === 'required' };
}

function invalid(path: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `\`${path}\` ${problem}.`, { path });
}
