import type { CanonicalRequest } from '../canonical/request.js';
import type { EncodedRequest, TranslationTarget } from '../protocol.js';
import { isShareableUserId } from '../shared/request/end-user.js';
import { encodeOutputLimit } from '../shared/request/encode-output-limit.js';
import { leaveOutForeign } from '../shared/request/leave-out-foreign.js';
import { isStrictSchema } from '../json-schema/strict-schema.js';
import { openaiToolNames, ToolNames, verbatimToolNames } from '../shared/tools/tool-names.js';
import { TranslationReport } from '../shared/request/translation-report.js';
import { JsonText, writeJson } from '../shared/json/write-json.js';
import { encodeInput } from './request/encode-items.js';
import { encodeReasoning } from './request/encode-reasoning.js';
import { encodeToolChoice, encodeTools } from './request/encode-tools.js';
import { OwnFields } from './request/own-fields.js';
import { flatMap } from '../shared/flat-map.js';

/** @throws GatewayError `unsupported_by_target` for what would be lost */
export function encodeRequest(
  received: CanonicalRequest,
  target: TranslationTarget,
): EncodedRequest {
  const report = new TranslationReport(target, received.protocol);
  const request = leaveOutForeign(received, 'openai-responses', report);
  const own = new OwnFields(request);
  // answers to its own callers are passed on as they are, so nothing may have another name
  const isSame = request.protocol === 'openai-responses';
  const names = new ToolNames(request, isSame ? verbatimToolNames : openaiToolNames);
  const body = {
    model: target.model,
    ...encodeInput(request, names, own, report),
    max_output_tokens: encodeLimit(request, report),
    ...encodeSampling(request, report),
    tools: encodeTools(request, names, own, report),
    tool_choice: encodeToolChoice(request, names),
    parallel_tool_calls:
      request.tools.length === 0 ? undefined : (request.allowsParallelCalls ?? undefined),
    reasoning: encodeReasoning(request, own, report),
    text: encodeText(request, own),
    include: encodeInclude(own, report),
    service_tier: encodeServiceTier(request, report),
    safety_identifier: encodeEndUser(request, report),
    ...encodeChatFields(own),
    stream: request.isStream ? true : undefined,
  };
  const stopSequences = encodeStop(request, report);
  const restored = report.settleLeftovers(request, 'openai-responses', own.placed);
  return {
    body: writeJson({ store: false, ...restored, ...body }),
    warnings: report.warnings,
    restoration: { tools: names.restored, stopSequences },
  };
}

/** The API refuses less. */
const smallestLimit = 16;

function encodeLimit(request: CanonicalRequest, report: TranslationReport): number | undefined {
  const limit = encodeOutputLimit(request, report) ?? undefined;
  if (limit === undefined || limit >= smallestLimit || request.protocol === 'openai-responses')
    return limit;
  report.warn(
    'clamped',
    'max_tokens',
    `${limit} was sent as ${smallestLimit}, the smallest limit there`,
  );
  return smallestLimit;
}

function encodeSampling(
  { sampling }: CanonicalRequest,
  report: TranslationReport,
): Record<string, number> {
  const { takesSampling } = report.target.capabilities;
  const fields = [
    { name: 'temperature', value: sampling.temperature, isTaken: takesSampling },
    { name: 'top_p', value: sampling.topP, isTaken: takesSampling },
    { name: 'top_k', value: sampling.topK, isTaken: false },
    { name: 'presence_penalty', value: sampling.presencePenalty || null, isTaken: false },
    { name: 'frequency_penalty', value: sampling.frequencyPenalty || null, isTaken: false },
    { name: 'seed', value: sampling.seed, isTaken: false },
  ];
  const taken: Record<string, number> = {};
  for (const { name, value, isTaken } of fields) {
    if (value === null) continue;
    if (isTaken) taken[name] = value;
    else report.dropped(name, 'the target does not take it');
  }
  return taken;
}

/** There are no stop strings: the gateway cuts the answer itself. */
function encodeStop(
  { stopSequences }: CanonicalRequest,
  report: TranslationReport,
): readonly string[] {
  if (stopSequences.length > 0)
    report.warn(
      'emulated',
      'stop',
      'the gateway cuts the text itself; the usage is that of the whole',
    );
  return stopSequences;
}

function encodeText({ outputFormat }: CanonicalRequest, own: OwnFields): object | undefined {
  const verbosity =
    own.take('openai-responses', 'text.verbosity') ?? own.take('openai-chat', 'verbosity');
  const format = encodeFormat(outputFormat);
  return format === undefined && verbosity === undefined ? undefined : { format, verbosity };
}

function encodeFormat(format: CanonicalRequest['outputFormat']): object | undefined {
  if (format === null) return undefined;
  if (format.type === 'json-object') return { type: 'json_object' };
  return {
    type: 'json_schema',
    name: format.name ?? 'response',
    description: format.description ?? undefined,
    schema: new JsonText(format.schema.json),
    // strict mode refuses schemas with optional members, which the caller may well have sent
    strict: format.isStrict ?? isStrictSchema(format.schema.json),
  };
}

/** Without it, the reasoning of a model that keeps nothing would be lost with each turn. */
function encodeInclude(own: OwnFields, report: TranslationReport): readonly unknown[] | undefined {
  const isReasoning = report.target.capabilities.effortLevels.length > 0;
  const wanted = [
    ...(isReasoning ? ['reasoning.encrypted_content'] : []),
    ...own.takeEntries('openai-responses', 'include'),
  ];
  return wanted.length === 0 ? undefined : wanted;
}

/** Anthropic's word to ours; OpenAI's own words stay. */
const tierWords: Readonly<Record<string, string>> = { standard_only: 'default' };

function encodeServiceTier(
  { serviceTier }: CanonicalRequest,
  report: TranslationReport,
): string | undefined {
  if (serviceTier === null) return undefined;
  if (report.target.isLocal) {
    report.dropped('service_tier', 'a local model has no tiers');
    return undefined;
  }
  return Object.hasOwn(tierWords, serviceTier) ? tierWords[serviceTier] : serviceTier;
}

function encodeEndUser(
  { endUser, protocol }: CanonicalRequest,
  report: TranslationReport,
): string | undefined {
  if (endUser === null) return undefined;
  if (protocol.startsWith('openai-') || (!report.target.isLocal && isShareableUserId(endUser.id)))
    return endUser.id;
  report.dropped(
    endUser.path,
    'it may identify a person or a device, and is kept from other providers',
  );
  return undefined;
}

/** Fields that both of OpenAI's protocols have under the same name. */
const sharedWithChat = [
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'moderation',
];

function encodeChatFields(own: OwnFields): Record<string, JsonText> {
  return Object.fromEntries(
    flatMap(sharedWithChat, (name) => {
      const value = own.take('openai-chat', name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
