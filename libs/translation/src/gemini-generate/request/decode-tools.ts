import type { RawJson } from '../../canonical/content.js';
import type { FunctionTool, Tool, ToolChoice } from '../../canonical/request.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';
import { jsonSchemaOf } from './json-schema.js';
import { camelCase, listOf } from './spelling.js';
import { flatMap } from '../../shared/flat-map.js';

/** One tool object may declare many functions, and hosted tools beside them. */
export function decodeTools(body: ObjectReader): Tool[] {
  return flatMap(listOf(body, 'tools'), (value) => {
    const tool = value.object('a tool object');
    const functions = listOf(tool, 'functionDeclarations');
    return [...functions.map(decodeFunction), ...decodeHosted(value, tool)];
  });
}

function decodeFunction(value: ValueReader): FunctionTool {
  const declared = value.object('a function declaration');
  return {
    type: 'function',
    name: declared.string('name'),
    description: declared.optionalString('description'),
    parameters: decodeParameters(declared),
    isStrict: null,
    cacheMark: null,
    path: declared.path,
  };
}

function decodeParameters(declared: ObjectReader): RawJson | null {
  const schema = declared.value('parametersJsonSchema');
  if (schema !== null) {
    schema.object();
    return schema.raw();
  }
  const parameters = declared.value('parameters');
  parameters?.object();
  parameters?.raw();
  return parameters === null ? null : jsonSchemaOf(parameters.node);
}

function decodeHosted(value: ValueReader, tool: ObjectReader): Tool[] {
  const names = [...(value.node.members?.keys() ?? [])];
  return flatMap(names, (name): Tool[] => {
    const kind = camelCase(name);
    const settings = kind === 'functionDeclarations' ? null : tool.optionalRaw(name);
    if (settings === null) return [];
    const raw = { json: `{${JSON.stringify(kind)}:${settings.json}}` };
    return [{ type: 'native', protocol: 'gemini-generate', kind, raw, path: tool.at(name) }];
  });
}

/** VALIDATED without names is left unread: no other protocol has the promise it makes. */
export function decodeToolChoice(body: ObjectReader, hasFunctions: boolean): ToolChoice | null {
  const config = body.optionalObject('toolConfig')?.optionalObject('functionCallingConfig') ?? null;
  if (config === null) return null;
  const names = listOf(config, 'allowedFunctionNames').map((name) => name.string());
  const isValidated = config.node.members?.get('mode')?.value === 'VALIDATED';
  if (isValidated && names.length === 0) return null;
  const mode = config.optionalString('mode')?.toUpperCase() ?? 'AUTO';
  const choice = choiceOf(mode, names);
  const path = config.at('mode');
  if (choice === undefined) {
    throw new GatewayError(
      'invalid_request',
      `\`${path}\` must be AUTO, ANY, NONE or VALIDATED, but is "${mode}".`,
      { path },
    );
  }
  if (mode !== 'ANY' || hasFunctions) return choice;
  throw new GatewayError(
    'invalid_request',
    `\`${path}\` asks for a function call, but \`tools\` declares no function: add one or leave it out.`,
    { path },
  );
}

function choiceOf(mode: string, names: readonly string[]): ToolChoice | undefined {
  const [only, ...others] = names;
  if (mode === 'NONE') return { mode: 'none' };
  if (mode === 'ANY' && only !== undefined && others.length === 0)
    return { mode: 'named', name: only };
  if (mode === 'ANY')
    return only === undefined ? { mode: 'required' } : { mode: 'among', names, isRequired: true };
  if (mode !== 'AUTO' && mode !== 'VALIDATED' && mode !== 'MODE_UNSPECIFIED') return undefined;
  return only === undefined ? { mode: 'auto' } : { mode: 'among', names, isRequired: false };
}
