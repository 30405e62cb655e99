import type { Citation } from '../canonical/content.js';
import type { CanonicalResponse, ResponsePart } from '../canonical/response.js';
import { unknownUsage } from '../canonical/usage.js';
import { GatewayError } from '../errors/gateway-error.js';
import {
  arrayAt,
  asRecord,
  recordAt,
  textAt,
  type JsonRecord,
} from '../shared/json/json-access.js';
import { parseAnswer, throwInBandError } from '../shared/parse-answer.js';
import { parseJson } from '../shared/json/parse-json.js';
import { settleFinishReason } from '../shared/settle-finish-reason.js';
import { decodeStopReason } from './finish-reason-mapping.js';
import { ownToken } from './reply/own-token.js';
import { decodeUsage } from './usage-mapping.js';
import { flatMap } from '../shared/flat-map.js';

/** @throws GatewayError `upstream_invalid_response`, or the error the answer holds */
export function decodeResponse(text: string): CanonicalResponse {
  const answer = parseAnswer(text);
  throwInBandError(answer);
  if (!Array.isArray(answer['content'])) {
    throw new GatewayError('upstream_invalid_response', 'The upstream answered without content.');
  }
  const inputs = rawInputs(text, answer);
  const model = textAt(answer, 'model');
  const parts = flatMap(arrayAt(answer, 'content'), (item, index) =>
    decodeBlock(asRecord(item), inputs[index] ?? '{}', model),
  );
  const usage = recordAt(answer, 'usage');
  return {
    id: textAt(answer, 'id'),
    model,
    createdAtSeconds: null,
    parts,
    finishReason: settleFinishReason(
      decodeStopReason(answer['stop_reason']) ?? 'stop',
      parts.some((part) => part.type === 'tool-call'),
    ),
    finishDetail: stopDetail(answer),
    usage: usage === null ? unknownUsage : decodeUsage(usage),
  };
}

/** The stop string that was hit, or why the model refused. */
export function stopDetail(record: JsonRecord | null): string | null {
  return textAt(record, 'stop_sequence') ?? textAt(recordAt(record, 'stop_details'), 'explanation');
}

/** The `input` texts by block index, as the model wrote them; a parser would round their numbers. */
function rawInputs(text: string, answer: JsonRecord): (string | undefined)[] {
  const hasCall = arrayAt(answer, 'content').some(
    (item) => asRecord(item)?.['type'] === 'tool_use',
  );
  if (!hasCall) return [];
  const content = parseJson(text).members?.get('content');
  return (content?.items ?? []).map((item) => item.members?.get('input')?.json);
}

const blockDecoders: Readonly<
  Record<string, (block: JsonRecord, input: string, model: string | null) => ResponsePart[]>
> = {
  text: (block) => [
    {
      type: 'text',
      text: textAt(block, 'text') ?? '',
      citations: flatMap(arrayAt(block, 'citations'), decodeCitation),
    },
  ],
  thinking: (block, _input, model) => [
    {
      type: 'reasoning',
      text: textAt(block, 'thinking') ?? '',
      opaque: ownToken('signature', textAt(block, 'signature'), model),
    },
  ],
  redacted_thinking: (block, _input, model) => [
    {
      type: 'reasoning',
      text: '',
      opaque: ownToken('redacted', textAt(block, 'data'), model),
    },
  ],
  tool_use: (block, input) => {
    const name = textAt(block, 'name');
    if (name !== null)
      return [{ type: 'tool-call', id: textAt(block, 'id'), name, argumentsText: input }];
    throw new GatewayError(
      'upstream_invalid_response',
      'The upstream answered with a tool call that names no tool.',
    );
  },
};

function decodeBlock(
  block: JsonRecord | null,
  input: string,
  model: string | null,
): ResponsePart[] {
  if (block === null) return [];
  const kind = textAt(block, 'type') ?? 'unknown';
  const decode = Object.hasOwn(blockDecoders, kind) ? blockDecoders[kind] : undefined;
  return decode === undefined ? [nativePart(kind, block)] : decode(block, input, model);
}

/** A block of Anthropic's own, e.g. a hosted tool's call, which was run upstream and asks nothing of the client. */
export function nativePart(
  kind: string,
  block: JsonRecord,
): Extract<ResponsePart, { type: 'native' }> {
  return {
    type: 'native',
    protocol: 'anthropic-messages',
    kind,
    raw: { json: JSON.stringify(block) },
  };
}

/** Only citations of the web have an address that means something elsewhere. */
export function decodeCitation(value: unknown): Citation[] {
  const citation = asRecord(value);
  const url = textAt(citation, 'url');
  return url === null
    ? []
    : [{ url, title: textAt(citation, 'title'), citedText: textAt(citation, 'cited_text') }];
}
