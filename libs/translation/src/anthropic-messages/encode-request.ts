import type { CanonicalRequest } from '../canonical/request.js';
import type { EncodedRequest, TranslationTarget } from '../protocol.js';
import { isShareableUserId } from '../shared/request/end-user.js';
import { anthropicToolNames, ToolNames } from '../shared/request/tool-names.js';
import { TranslationReport } from '../shared/request/translation-report.js';
import { JsonText, writeJson } from '../shared/json/write-json.js';
import { encodeMessages } from './request/encode-messages.js';
import { encodeThinking } from './request/encode-thinking.js';
import { encodeToolChoice, encodeTools } from './request/encode-tools.js';

/** @throws GatewayError `unsupported_by_target` for what would be lost */
export function encodeRequest(
  request: CanonicalRequest,
  target: TranslationTarget,
): EncodedRequest {
  const report = new TranslationReport(target, request.protocol);
  const names = new ToolNames(request, anthropicToolNames);
  const maxTokens = encodeLimit(request, report);
  const { thinking, effort } = encodeThinking(request, maxTokens, report);
  const format = encodeOutputFormat(request, report);
  const body = {
    model: target.model,
    max_tokens: maxTokens,
    ...encodeMessages(request, names, report),
    ...encodeSampling(request, thinking !== undefined && thinking.type !== 'disabled', report),
    stop_sequences: encodeStop(request, report),
    tools: encodeTools(request, names, report),
    tool_choice: encodeToolChoice(request, names),
    thinking,
    output_config: effort === undefined && format === undefined ? undefined : { effort, format },
    metadata: encodeEndUser(request, report),
    service_tier: encodeServiceTier(request, report),
    stream: request.isStream ? true : undefined,
  };
  const restored = report.settleLeftovers(request, 'anthropic-messages');
  return {
    body: writeJson({ ...restored, ...body }),
    warnings: report.warnings,
    restoration: { tools: names.restored, stopSequences: [] },
  };
}

/** What is asked of a model whose own maximum is not known, when the caller set no limit. */
const fallbackMaxTokens = 8_192;

function encodeLimit({ maxOutputTokens }: CanonicalRequest, report: TranslationReport): number {
  if (maxOutputTokens !== null) return maxOutputTokens;
  const limit = report.target.capabilities.maxOutputTokens ?? fallbackMaxTokens;
  report.warn('defaulted', 'max_tokens', `a limit is mandatory there: ${limit} tokens`);
  return limit;
}

/** From this version on, sampling fields are refused whatever the model. */
const versionWithoutSampling = '2026-10-21';

function encodeSampling(
  { sampling }: CanonicalRequest,
  isThinking: boolean,
  report: TranslationReport,
): Record<string, number> {
  const { capabilities, anthropicVersion = '' } = report.target;
  const isTaken = capabilities.takesSampling && anthropicVersion < versionWithoutSampling;
  const reason = isTaken
    ? 'not together with thinking or another sampling field'
    : 'the target model samples as it sees fit';
  const temperature = sampling.temperature;
  // Older models take one of temperature and top_p, and neither while they think.
  const fields = [
    {
      name: 'temperature',
      value: clampTemperature(temperature, isTaken && !isThinking, report),
      isTaken: isTaken && !isThinking,
    },
    {
      name: 'top_p',
      value: sampling.topP,
      isTaken: isTaken && !isThinking && temperature === null,
    },
    { name: 'top_k', value: sampling.topK, isTaken: isTaken && !isThinking },
    { name: 'presence_penalty', value: sampling.presencePenalty, isTaken: false },
    { name: 'frequency_penalty', value: sampling.frequencyPenalty, isTaken: false },
    { name: 'seed', value: sampling.seed, isTaken: false },
  ];
  const taken: Record<string, number> = {};
  for (const field of fields) {
    if (field.value === null) continue;
    if (field.isTaken) taken[field.name] = field.value;
    else report.dropped(field.name, reason);
  }
  return taken;
}

function clampTemperature(
  temperature: number | null,
  isTaken: boolean,
  report: TranslationReport,
): number | null {
  if (temperature === null || temperature <= 1 || !isTaken) return temperature;
  report.warn('clamped', 'temperature', `${temperature} was sent as 1, the highest there`);
  return 1;
}

function encodeStop(
  { stopSequences }: CanonicalRequest,
  report: TranslationReport,
): readonly string[] | undefined {
  const blank = stopSequences.findIndex((text) => text.trim() === '');
  if (blank !== -1) {
    report.refuse(
      'stop',
      'stop sequences must hold more than white space there',
      'Use another stop sequence.',
    );
  }
  return stopSequences.length === 0 ? undefined : stopSequences;
}

function encodeOutputFormat(
  { outputFormat }: CanonicalRequest,
  report: TranslationReport,
): unknown {
  if (outputFormat === null) return undefined;
  if (outputFormat.type === 'json-object') {
    report.dropped(outputFormat.path, 'there is no free JSON mode; the prompt alone asks for JSON');
    return undefined;
  }
  const { schema, name, description, isStrict, path } = outputFormat;
  const lost = { name, description, strict: isStrict };
  for (const [field, value] of Object.entries(lost)) {
    if (value !== null)
      report.dropped(`${path}.json_schema.${field}`, 'only the schema itself is taken there');
  }
  return { type: 'json_schema', schema: new JsonText(schema.json) };
}

function encodeEndUser(
  { endUser, protocol }: CanonicalRequest,
  report: TranslationReport,
): unknown {
  if (endUser === null) return undefined;
  if (protocol === 'anthropic-messages' || isShareableUserId(endUser.id))
    return { user_id: endUser.id };
  report.dropped(endUser.path, 'it may identify a person, and is kept from other providers');
  return undefined;
}

/** OpenAI's words for what Anthropic has as well. */
const tierWords: Readonly<Record<string, string>> = { auto: 'auto', default: 'standard_only' };

function encodeServiceTier(
  { serviceTier, protocol }: CanonicalRequest,
  report: TranslationReport,
): string | undefined {
  if (serviceTier === null) return undefined;
  if (protocol === 'anthropic-messages') return serviceTier;
  const word = Object.hasOwn(tierWords, serviceTier) ? tierWords[serviceTier] : undefined;
  if (word === undefined) report.dropped('service_tier', `the target has no tier "${serviceTier}"`);
  return word;
}
