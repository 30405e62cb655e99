import type { Tool, ToolChoice } from '../../canonical/request.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';

export function decodeTools(tools: readonly ValueReader[]): Tool[] {
  return tools.map((value) => {
    const tool = value.object('a tool object');
    const type = tool.string('type');
    if (type !== 'function') {
      return {
        type: 'native',
        protocol: 'openai-chat',
        kind: type,
        raw: value.raw(),
        path: value.path,
      };
    }
    const declared = tool.object('function');
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
  });
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
  if (!hasTools && choice.mode !== 'none' && choice.mode !== 'auto') {
    throw invalid(
      value.path,
      'asks for a tool call, but `tools` is empty: add the tools or leave it out',
    );
  }
  return choice;
}

function decodeNamedChoice(choice: ObjectReader): ToolChoice | undefined {
  const type = choice.string('type');
  if (type === 'function') return { mode: 'named', name: choice.object('function').string('name') };
  if (type !== 'allowed_tools') return undefined;
  const allowed = choice.object('allowed_tools');
  const names = (allowed.optionalArray('tools') ?? []).map((value) => {
    const tool = value.object();
    tool.string('type');
    return tool.object('function').string('name');
  });
  return { mode: 'among', names, isRequired: allowed.optionalString('mode') === 'required' };
}

function invalid(path: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `\`${path}\` ${problem}.`, { path });
}
