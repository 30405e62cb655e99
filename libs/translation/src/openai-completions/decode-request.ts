import type { CanonicalRequest } from '../canonical/request.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { ValueReader } from '../shared/json/object-reader.js';
import { readRequestText } from '../shared/json/read-request-text.js';
import { collectLeftovers, type EssentialFields } from '../shared/request/collect-leftovers.js';

/** What the API itself answers at most when the caller sets no limit. */
const defaultMaxTokens = 16;

/** @throws GatewayError `invalid_request` with the path of the fault, `unsupported_by_target` for token ids */
export function decodeRequest(text: string): CanonicalRequest {
  const body = readRequestText(text);
  const stop = body.value('stop');
  const request = {
    protocol: 'openai-completions',
    model: body.string('model'),
    isStream: body.optionalBoolean('stream') ?? false,
    instructions: [],
    turns: [{ role: 'user', parts: [promptPart(body.value('prompt'))], path: 'prompt' }],
    tools: [],
    toolChoice: null,
    allowsParallelCalls: null,
    sampling: {
      temperature: body.optionalNumber('temperature'),
      topP: body.optionalNumber('top_p'),
      topK: body.optionalNumber('top_k'),
      presencePenalty: body.optionalNumber('presence_penalty'),
      frequencyPenalty: body.optionalNumber('frequency_penalty'),
      seed: body.optionalNumber('seed'),
    },
    stopSequences: stop === null ? [] : readStop(stop),
    maxOutputTokens: body.optionalInteger('max_tokens', 1) ?? defaultMaxTokens,
    reasoning: null,
    outputFormat: null,
    endUser: null,
    serviceTier: null,
  } as const;
  body.optionalObject('stream_options')?.optionalBoolean('include_usage');
  return { ...request, leftovers: collectLeftovers(body.node, essentialFields) };
}

function promptPart(prompt: ValueReader | null) {
  const only = prompt?.isArray === true ? onlyPrompt(prompt) : prompt;
  if (only === null || !only.isString) throw notOneText();
  return { type: 'text', text: only.string(), cacheMark: null, path: only.path } as const;
}

function onlyPrompt(prompt: ValueReader): ValueReader | null {
  const prompts = prompt.array();
  return prompts.length === 1 ? (prompts[0] ?? null) : null;
}

function notOneText(): GatewayError {
  return new GatewayError(
    'unsupported_by_target',
    '`prompt` must be one text here: the target takes chat messages, neither token ids nor several prompts. ' +
      'Send one string, or route to a server that speaks completions.',
    { path: 'prompt' },
  );
}

function readStop(stop: ValueReader): string[] {
  if (stop.isString) return [stop.string()];
  return stop.array('a string or an array of strings').map((value) => value.string());
}

const severalAnswers = 'it asks for several answers, and this target gives one';

/** Fields whose absence would change the answer's meaning or shape. */
const essentialFields: EssentialFields = {
  n: (json) => (json === '1' ? null : severalAnswers),
  best_of: (json) => (json === '1' ? null : severalAnswers),
  echo: (json) => (json === 'false' ? null : 'this target does not repeat the prompt'),
  suffix: (json) => (json === '""' ? null : 'this target cannot fill in before a suffix'),
  logprobs: (json) => (json === 'false' ? null : 'this target reports no token probabilities'),
  logit_bias: (json) =>
    /^\{\s*\}$/.test(json) ? null : 'its token ids belong to another model family',
};
