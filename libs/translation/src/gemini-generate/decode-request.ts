import type { CanonicalRequest } from '../canonical/request.js';
import type { RequestAddress } from '../protocol.js';
import { collectLeftovers, type EssentialFields } from '../shared/request/collect-leftovers.js';
import type { ObjectReader } from '../shared/json/object-reader.js';
import { readRequestText } from '../shared/json/read-request-text.js';
import { decodeContents, decodeSystemInstruction } from './request/decode-contents.js';
import { decodeGenerationConfig } from './request/decode-generation-config.js';
import { decodeToolChoice, decodeTools } from './request/decode-tools.js';
import { camelCase, eitherSpelling } from './request/spelling.js';

/** @throws GatewayError `invalid_request` with the path of the fault */
export function decodeRequest(
  text: string,
  address: RequestAddress | null = null,
): CanonicalRequest {
  const body = readRequestText(text, eitherSpelling);
  const tools = decodeTools(body);
  const hasFunctions = tools.some((tool) => tool.type === 'function');
  const request = {
    protocol: 'gemini-generate',
    model: decodeModel(body, address),
    isStream: address?.stream ?? false,
    instructions: decodeSystemInstruction(body),
    turns: decodeContents(body),
    tools,
    toolChoice: decodeToolChoice(body, hasFunctions),
    allowsParallelCalls: null,
    ...decodeGenerationConfig(body.optionalObject('generationConfig')),
    endUser: null,
    serviceTier: decodeServiceTier(body),
  } as const;
  return { ...request, leftovers: collectLeftovers(body.node, essentialFields, camelCase) };
}

/** The URL says it; a body may repeat it. */
function decodeModel(body: ObjectReader, address: RequestAddress | null): string {
  const repeated = body.optionalString('model');
  return address?.model ?? repeated ?? body.string('model');
}

function decodeServiceTier(body: ObjectReader): string | null {
  const tier = body.optionalString('serviceTier')?.toLowerCase() ?? null;
  return tier === 'standard' ? 'default' : tier;
}

const textAlone = 'this target answers with text alone';
const probabilities = 'this target reports no token probabilities';
const safety = 'a safety control must not vanish';
const otherAnswer = 'the answer would have another form';

/** Are all of Google's filters switched off? Then their absence changes nothing. */
function isUnfiltered(json: string): boolean {
  const thresholds = [...json.matchAll(/"threshold"\s*:\s*"([^"]*)"/g)].map(([, word]) => word);
  const settings = [...json.matchAll(/"category"\s*:/g)].length;
  return (
    thresholds.length >= settings &&
    thresholds.every((word) => word === 'OFF' || word === 'BLOCK_NONE')
  );
}

/** Fields whose absence would change the answer's meaning, shape, cost or safety. */
const essentialFields: EssentialFields = {
  cachedContent: 'its cached content exists at Google alone',
  safetySettings: (json) => {
    if (/^\[\s*\]$/.test(json)) return null;
    return isUnfiltered(json) ? undefined : safety;
  },
  modelArmorConfig: safety,
  'generationConfig.candidateCount': (json) =>
    json === '1' ? null : 'it asks for several answers, and this target gives one',
  'generationConfig.responseLogprobs': (json) => (json === 'false' ? null : probabilities),
  'generationConfig.logprobs': (json) => (json === '0' ? null : probabilities),
  'generationConfig.responseModalities': (json) =>
    /^\[\s*("TEXT"\s*)?\]$/i.test(json) ? null : textAlone,
  'generationConfig.speechConfig': textAlone,
  'generationConfig.imageConfig': textAlone,
  'generationConfig.responseMimeType': otherAnswer,
  'generationConfig.responseFormat': otherAnswer,
  'generationConfig.responseSchema': otherAnswer,
  'generationConfig.responseJsonSchema': otherAnswer,
  'contents[].parts[].videoMetadata': 'this target reads no video',
};
