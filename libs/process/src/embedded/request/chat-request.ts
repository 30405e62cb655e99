import { toGrammarSchema } from './grammar-schema.js';
import { RequestFault } from './request-fault.js';

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly {
    readonly id?: string;
    readonly type: 'function';
    readonly function: { readonly name: string; readonly arguments: unknown };
  }[];
  readonly tool_call_id?: string;
  readonly name?: string;
}

/** A chat completion request, checked and with defaults filled in. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly object[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly maxTokens: number | null;
  readonly stop: readonly string[];
  readonly temperature: number;
  readonly topP: number | null;
  readonly topK: number | null;
  readonly minP: number | null;
  readonly seed: number | null;
  readonly presencePenalty: number;
  readonly frequencyPenalty: number;
  /** null = free text, 'json' = any JSON, an object = this JSON schema. */
  readonly format: null | 'json' | object;
}

type Fields = Readonly<Record<string, unknown>>;

/** Taken and not needed: they are hints, or wishes that are fulfilled anyway. */
const hints = new Set([
  'model',
  'user',
  'metadata',
  'store',
  'service_tier',
  'parallel_tool_calls',
  'reasoning_effort',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'verbosity',
]);
const known = new Set([
  'messages',
  'tools',
  'tool_choice',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'stop',
  'temperature',
  'top_p',
  'top_k',
  'min_p',
  'seed',
  'response_format',
  'n',
  'logprobs',
  'top_logprobs',
  'presence_penalty',
  'frequency_penalty',
]);
const defaultTemperature = 0.7;
const wholeFrom1: NumberRange = { least: 1, isWhole: true };

/** @throws RequestFault naming the field, for whatever this engine cannot do. */
export function readChatRequest(body: unknown): ChatRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new RequestFault('The body must be a JSON object.', null);
  const fields = body as Fields;
  for (const [name, value] of Object.entries(fields)) {
    if (!known.has(name) && !hints.has(name) && value !== null) {
      throw new RequestFault(
        `Unrecognized request argument supplied: ${name}. Remove it.`,
        name,
        'unknown_parameter',
      );
    }
  }
  refuseUnsupported(fields);
  const messages = readMessages(fields['messages']);
  return {
    messages,
    tools: fields['tool_choice'] === 'none' ? [] : readTools(fields['tools']),
    stream: fields['stream'] === true,
    includeUsage:
      (fields['stream_options'] as Fields | null | undefined)?.['include_usage'] === true,
    maxTokens:
      readNumber(fields, 'max_completion_tokens', wholeFrom1) ??
      readNumber(fields, 'max_tokens', wholeFrom1),
    stop: readStop(fields['stop']),
    temperature: readNumber(fields, 'temperature', { least: 0 }) ?? defaultTemperature,
    topP: readNumber(fields, 'top_p', { least: 0, most: 1 }),
    topK: readNumber(fields, 'top_k', { least: 0, isWhole: true }),
    minP: readNumber(fields, 'min_p', { least: 0, most: 1 }),
    seed: readNumber(fields, 'seed', { isWhole: true }),
    presencePenalty: readNumber(fields, 'presence_penalty', { least: -2, most: 2 }) ?? 0,
    frequencyPenalty: readNumber(fields, 'frequency_penalty', { least: -2, most: 2 }) ?? 0,
    format: readFormat(fields['response_format']),
  };
}

function refuseUnsupported(fields: Fields): void {
  const unsupported = (param: string, what: string): RequestFault =>
    new RequestFault(
      `The embedded engine does not support ${what}. Remove \`${param}\`, or route to an engine that does.`,
      param,
      'unsupported_parameter',
    );
  if (typeof fields['n'] === 'number' && fields['n'] !== 1)
    throw unsupported('n', 'more than one choice');
  if (fields['logprobs'] === true || typeof fields['top_logprobs'] === 'number')
    throw unsupported('logprobs', 'log probabilities');
  const choice = fields['tool_choice'];
  if (choice !== undefined && choice !== null && choice !== 'auto' && choice !== 'none')
    throw unsupported('tool_choice', 'forced tool calls');
  if (
    fields['stream'] !== undefined &&
    fields['stream'] !== null &&
    typeof fields['stream'] !== 'boolean'
  )
    throw new RequestFault('`stream` must be true or false.', 'stream');
}

function readMessages(value: unknown): ChatMessage[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new RequestFault('`messages` must be a list of at least one message.', 'messages');
  return (value as unknown[]).map((entry, index) => readMessage(entry, `messages[${index}]`));
}

function readMessage(entry: unknown, path: string): ChatMessage {
  if (typeof entry !== 'object' || entry === null)
    throw new RequestFault(`\`${path}\` must be a message object.`, path);
  const message = entry as Fields;
  const role = message['role'];
  if (
    typeof role !== 'string' ||
    !['system', 'developer', 'user', 'assistant', 'tool'].includes(role)
  ) {
    throw new RequestFault(
      `\`${path}.role\` must be system, developer, user, assistant or tool.`,
      `${path}.role`,
    );
  }
  const calls = message['tool_calls'];
  return {
    // chat templates of local models know no developer
    role: role === 'developer' ? 'system' : role,
    content: readContent(message['content'], `${path}.content`),
    ...(typeof message['reasoning_content'] === 'string'
      ? { reasoning_content: message['reasoning_content'] }
      : {}),
    ...(Array.isArray(calls)
      ? {
          tool_calls: (calls as unknown[]).map((call, index) =>
            readToolCall(call, `${path}.tool_calls[${index}]`),
          ),
        }
      : {}),
    ...(typeof message['tool_call_id'] === 'string'
      ? { tool_call_id: message['tool_call_id'] }
      : {}),
    ...(typeof message['name'] === 'string' ? { name: message['name'] } : {}),
  };
}

function readContent(content: unknown, path: string): string {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content))
    throw new RequestFault(`\`${path}\` must be a text or a list of parts.`, path);
  return (content as Fields[]).map((part, index) => readPart(part, `${path}[${index}]`)).join('');
}

function readPart(part: Fields | null, path: string): string {
  if (part?.['type'] === 'text' && typeof part['text'] === 'string') return part['text'];
  if (part?.['type'] === 'refusal' && typeof part['refusal'] === 'string') return part['refusal'];
  throw new RequestFault(
    `The embedded engine reads text only; \`${path}\` is of type ${JSON.stringify(part?.['type'] ?? null)}. Remove it, or route to a model that takes it.`,
    path,
    'unsupported_parameter',
  );
}

function readToolCall(call: unknown, path: string) {
  const given = (call as Fields | null)?.['function'] as Fields | undefined;
  if (typeof given?.['name'] !== 'string')
    throw new RequestFault(`\`${path}.function.name\` must be a text.`, path);
  const text = typeof given['arguments'] === 'string' ? given['arguments'] : '{}';
  return {
    type: 'function' as const,
    function: { name: given['name'], arguments: parseOrKeep(text) },
  };
}

/** Templates expect an object; a text that is none is shown as it is. */
function parseOrKeep(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function readTools(tools: unknown): object[] {
  if (tools === undefined || tools === null) return [];
  if (!Array.isArray(tools)) throw new RequestFault('`tools` must be a list.', 'tools');
  return (tools as unknown[]).map((tool, index) => {
    const { type, function: definition } = (tool ?? {}) as {
      type?: unknown;
      function?: { name?: unknown };
    };
    if (type !== 'function' || typeof definition?.name !== 'string')
      throw new RequestFault(
        `\`tools[${index}]\` must be a function tool with a name.`,
        `tools[${index}]`,
      );
    return tool as object;
  });
}

function readStop(stop: unknown): string[] {
  if (stop === undefined || stop === null) return [];
  const list = Array.isArray(stop) ? (stop as unknown[]) : [stop];
  if (list.some((each) => typeof each !== 'string' || each === '') || list.length > 16)
    throw new RequestFault('`stop` must be a text or a list of up to 16 texts.', 'stop');
  return list as string[];
}

interface NumberRange {
  readonly least?: number;
  readonly most?: number;
  readonly isWhole?: boolean;
}

function readNumber(fields: Fields, name: string, range: NumberRange): number | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (isInRange(value, range)) return value;
  const { least, most, isWhole = false } = range;
  const bounds = [
    least === undefined ? '' : ` of at least ${least}`,
    most === undefined ? '' : ` and at most ${most}`,
  ];
  throw new RequestFault(
    `\`${name}\` must be a ${isWhole ? 'whole ' : ''}number${bounds.join('')}.`,
    name,
  );
}

function isInRange(value: unknown, { least, most, isWhole = false }: NumberRange): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  return (
    value >= (least ?? value) && value <= (most ?? value) && (!isWhole || Number.isInteger(value))
  );
}

function readFormat(format: unknown): ChatRequest['format'] {
  const { type, json_schema: wrapper } = (format ?? {}) as {
    type?: unknown;
    json_schema?: { schema?: unknown };
  };
  if (format === undefined || format === null || type === 'text') return null;
  if (type === 'json_object') return 'json';
  if (type === 'json_schema' && typeof wrapper?.schema === 'object' && wrapper.schema !== null)
    return toGrammarSchema(wrapper.schema as Fields);
  throw new RequestFault(
    '`response_format` must be text, json_object, or json_schema with a schema.',
    'response_format',
  );
}
