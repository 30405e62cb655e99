import type { TextPart } from '../canonical/content.js';
import type { CanonicalRequest, OutputFormat, ReasoningIntent } from '../canonical/request.js';
import { GatewayError } from '../errors/gateway-error.js';
import { collectLeftovers, type EssentialFields } from '../shared/request/collect-leftovers.js';
import type { ObjectReader } from '../shared/json/object-reader.js';
import { readRequestText } from '../shared/json/read-request-text.js';
import { decodeTextContent } from './request/decode-content.js';
import { decodeInput } from './request/decode-items.js';
import { decodeToolChoice, decodeTools } from './request/decode-tools.js';

/** @throws GatewayError `invalid_request` with the path of the fault */
export function decodeRequest(text: string): CanonicalRequest {
  const body = readRequestText(text);
  const model = body.string('model');
  const input = body.value('input');
  if (input === null) {
    const problem = '`input` is missing: it must be a string or an array of input items.';
    throw new GatewayError('invalid_request', problem, { path: 'input' });
  }
  const { instructions, turns } = decodeInput(input);
  const tools = decodeTools(body.optionalArray('tools', 'an array of tool objects') ?? []);
  const request = {
    protocol: 'openai-responses',
    model,
    isStream: body.optionalBoolean('stream') ?? false,
    instructions: [...decodeInstructions(body), ...instructions],
    turns,
    tools,
    toolChoice: decodeToolChoice(body.value('tool_choice'), tools.length > 0),
    allowsParallelCalls: body.optionalBoolean('parallel_tool_calls'),
    sampling: {
      temperature: body.optionalNumber('temperature'),
      topP: body.optionalNumber('top_p'),
      topK: null,
      presencePenalty: null,
      frequencyPenalty: null,
      seed: null,
    },
    stopSequences: [],
    maxOutputTokens: body.optionalInteger('max_output_tokens', 1),
    reasoning: decodeReasoning(body),
    outputFormat: decodeOutputFormat(body),
    endUser: decodeEndUser(body),
    serviceTier: body.optionalString('service_tier'),
  } as const;
  readGatewayMatters(body);
  return { ...request, leftovers: collectLeftovers(body.node, essentialFields) };
}

function decodeInstructions(body: ObjectReader): TextPart[] {
  const value = body.value('instructions');
  return value === null ? [] : decodeTextContent(value);
}

/** What the gateway itself sees to, whatever the upstream: padding of the stream, tokens to carry reasoning on. */
function readGatewayMatters(body: ObjectReader): void {
  body.optionalObject('stream_options')?.optionalBoolean('include_obfuscation');
  for (const value of body.optionalArray('include') ?? []) {
    if (value.node.value === 'reasoning.encrypted_content') value.string();
  }
}

function decodeReasoning(body: ObjectReader): ReasoningIntent | null {
  const reasoning = body.optionalObject('reasoning');
  const effort = reasoning?.optionalString('effort') ?? null;
  const summary =
    reasoning?.optionalString('summary') ?? reasoning?.optionalString('generate_summary') ?? null;
  if (reasoning === null || (effort === null && summary === null)) return null;
  return {
    mode: effort === 'none' ? 'off' : null,
    effort,
    budgetTokens: null,
    display: summary === null ? null : 'summary',
    paths: ['effort', 'summary', 'generate_summary']
      .filter((name) => reasoning.has(name))
      .map((name) => reasoning.at(name)),
  };
}

function decodeOutputFormat(body: ObjectReader): OutputFormat | null {
  const format = body.optionalObject('text')?.optionalObject('format') ?? null;
  if (format === null) return null;
  const type = format.string('type');
  if (type === 'text') return null;
  const { path } = format;
  if (type === 'json_object') return { type: 'json-object', path };
  if (type !== 'json_schema') {
    throw new GatewayError(
      'unsupported_by_target',
      `\`${path}.type\` is "${type}", which only the server that invented it understands; use "json_schema".`,
      { path: `${path}.type` },
    );
  }
  format.object('schema');
  return {
    type: 'json-schema',
    schema: format.optionalRaw('schema') ?? { json: '{}' },
    name: format.optionalString('name'),
    description: format.optionalString('description'),
    isStrict: format.optionalBoolean('strict'),
    path,
  };
}

function decodeEndUser(body: ObjectReader): CanonicalRequest['endUser'] {
  for (const name of ['safety_identifier', 'user']) {
    const id = body.optionalString(name);
    if (id !== null) return { id, path: name };
  }
  return null;
}

const isFalse = (json: string): boolean => json === 'false';
const isEmptyList = (json: string): boolean => /^\[\s*\]$/.test(json);
const storedState = 'it refers to what only the provider that made it has stored';
const probabilities = 'this target reports no token probabilities';

/** Fields whose absence would change the answer's meaning, shape, cost or safety. */
const essentialFields: EssentialFields = {
  previous_response_id: { reason: storedState, code: 'previous_response_not_found' },
  conversation: storedState,
  prompt: storedState,
  background: (json) =>
    isFalse(json) ? null : 'this target cannot answer later, only while the caller waits',
  store: (json) => (isFalse(json) ? null : undefined),
  truncation: (json) =>
    json === '"disabled"' ? null : 'this target does not shorten a conversation by itself',
  top_logprobs: (json) => (json === '0' ? null : probabilities),
  'include[]': (json) => (json.includes('logprobs') ? probabilities : undefined),
  moderation: 'a safety control must not vanish',
  tool_choice: 'it asks for a tool that exists at OpenAI alone',
  'tools[].allowed_callers': (json) =>
    json.includes('"direct"') ? undefined : 'this tool may not be called by the model directly',
  // ids and states of items say nothing about them
  'input[].id': () => null,
  'input[].status': () => null,
  'input[].content[].annotations': (json) => (isEmptyList(json) ? null : undefined),
  'input[].content[].logprobs': (json) => (isEmptyList(json) ? null : undefined),
};
