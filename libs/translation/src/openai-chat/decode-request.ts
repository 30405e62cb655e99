import type {
  CanonicalRequest,
  OutputFormat,
  ReasoningIntent,
  Sampling,
} from '../canonical/request.js';
import { GatewayError } from '../errors/gateway-error.js';
import { collectLeftovers, type EssentialFields } from '../shared/request/collect-leftovers.js';
import type { ObjectReader } from '../shared/json/object-reader.js';
import { readRequestText } from '../shared/json/read-request-text.js';
import { decodeMessages } from './request/decode-messages.js';
import {
  decodeFunctionCall,
  decodeFunctions,
  decodeToolChoice,
  decodeTools,
} from './request/decode-tools.js';

/** @throws GatewayError `invalid_request` with the path of the fault */
export function decodeRequest(text: string): CanonicalRequest {
  const body = readRequestText(text);
  const model = body.string('model');
  const messages = body.value('messages')?.array('an array of message objects');
  if (messages === undefined) {
    throw new GatewayError(
      'invalid_request',
      '`messages` is missing: it must be an array of message objects.',
      {
        path: 'messages',
      },
    );
  }
  const functions = body.optionalArray('functions', 'an array of function objects');
  const tools = [
    ...decodeTools(body.optionalArray('tools', 'an array of tool objects') ?? []),
    ...decodeFunctions(functions ?? []),
  ];
  const hasTools = tools.length > 0;
  const request = {
    protocol: 'openai-chat',
    model,
    isStream: body.optionalBoolean('stream') ?? false,
    ...decodeMessages(messages),
    tools,
    toolChoice:
      decodeToolChoice(body.value('tool_choice'), hasTools) ??
      decodeFunctionCall(body.value('function_call'), hasTools),
    // The form before tools has room for one call.
    allowsParallelCalls: functions === null ? body.optionalBoolean('parallel_tool_calls') : false,
    usesFunctions: functions !== null,
    sampling: decodeSampling(body),
    stopSequences: decodeStop(body),
    maxOutputTokens: decodeLimit(body),
    reasoning: decodeReasoning(body),
    outputFormat: decodeOutputFormat(body),
    endUser: decodeEndUser(body),
    serviceTier: body.optionalString('service_tier'),
  } as const;
  // Whether the caller sees usage is the gateway's business, not the upstream's.
  body.optionalObject('stream_options')?.optionalBoolean('include_usage');
  return { ...request, leftovers: collectLeftovers(body.node, essentialFields) };
}

function decodeSampling(body: ObjectReader): Sampling {
  return {
    temperature: body.optionalNumber('temperature'),
    topP: body.optionalNumber('top_p'),
    topK: body.optionalNumber('top_k'),
    presencePenalty: body.optionalNumber('presence_penalty'),
    frequencyPenalty: body.optionalNumber('frequency_penalty'),
    seed: body.optionalNumber('seed'),
  };
}

function decodeStop(body: ObjectReader): string[] {
  const stop = body.value('stop');
  if (stop === null) return [];
  if (stop.isString) return [stop.string()];
  return stop.array('a string or an array of strings').map((value) => value.string());
}

/** The newer name wins where both are given, as at OpenAI. */
function decodeLimit(body: ObjectReader): number | null {
  const older = body.optionalInteger('max_tokens', 1);
  return body.optionalInteger('max_completion_tokens', 1) ?? older;
}

function decodeReasoning(body: ObjectReader): ReasoningIntent | null {
  const effort = body.optionalString('reasoning_effort');
  if (effort === null) return null;
  const paths = [body.at('reasoning_effort')];
  return { mode: effort === 'none' ? 'off' : null, effort, budgetTokens: null, paths };
}

function decodeOutputFormat(body: ObjectReader): OutputFormat | null {
  const value = body.value('response_format');
  if (value === null) return null;
  const format = value.object();
  const type = format.string('type');
  if (type === 'text') return null;
  const path = format.path;
  if (type === 'json_object') return { type: 'json-object', path };
  if (type !== 'json_schema') {
    throw new GatewayError(
      'unsupported_by_target',
      `\`${path}.type\` is "${type}", which only the server that invented it understands; use "json_schema".`,
      { path: `${path}.type` },
    );
  }
  const schema = format.object('json_schema');
  schema.optionalObject('schema');
  return {
    type: 'json-schema',
    schema: schema.optionalRaw('schema') ?? { json: '{}' },
    name: schema.optionalString('name'),
    description: schema.optionalString('description'),
    isStrict: schema.optionalBoolean('strict'),
    path: schema.path,
  };
}

function decodeEndUser(body: ObjectReader): CanonicalRequest['endUser'] {
  for (const name of ['safety_identifier', 'user']) {
    const id = body.optionalString(name);
    if (id !== null) return { id, path: name };
  }
  return null;
}

const severalAnswers = 'it asks for several answers, and this target gives one';
const probabilities = 'this target reports no token probabilities';
const constrained =
  'it constrains the output in a way this target does not know; use `response_format`';

/** Fields whose absence would change the answer's meaning, shape, cost or safety. */
const essentialFields: EssentialFields = {
  n: (json) => (json === '1' ? null : severalAnswers),
  logprobs: (json) => (json === 'false' ? null : probabilities),
  top_logprobs: (json) => (json === '0' ? null : probabilities),
  logit_bias: (json) =>
    /^\{\s*\}$/.test(json) ? null : 'its token ids belong to another model family',
  modalities: (json) =>
    /^\[\s*"text"\s*\]$/.test(json) ? null : 'this target answers with text alone',
  store: (json) => (json === 'false' ? null : undefined),
  audio: 'this target answers with text alone',
  moderation: 'a safety control must not vanish',
  web_search_options: 'this target has no such web search',
  grammar: constrained,
  json_schema: constrained,
  guided_json: constrained,
  guided_regex: constrained,
  guided_choice: constrained,
  guided_grammar: constrained,
  structured_outputs: constrained,
  'messages[].audio': 'this target cannot look up an earlier audio answer',
};
