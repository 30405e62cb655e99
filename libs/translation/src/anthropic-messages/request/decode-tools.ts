import type { Tool, ToolChoice } from '../../canonical/request.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';

/** Tools without a type, or of type `custom`, are the caller's own; all others belong to Anthropic. */
export function decodeTools(tools: readonly ValueReader[]): Tool[] {
  return tools.map((value) => {
    const tool = value.object('a tool object');
    const kind = tool.optionalString('type') ?? 'custom';
    if (kind !== 'custom') {
      return {
        type: 'native',
        protocol: 'anthropic-messages',
        kind,
        raw: value.raw(),
        path: value.path,
      };
    }
    tool.optionalObject('input_schema');
    return {
      type: 'function',
      name: tool.string('name'),
      description: tool.optionalString('description'),
      parameters: tool.optionalRaw('input_schema'),
      isStrict: tool.optionalBoolean('strict'),
      cacheMark: tool.optionalRaw('cache_control'),
      path: tool.path,
    };
  });
}

const choiceDecoders: Readonly<Record<string, (choice: ObjectReader) => ToolChoice>> = {
  auto: () => ({ mode: 'auto' }),
  any: () => ({ mode: 'required' }),
  none: () => ({ mode: 'none' }),
  tool: (choice) => ({ mode: 'named', name: choice.string('name') }),
};

export interface DecodedToolChoice {
  readonly toolChoice: ToolChoice | null;
  readonly allowsParallelCalls: boolean | null;
}

export function decodeToolChoice(choice: ObjectReader | null): DecodedToolChoice {
  if (choice === null) return { toolChoice: null, allowsParallelCalls: null };
  const type = choice.string('type');
  const decode = Object.hasOwn(choiceDecoders, type) ? choiceDecoders[type] : undefined;
  if (decode === undefined) {
    const path = choice.at('type');
    throw new GatewayError(
      'invalid_request',
      `\`${path}\` must be auto, any, tool or none, but is "${type}".`,
      {
        path,
      },
    );
  }
  const isSerial = choice.optionalBoolean('disable_parallel_tool_use');
  return { toolChoice: decode(choice), allowsParallelCalls: isSerial === null ? null : !isSerial };
}
