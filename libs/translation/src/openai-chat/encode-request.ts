import type { CanonicalRequest, OutputFormat } from '../canonical/request.js';
import type { EncodedRequest, TranslationTarget } from '../protocol.js';
import { isShareableUserId } from '../shared/request/end-user.js';
import { isStrictSchema } from '../shared/request/strict-schema.js';
import { anyToolNames, openaiToolNames, ToolNames } from '../shared/request/tool-names.js';
import { TranslationReport } from '../shared/request/translation-report.js';
import { JsonText, writeJson } from '../shared/json/write-json.js';
import { encodeMessages } from './request/encode-messages.js';
import { encodeToolChoice, encodeTools } from './request/encode-tools.js';

/** @throws GatewayError `unsupported_by_target` for what would be lost */
export function encodeRequest(
  request: CanonicalRequest,
  target: TranslationTarget,
): EncodedRequest {
  const report = new TranslationReport(target, request.protocol);
  const names = new ToolNames(request, target.isLocal ? anyToolNames : openaiToolNames);
  const body = {
    model: target.model,
    messages: encodeMessages(request, names, report),
    ...encodeLimit(request, report),
    ...encodeSampling(request, report),
    stop: encodeStop(request, report),
    tools: encodeTools(request, names, report),
    tool_choice: encodeToolChoice(request.toolChoice, names),
    parallel_tool_calls:
      request.tools.length === 0 ? undefined : (request.allowsParallelCalls ?? undefined),
    response_format: encodeOutputFormat(request.outputFormat),
    reasoning_effort: encodeReasoning(request, report),
    service_tier: encodeServiceTier(request, report),
    user: encodeEndUser(request, report),
    stream: request.isStream ? true : undefined,
    stream_options: request.isStream ? { include_usage: true } : undefined,
  };
  const restored = report.settleLeftovers(request, 'openai-chat');
  return {
    body: writeJson({ ...restored, ...body }),
    warnings: report.warnings,
    restoration: { tools: names.restored, stopSequences: [] },
  };
}

/** Reasoning models of the cloud refuse the older name; older local servers do not know the newer one. */
function encodeLimit(request: CanonicalRequest, report: TranslationReport): Record<string, number> {
  const { maxOutputTokens } = request;
  if (maxOutputTokens === null) return {};
  if (maxOutputTokens === 0) {
    report.refuse(
      'max_tokens',
      'a limit of 0 only warms the cache of the provider it was made for',
      'Ask for at least 1 token.',
    );
  }
  return report.target.isLocal
    ? { max_tokens: maxOutputTokens }
    : { max_completion_tokens: maxOutputTokens };
}

function encodeSampling(
  { sampling }: CanonicalRequest,
  report: TranslationReport,
): Record<string, number> {
  const { takesSampling, takesTopK } = report.target.capabilities;
  const fields = [
    { name: 'temperature', value: sampling.temperature, isTaken: takesSampling },
    { name: 'top_p', value: sampling.topP, isTaken: takesSampling },
    { name: 'top_k', value: sampling.topK, isTaken: takesTopK },
    { name: 'presence_penalty', value: sampling.presencePenalty, isTaken: takesSampling },
    { name: 'frequency_penalty', value: sampling.frequencyPenalty, isTaken: takesSampling },
    { name: 'seed', value: sampling.seed, isTaken: true },
  ];
  const taken: Record<string, number> = {};
  for (const { name, value, isTaken } of fields) {
    if (value === null) continue;
    if (isTaken) taken[name] = value;
    else report.dropped(name, 'the target model does not take it');
  }
  return taken;
}

function encodeStop(
  { stopSequences }: CanonicalRequest,
  report: TranslationReport,
): readonly string[] | undefined {
  const most = report.target.capabilities.maxStopSequences;
  if (most !== null && stopSequences.length > most) {
    report.refuse(
      'stop_sequences',
      `it takes at most ${most} stop sequences, not ${stopSequences.length}`,
      'Send fewer.',
    );
  }
  return stopSequences.length === 0 ? undefined : stopSequences;
}

function encodeOutputFormat(format: OutputFormat | null): unknown {
  if (format === null) return undefined;
  if (format.type === 'json-object') return { type: 'json_object' };
  return {
    type: 'json_schema',
    json_schema: {
      name: format.name ?? 'response',
      description: format.description ?? undefined,
      schema: new JsonText(format.schema.json),
      // Strict mode refuses schemas with optional members, which the caller may well have sent.
      strict: format.isStrict ?? isStrictSchema(format.schema.json),
    },
  };
}

function encodeReasoning(
  { reasoning }: CanonicalRequest,
  report: TranslationReport,
): string | undefined {
  if (reasoning === null) return undefined;
  const effort = reasoning.mode === 'off' ? 'none' : reasoning.effort;
  if (report.target.capabilities.effortLevels.length === 0) {
    report.dropped(reasoning.paths, 'the target decides by itself how much to think');
    return undefined;
  }
  if (effort === null)
    report.dropped(reasoning.paths, 'the target knows levels of effort, not budgets');
  else if ((reasoning.display ?? null) !== null)
    report.dropped(
      reasoning.paths.at(-1) ?? '',
      'the target shows its thinking as it does by itself',
    );
  if (effort !== null && reasoning.budgetTokens !== null)
    for (const path of reasoning.paths) report.warn('renamed', path, `sent as effort "${effort}"`);
  return effort ?? undefined;
}

/** Anthropic's word to ours; OpenAI's own words stay. */
const tierWords: Readonly<Record<string, string>> = { standard_only: 'default' };

function encodeServiceTier(
  { serviceTier, protocol }: CanonicalRequest,
  report: TranslationReport,
): string | undefined {
  if (serviceTier === null) return undefined;
  if (report.target.isLocal) {
    report.dropped('service_tier', 'a local model has no tiers');
    return undefined;
  }
  return protocol === 'openai-chat' ? serviceTier : (tierWords[serviceTier] ?? serviceTier);
}

function encodeEndUser(
  { endUser, protocol }: CanonicalRequest,
  report: TranslationReport,
): string | undefined {
  if (endUser === null) return undefined;
  if (protocol === 'openai-chat' || (!report.target.isLocal && isShareableUserId(endUser.id)))
    return endUser.id;
  report.dropped(
    endUser.path,
    'it may identify a person or a device, and is kept from other providers',
  );
  return undefined;
}
