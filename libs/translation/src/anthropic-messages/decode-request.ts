import type { TextPart } from '../canonical/content.js';
import type {
  CanonicalRequest,
  OutputFormat,
  ReasoningIntent,
  Turn,
} from '../canonical/request.js';
import { GatewayError } from '../errors/gateway-error.js';
import { collectLeftovers, type EssentialFields } from '../shared/request/collect-leftovers.js';
import type { RequestAddress } from '../protocol.js';
import type { ObjectReader, ValueReader } from '../shared/json/object-reader.js';
import { readRequestText } from '../shared/json/read-request-text.js';
import { checkVersion } from './request/check-version.js';
import { decodeContent } from './request/decode-content.js';
import { decodeToolChoice, decodeTools } from './request/decode-tools.js';

/**
 * @param apiVersion the caller's `anthropic-version`, which it is held to whatever the target
 * @throws GatewayError `invalid_request` with the path of the fault
 */
export function decodeRequest(
  text: string,
  _address?: RequestAddress | null,
  apiVersion: string | null = null,
): CanonicalRequest {
  const body = readRequestText(text);
  checkVersion(body, apiVersion);
  const model = body.string('model');
  const maxOutputTokens = body.optionalInteger('max_tokens', 0);
  const messages = body.value('messages')?.array('an array of message objects');
  if (maxOutputTokens === null || messages === undefined) {
    const name = messages === undefined ? 'messages' : 'max_tokens';
    throw new GatewayError('invalid_request', `\`${name}\` is missing.`, { path: name });
  }
  const request = {
    protocol: 'anthropic-messages',
    model,
    isStream: body.optionalBoolean('stream') ?? false,
    instructions: decodeSystem(body.value('system')),
    turns: messages.map(decodeMessage),
    tools: decodeTools(body.optionalArray('tools', 'an array of tool objects') ?? []),
    ...decodeToolChoice(body.optionalObject('tool_choice')),
    sampling: {
      temperature: body.optionalNumber('temperature'),
      topP: body.optionalNumber('top_p'),
      topK: body.optionalNumber('top_k'),
      presencePenalty: null,
      frequencyPenalty: null,
      seed: null,
    },
    stopSequences: (body.optionalArray('stop_sequences') ?? []).map((value) => value.string()),
    maxOutputTokens,
    reasoning: decodeReasoning(body),
    outputFormat: decodeOutputFormat(body),
    endUser: decodeEndUser(body),
    serviceTier: body.optionalString('service_tier'),
  } as const;
  return { ...request, leftovers: collectLeftovers(body.node, essentialFields) };
}

function decodeSystem(system: ValueReader | null): TextPart[] {
  return system === null ? [] : textParts(system);
}

function textParts(content: ValueReader): TextPart[] {
  return decodeContent(content).map((part) => {
    if (part.type === 'text') return part;
    throw new GatewayError('invalid_request', `\`${part.path}\` must be a text block.`, {
      path: part.path,
    });
  });
}

function decodeMessage(value: ValueReader): Turn {
  const message = value.object('a message object');
  const role = message.string('role');
  const { path } = message;
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    throw new GatewayError(
      'invalid_request',
      `\`${path}.role\` must be user, assistant or system, but is "${role}".`,
      {
        path: `${path}.role`,
      },
    );
  }
  const content = message.value('content');
  if (content === null) {
    throw new GatewayError(
      'invalid_request',
      `\`${path}.content\` is missing: it must be a string or an array of blocks.`,
      {
        path: `${path}.content`,
      },
    );
  }
  return { role, parts: role === 'system' ? textParts(content) : decodeContent(content), path };
}

const thinkingModes: Readonly<Record<string, ReasoningIntent['mode']>> = {
  disabled: 'off',
  enabled: 'budget',
  adaptive: 'adaptive',
  between_tools: 'adaptive',
};

function decodeReasoning(body: ObjectReader): ReasoningIntent | null {
  const thinking = body.optionalObject('thinking');
  const effort = body.optionalObject('output_config')?.optionalString('effort') ?? null;
  if (thinking === null && effort === null) return null;
  return {
    mode: thinking === null ? null : (thinkingModes[thinking.string('type')] ?? null),
    effort,
    budgetTokens: thinking?.optionalInteger('budget_tokens') ?? null,
    display: thinking === null ? null : decodeDisplay(thinking),
    native: thinking === null ? null : { json: thinking.node.json },
    paths: [
      ...(thinking === null ? [] : ['thinking']),
      ...(effort === null ? [] : ['output_config.effort']),
    ],
  };
}

const displays: Readonly<Record<string, 'hidden' | 'summary'>> = {
  omitted: 'hidden',
  summarized: 'summary',
};

/** Words that we do not know stay unread and are warned of. */
function decodeDisplay(thinking: ObjectReader): 'hidden' | 'summary' | null {
  const word = String(thinking.node.members?.get('display')?.value ?? '');
  if (!Object.hasOwn(displays, word)) return null;
  return displays[thinking.string('display')] ?? null;
}

/** `output_config.format`, or its name while in beta. */
function decodeOutputFormat(body: ObjectReader): OutputFormat | null {
  const format =
    body.optionalObject('output_config')?.optionalObject('format') ??
    body.optionalObject('output_format');
  if (format === null) return null;
  const { path } = format;
  const type = format.string('type');
  if (type !== 'json_schema') {
    throw new GatewayError(
      'invalid_request',
      `\`${path}.type\` must be "json_schema", but is "${type}".`,
      { path },
    );
  }
  format.object('schema');
  const schema = format.optionalRaw('schema') ?? { json: '{}' };
  return { type: 'json-schema', schema, name: null, description: null, isStrict: null, path };
}

function decodeEndUser(body: ObjectReader): CanonicalRequest['endUser'] {
  const id = body.optionalObject('metadata')?.optionalString('user_id') ?? null;
  return id === null ? null : { id, path: 'metadata.user_id' };
}

/** Fields whose absence would change the answer's meaning, cost or safety. */
const essentialFields: EssentialFields = {
  container: 'its container exists at Anthropic alone',
  mcp_servers:
    'its remote tool servers are called by Anthropic, with credentials meant for Anthropic',
  inference_geo: 'this target cannot promise where data are processed',
  'tools[].allowed_callers': (json) =>
    json.includes('"direct"') ? undefined : 'this tool may not be called by the model directly',
  'messages[].content[].citations': (json) => {
    if (/^\{\s*"enabled"\s*:\s*false\s*\}$/.test(json)) return null;
    return json.startsWith('{') ? 'this target does not cite its sources' : undefined;
  },
  speed: (json) =>
    json === '"standard"' ? null : 'this target has no such speed, and no such price',
};
