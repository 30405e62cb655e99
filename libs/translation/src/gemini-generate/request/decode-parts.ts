import type {
  ContentPart,
  MediaPart,
  MediaSource,
  TextPart,
  ToolCallPart,
} from '../../canonical/content.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';
import { decodeSignature } from '../thought-signature.js';
import type { CallLedger } from './call-ledger.js';
import { camelCase, listOf } from './spelling.js';
import { flatMap } from '../../shared/flat-map.js';

/** By the member that says what a part is. */
const partDecoders: Readonly<
  Record<string, (part: ObjectReader, ledger: CallLedger) => ContentPart[]>
> = {
  text: (part) => [decodeText(part)],
  inlineData: (part) => [decodeInlineData(part.object('inlineData'), part.path)],
  fileData: (part) => [decodeFileData(part.object('fileData'), part.path)],
  functionCall: decodeFunctionCall,
  functionResponse: decodeFunctionResponse,
};

const partKinds = Object.keys(partDecoders);

/** Beside the content of a part. */
const annotations = new Set(['thought', 'thoughtSignature', 'videoMetadata', 'mediaResolution']);

/** @throws GatewayError `invalid_request` for a part that holds nothing */
export function decodePart(value: ValueReader, ledger: CallLedger): ContentPart[] {
  if (value.isString) return [plainText(value.string(), value.path)];
  const part = value.object('an object such as {"text": "…"}');
  const kind = partKinds.find((name) => part.has(name));
  const decode = kind === undefined ? undefined : partDecoders[kind];
  if (decode !== undefined) {
    part.optionalBoolean('thought');
    return decode(part, ledger);
  }
  return [decodeNative(value, part)];
}

function decodeText(part: ObjectReader): ContentPart {
  const text = part.string('text');
  const opaque = decodeSignature(part.optionalString('thoughtSignature'));
  if (part.optionalBoolean('thought') === true)
    return { type: 'reasoning', text, opaque, path: part.path };
  return opaque === null ? plainText(text, part.path) : { ...plainText(text, part.path), opaque };
}

function plainText(text: string, path: string): TextPart {
  return { type: 'text', text, cacheMark: null, path };
}

/** Hosted tools' calls and results, and a signature that stands alone. */
function decodeNative(value: ValueReader, part: ObjectReader): ContentPart {
  const names = [...(value.node.members?.keys() ?? [])].filter((name) => part.has(name));
  const kind = names.map(camelCase).find((name) => !annotations.has(name));
  const signature = part.optionalString('thoughtSignature');
  if (kind === undefined && signature !== null) {
    part.optionalBoolean('thought');
    return { ...plainText('', part.path), opaque: decodeSignature(signature) };
  }
  if (kind !== undefined) {
    const protocol = 'gemini-generate';
    return { type: 'native', protocol, kind, raw: value.raw(), path: value.path };
  }
  throw new GatewayError(
    'invalid_request',
    `\`${part.path}\` must hold one of ${Object.keys(partDecoders).join(', ')}.`,
    { path: part.path },
  );
}

function decodeInlineData(data: ObjectReader, path: string): MediaPart {
  const mediaType = data.string('mimeType').toLowerCase();
  const source = { type: 'bytes', base64: data.string('data') } as const;
  return mediaPart(data, mediaType, source, path);
}

/** Uploads of Google's own; other addresses are fetched by whoever answers. */
const googleFile = /^(?:gs:\/\/|https:\/\/generativelanguage\.googleapis\.com\/|files\/)/;

function decodeFileData(data: ObjectReader, path: string): MediaPart {
  const uri = data.string('fileUri');
  const mediaType = data.optionalString('mimeType')?.toLowerCase() ?? null;
  const source: MediaSource = googleFile.test(uri)
    ? { type: 'provider-file', id: uri }
    : { type: 'url', url: uri };
  return mediaPart(data, mediaType, source, path);
}

function mediaPart(
  data: ObjectReader,
  mediaType: string | null,
  source: MediaSource,
  path: string,
): MediaPart {
  const family = mediaType?.slice(0, mediaType.indexOf('/'));
  const kind = family === 'image' || family === 'audio' || family === 'video' ? family : 'document';
  // nobody else has a name for pictures and sounds
  const name = kind === 'document' ? data.optionalString('displayName') : null;
  return { type: 'media', kind, source, mediaType, name, cacheMark: null, path };
}

function decodeFunctionCall(part: ObjectReader, ledger: CallLedger): ToolCallPart[] {
  const call = part.object('functionCall');
  const name = call.string('name');
  const args = call.value('args');
  // Checked to be an object, then carried as the text the caller wrote.
  args?.object();
  const opaque = decodeSignature(part.optionalString('thoughtSignature'));
  return [
    {
      type: 'tool-call',
      id: ledger.call(call.optionalString('id'), name),
      name,
      argumentsText: args?.raw().json ?? '{}',
      cacheMark: null,
      path: part.path,
      ...(opaque === null ? {} : { opaque }),
    },
  ];
}

function decodeFunctionResponse(part: ObjectReader, ledger: CallLedger): ContentPart[] {
  const result = part.object('functionResponse');
  const name = result.string('name');
  const media = flatMap(listOf(result, 'parts'), (value) => decodePart(value, ledger));
  const { text, isError } = decodeOutput(result);
  return [
    {
      type: 'tool-result',
      callId: ledger.result(result.optionalString('id'), name, result.path),
      parts: [
        plainText(text, result.at('response')),
        ...media.filter((item) => item.type === 'text' || item.type === 'media'),
      ],
      isError,
      cacheMark: null,
      path: part.path,
    },
    // what a result cannot hold elsewhere is left for the encoder to refuse
    ...media.filter((item) => item.type !== 'text' && item.type !== 'media'),
  ];
}

/** Google's own keys are `output` and `error`; any other object is the output as a whole. */
function decodeOutput(result: ObjectReader): { text: string; isError: boolean } {
  const response = result.optionalObject('response');
  if (response === null) return { text: '', isError: false };
  const key = wrapperKey(response, result.string('name'));
  const value = key === null ? null : response.value(key);
  if (value === null) return { text: result.optionalRaw('response')?.json ?? '', isError: false };
  const text = value.isString ? value.string() : value.raw().json;
  return { text, isError: key === 'error' };
}

/** Vercel's AI SDK and some others write the name of the function beside its output again. */
function wrapperKey(response: ObjectReader, functionName: string): string | null {
  const names = [...(response.node.members?.keys() ?? [])].sort();
  if (
    names.join() === 'content,name' &&
    response.node.members?.get('name')?.value === functionName
  ) {
    response.string('name');
    return 'content';
  }
  const [name, ...others] = names;
  return others.length === 0 && (name === 'output' || name === 'error') ? name : null;
}
