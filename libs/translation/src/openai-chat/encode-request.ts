import type { CanonicalRequest, OutputFormat } from '../canonical/request.js';
import type { EncodedRequest, TranslationTarget } from '../protocol.js';
import { encodeCacheOptions } from '../shared/request/cache-marks.js';
import { isShareableUserId } from '../shared/request/end-user.js';
import { leaveOutForeign } from '../shared/request/leave-out-foreign.js';
import { settleStops } from '../shared/request/settle-stops.js';
import { isStrictSchema } from '../json-schema/strict-schema.js';
import { anyToolNames, openaiToolNames, ToolNames } from '../shared/tools/tool-names.js';
import { TranslationReport } from '../shared/request/translation-report.js';
import { JsonText, writeJson } from '../shared/json/write-json.js';
import { continuationFields, encodeMessages } from './request/encode-messages.js';
import { encodeReasoning } from './request/encode-reasoning.js';
import { encodeLimit, encodeSampling } from './request/encode-sampling.js';
import { encodeToolFields } from './request/encode-tools.js';

/** @throws GatewayError `unsupported_by_target` for what would be lost */
export function encodeRequest(
  received: CanonicalRequest,
  target: TranslationTarget,
): EncodedRequest {
  const report = new TranslationReport(target, received.protocol);
  const request = leaveOutForeign(received, 'openai-chat', report);
  const { toolNames, refusedFields } = target.capabilities;
  const names = new ToolNames(request, toolNames === 'any' ? anyToolNames : openaiToolNames);
  const stops = settleStops(request, report);
  const asksForUsage = request.isStream && !refusedFields.includes('stream_options');
  const body = {
    model: target.model,
    messages: encodeMessages(request, names, report),
    ...continuationFields(request, report),
    ...encodeLimit(request, report),
    ...encodeSampling(request, report),
    stop: stops.sent,
    ...encodeToolFields(request, names, report),
    response_format: encodeOutputFormat(request.outputFormat, report),
    ...encodeReasoning(request, report),
    prompt_cache_options: encodeCacheOptions(request, report),
    service_tier: encodeServiceTier(request, report),
    user: encodeEndUser(request, report),
    stream: request.isStream ? true : undefined,
    stream_options: asksForUsage ? { include_usage: true } : undefined,
  };
  const restored = report.settleLeftovers(request, 'openai-chat');
  return {
    body: writeJson({ ...body, ...restored }),
    warnings: report.warnings,
    restoration: { tools: names.restored, stopSequences: stops.cut },
  };
}

function encodeOutputFormat(format: OutputFormat | null, report: TranslationReport): unknown {
  if (format === null) return undefined;
  const { outputFormats, refusedFields } = report.target.capabilities;
  if (format.type === 'json-object') {
    if (outputFormats.includes('json-object')) return { type: 'json_object' };
    report.dropped(format.path, 'there is no free JSON mode; the prompt alone asks for JSON');
    return undefined;
  }
  if (!outputFormats.includes('json-schema')) {
    report.refuseOrDrop(
      format.path,
      'it holds no answer to a schema',
      'Ask for JSON in the prompt, or route to a model with structured outputs.',
    );
    return outputFormats.includes('json-object') ? { type: 'json_object' } : undefined;
  }
  return {
    type: 'json_schema',
    json_schema: {
      name: format.name ?? 'response',
      description: format.description ?? undefined,
      schema: new JsonText(format.schema.json),
      // Strict mode refuses schemas with optional members, which the caller may well have sent.
      strict: refusedFields.includes('strict')
        ? undefined
        : (format.isStrict ?? isStrictSchema(format.schema.json)),
    },
  };
}

/** Anthropic's word to ours; OpenAI's own words stay. */
const tierWords: Readonly<Record<string, string>> = { standard_only: 'default' };

function encodeServiceTier(
  { serviceTier, protocol }: CanonicalRequest,
  report: TranslationReport,
): string | undefined {
  if (serviceTier === null) return undefined;
  if (report.target.capabilities.refusedFields.includes('service_tier')) {
    report.dropped('service_tier', 'the target has no tiers');
    return undefined;
  }
  return protocol === 'openai-chat' ? serviceTier : (tierWords[serviceTier] ?? serviceTier);
}

function encodeEndUser(
  { endUser, protocol }: CanonicalRequest,
  report: TranslationReport,
): string | undefined {
  if (endUser === null) return undefined;
  const isTaken = !report.target.capabilities.refusedFields.includes('user');
  if (isTaken && (protocol === 'openai-chat' || isShareableUserId(endUser.id))) return endUser.id;
  report.dropped(
    endUser.path,
    isTaken
      ? 'it may identify a person or a device, and is kept from other providers'
      : 'the target knows no end users',
  );
  return undefined;
}
