import type { CanonicalRequest } from '../canonical/request.js';
import type { EncodedRequest, TranslationTarget } from '../protocol.js';
import { JsonText, writeJson } from '../shared/json/write-json.js';
import { encodeOutputLimit } from '../shared/request/encode-output-limit.js';
import { leaveOutForeign } from '../shared/request/leave-out-foreign.js';
import { ToolNames } from '../shared/tools/tool-names.js';
import { TranslationReport } from '../shared/request/translation-report.js';
import { encodeContents } from './request/encode-contents.js';
import { encodeThinking } from './request/encode-thinking.js';
import { encodeToolConfig, encodeTools, geminiToolNames } from './request/encode-tools.js';

/** The URL names model and streaming. @throws GatewayError `unsupported_by_target` for what would be lost */
export function encodeRequest(
  received: CanonicalRequest,
  target: TranslationTarget,
): EncodedRequest {
  const report = new TranslationReport(target, received.protocol);
  const request = leaveOutForeign(received, 'gemini-generate', report);
  const names = new ToolNames(request, geminiToolNames);
  const stops = encodeStop(request, report);
  const generationConfig = {
    ...encodeSampling(request, report),
    maxOutputTokens: encodeOutputLimit(request, report) ?? undefined,
    stopSequences: stops.sent.length === 0 ? undefined : stops.sent,
    ...encodeOutputFormat(request, report),
    thinkingConfig: encodeThinking(request, report),
  };
  const isPlain = Object.values(generationConfig).every((value) => value === undefined);
  const body = {
    ...encodeContents(request, names, report),
    tools: encodeTools(request, names, report),
    toolConfig: encodeToolConfig(request, names, report),
    generationConfig: isPlain ? undefined : generationConfig,
    serviceTier: encodeServiceTier(request, report),
  };
  if (request.endUser !== null)
    report.dropped(request.endUser.path, 'it has no place for an end user');
  const restored = report.settleLeftovers(request, 'gemini-generate');
  return {
    body: writeJson({ ...restored, ...body }),
    warnings: report.warnings,
    restoration: { tools: names.restored, stopSequences: stops.cutHere },
  };
}

function encodeSampling(
  { sampling }: CanonicalRequest,
  report: TranslationReport,
): Record<string, number> {
  const { takesSampling, takesTopK } = report.target.capabilities;
  const { temperature, topP, topK, presencePenalty, frequencyPenalty, seed } = sampling;
  const fields = [
    { field: 'temperature', name: 'temperature', value: temperature, isTaken: takesSampling },
    { field: 'top_p', name: 'topP', value: topP, isTaken: takesSampling },
    { field: 'top_k', name: 'topK', value: topK, isTaken: takesTopK },
    {
      field: 'presence_penalty',
      name: 'presencePenalty',
      value: presencePenalty,
      isTaken: takesSampling,
    },
    {
      field: 'frequency_penalty',
      name: 'frequencyPenalty',
      value: frequencyPenalty,
      isTaken: takesSampling,
    },
    { field: 'seed', name: 'seed', value: seed, isTaken: true },
  ];
  const taken: Record<string, number> = {};
  for (const { field, name, value, isTaken } of fields) {
    if (value === null) continue;
    if (isTaken) taken[name] = value;
    else report.dropped(field, 'the target model does not take it');
  }
  return taken;
}

/** What is more than the target takes is cut here, at the cost of what the model writes behind it. */
function encodeStop(
  { stopSequences }: CanonicalRequest,
  report: TranslationReport,
): { readonly sent: readonly string[]; readonly cutHere: readonly string[] } {
  const most = report.target.capabilities.maxStopSequences ?? stopSequences.length;
  const cutHere = stopSequences.slice(most);
  if (cutHere.length > 0)
    report.warn(
      'emulated',
      'stop',
      `it takes ${most} stop sequences; the gateway cuts at the rest`,
    );
  return { sent: stopSequences.slice(0, most), cutHere };
}

interface ResponseFormat {
  readonly responseMimeType?: string;
  readonly responseJsonSchema?: JsonText;
}

function encodeOutputFormat(
  { outputFormat }: CanonicalRequest,
  report: TranslationReport,
): ResponseFormat {
  if (outputFormat === null) return {};
  const responseMimeType = 'application/json';
  if (outputFormat.type === 'json-object') return { responseMimeType };
  const { schema, name, description, isStrict, path } = outputFormat;
  for (const [field, value] of Object.entries({ name, description, strict: isStrict })) {
    if (value !== null) report.dropped(`${path}.${field}`, 'only the schema itself is taken there');
  }
  return { responseMimeType, responseJsonSchema: new JsonText(schema.json) };
}

/** OpenAI's words for what Google has as well; `auto` is what leaving it out means. */
const tierWords: Readonly<Record<string, string | undefined>> = {
  auto: undefined,
  default: 'standard',
  flex: 'flex',
  priority: 'priority',
};

function encodeServiceTier(
  { serviceTier, protocol }: CanonicalRequest,
  report: TranslationReport,
): string | undefined {
  if (serviceTier === null) return undefined;
  if (Object.hasOwn(tierWords, serviceTier)) return tierWords[serviceTier];
  if (protocol === 'gemini-generate') return serviceTier;
  report.dropped('service_tier', `the target has no tier "${serviceTier}"`);
  return undefined;
}
