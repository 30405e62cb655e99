import type { RawJson } from '../canonical/content.js';
import type { CanonicalRequest } from '../canonical/request.js';
import type { EncodedRequest, TranslationTarget } from '../protocol.js';
import { isRecursiveSchema, relaxSchema } from '../json-schema/relax-schema.js';
import { tryParse } from '../shared/json/json-access.js';
import { asksForNothing } from '../shared/request/neutral-sampling.js';
import { isShareableUserId } from '../shared/request/end-user.js';
import { encodeOutputLimit } from '../shared/request/encode-output-limit.js';
import { leaveOutForeign } from '../shared/request/leave-out-foreign.js';
import { settleStops } from '../shared/request/settle-stops.js';
import { anthropicToolNames, ToolNames } from '../shared/tools/tool-names.js';
import { TranslationReport } from '../shared/request/translation-report.js';
import { JsonText, writeJson } from '../shared/json/write-json.js';
import { strictVersion } from './request/check-version.js';
import { encodeMessages } from './request/encode-messages.js';
import { encodeThinking } from './request/encode-thinking.js';
import { encodeToolFields } from './request/encode-tools.js';

/** @throws GatewayError `unsupported_by_target` for what would be lost */
export function encodeRequest(
  received: CanonicalRequest,
  target: TranslationTarget,
): EncodedRequest {
  const report = new TranslationReport(target, received.protocol);
  const request = leaveOutForeign(received, 'anthropic-messages', report);
  const names = new ToolNames(request, anthropicToolNames);
  const maxTokens = encodeLimit(request, report);
  const { thinking, effort, isThinking } = encodeThinking(request, maxTokens, report);
  const format = encodeOutputFormat(request, report);
  // Stop strings of white space alone are refused there.
  const stops = settleStops(request, report, (stop) => stop.trim() !== '');
  const body = {
    model: target.model,
    max_tokens: maxTokens,
    ...encodeMessages(request, names, report),
    ...encodeSampling(request, isThinking, report),
    stop_sequences: stops.sent,
    ...encodeToolFields(request, names, report),
    thinking,
    output_config:
      effort === undefined && format.wire === undefined
        ? undefined
        : { effort, format: format.wire },
    metadata: encodeEndUser(request, report),
    service_tier: encodeServiceTier(request, report),
    stream: request.isStream ? true : undefined,
  };
  const restored = report.settleLeftovers(request, 'anthropic-messages');
  return {
    body: writeJson({ ...body, ...restored }),
    warnings: report.warnings,
    restoration: {
      tools: names.restored,
      stopSequences: stops.cut,
      relaxedSchema: format.relaxedSchema,
    },
  };
}

/** What is asked of a model whose own maximum is not known, when the caller set no limit. */
const fallbackMaxTokens = 8_192;

function encodeLimit(request: CanonicalRequest, report: TranslationReport): number {
  // warms the cache there
  if (request.maxOutputTokens === 0) return 0;
  const asked = encodeOutputLimit(request, report);
  if (asked !== null) return asked;
  const limit = report.target.capabilities.maxOutputTokens ?? fallbackMaxTokens;
  report.warn('defaulted', 'max_tokens', `a limit is mandatory there: ${limit} tokens`);
  return limit;
}

function encodeSampling(
  { sampling }: CanonicalRequest,
  isThinking: boolean,
  report: TranslationReport,
): Record<string, number> {
  const { capabilities, anthropicVersion = '' } = report.target;
  const isTaken = capabilities.takesSampling && anthropicVersion < strictVersion;
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
    {
      name: 'top_k',
      value: sampling.topK,
      isTaken: isTaken && !isThinking && capabilities.takesTopK,
    },
    { name: 'presence_penalty', value: sampling.presencePenalty, isTaken: false },
    { name: 'frequency_penalty', value: sampling.frequencyPenalty, isTaken: false },
    { name: 'seed', value: sampling.seed, isTaken: false },
  ];
  const taken: Record<string, number> = {};
  for (const field of fields) {
    if (field.value === null) continue;
    if (field.isTaken) taken[field.name] = field.value;
    else if (asksForNothing(field.name, field.value))
      report.warn('defaulted', field.name, `${field.value} is what the target does anyway`);
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

interface EncodedFormat {
  readonly wire?: unknown;
  readonly relaxedSchema: RawJson | null;
}

function encodeOutputFormat(
  { outputFormat }: CanonicalRequest,
  report: TranslationReport,
): EncodedFormat {
  if (outputFormat === null) return { relaxedSchema: null };
  const { path } = outputFormat;
  if (outputFormat.type === 'json-object') {
    report.dropped(path, 'there is no free JSON mode; the prompt alone asks for JSON');
    return { relaxedSchema: null };
  }
  if (!report.target.capabilities.outputFormats.includes('json-schema')) {
    report.refuseOrDrop(
      path,
      'it holds no answer to a schema',
      'Ask for JSON in the prompt, or route to a model with structured outputs.',
    );
    return { relaxedSchema: null };
  }
  const { schema, name, description, isStrict } = outputFormat;
  const lost = { name, description, strict: isStrict };
  for (const [field, value] of Object.entries(lost)) {
    if (value !== null) report.dropped(`${path}.${field}`, 'only the schema itself is taken there');
  }
  const encoded = encodeSchema(schema, path, report);
  return {
    wire: { type: 'json_schema', schema: new JsonText(encoded.json) },
    relaxedSchema: encoded === schema ? null : schema,
  };
}

/** What the decoder does not enforce is told in descriptions; the answer is checked against the original. */
function encodeSchema(schema: RawJson, path: string, report: TranslationReport): RawJson {
  if (report.target.capabilities.schemaDialect === 'full') return schema;
  const parsed = tryParse(schema.json);
  if (isRecursiveSchema(parsed)) {
    report.refuse(
      path,
      'schemas that refer back to themselves are refused there',
      'Unfold the schema to the depth you need.',
    );
  }
  const { schema: looser, relaxed, hasClosed } = relaxSchema(parsed);
  const json = JSON.stringify(looser);
  if (json === JSON.stringify(parsed)) return schema;
  if (hasClosed) report.warn('clamped', path, 'objects were closed to members not named in it');
  if (relaxed.length === 0) return { json };
  report.warn('relaxed', path, `not enforced but told to the model: ${relaxed.join(', ')}`);
  return { json };
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

/** Who pays for speed must not get less without a word. */
const dearTiers: ReadonlySet<string> = new Set(['priority', 'fast', 'ultrafast', 'scale']);

function encodeServiceTier(
  { serviceTier, protocol }: CanonicalRequest,
  report: TranslationReport,
): string | undefined {
  if (serviceTier === null) return undefined;
  if (protocol === 'anthropic-messages') return serviceTier;
  const word = Object.hasOwn(tierWords, serviceTier) ? tierWords[serviceTier] : undefined;
  if (word !== undefined) return word;
  const problem = `the target has no tier "${serviceTier}"`;
  if (dearTiers.has(serviceTier))
    report.refuseOrDrop('service_tier', problem, 'Leave it out, or route to OpenAI.');
  else report.dropped('service_tier', problem);
  return undefined;
}
