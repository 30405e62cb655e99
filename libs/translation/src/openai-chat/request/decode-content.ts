import type {
  MediaPart,
  NativePart,
  RawJson,
  RefusalPart,
  TextPart,
} from '../../canonical/content.js';
import { GatewayError } from '../../errors/gateway-error.js';
import { markOfBreakpoint } from '../../shared/request/cache-marks.js';
import { parseDataUri } from '../../shared/request/data-uri.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';

export type DecodedPart = TextPart | MediaPart | RefusalPart | NativePart;

/** A message's `content`: one string or a list of typed parts. */
export function decodeContent(content: ValueReader): DecodedPart[] {
  if (content.isString) {
    return [{ type: 'text', text: content.string(), cacheMark: null, path: content.path }];
  }
  return content.array('a string or an array of content parts').map(decodePart);
}

/** For places that hold text alone. @throws GatewayError `invalid_request` */
export function decodeTextContent(content: ValueReader): TextPart[] {
  return decodeContent(content).map((part) => {
    if (part.type === 'text') return part;
    throw new GatewayError('invalid_request', `\`${part.path}\` must be a text part.`, {
      path: part.path,
    });
  });
}

/** Anthropic's marker, which OpenRouter and others take in chat parts, or OpenAI's own. */
function decodeCacheMark(part: ObjectReader): RawJson | null {
  const breakpoint = part.optionalRaw('prompt_cache_breakpoint');
  return part.optionalRaw('cache_control') ?? (breakpoint === null ? null : markOfBreakpoint);
}

const partDecoders: Readonly<Record<string, (part: ObjectReader) => DecodedPart>> = {
  text: (part) => ({
    type: 'text',
    text: part.string('text'),
    cacheMark: decodeCacheMark(part),
    path: part.path,
  }),
  refusal: (part) => ({ type: 'refusal', text: part.string('refusal'), path: part.path }),
  image_url: decodeImage,
  input_audio: decodeAudio,
  file: decodeFile,
  // Mistral's and vLLM's
  document_url: (part) => decodeAddress(part, 'document_url', 'document'),
  video_url: (part) => decodeAddress(part, 'video_url', 'video'),
};

function decodePart(value: ValueReader): DecodedPart {
  if (value.isString)
    return { type: 'text', text: value.string(), cacheMark: null, path: value.path };
  const part = value.object('an object with a `type`');
  const type = part.string('type');
  const decode = Object.hasOwn(partDecoders, type) ? partDecoders[type] : undefined;
  if (decode !== undefined) return decode(part);
  return {
    type: 'native',
    protocol: 'openai-chat',
    kind: type,
    raw: value.raw(),
    path: value.path,
  };
}

/** `image_url` is an object; a bare string is accepted since several clients send one. */
function decodeImage(part: ObjectReader): MediaPart {
  const image = part.value('image_url');
  const members = image?.isString === true ? null : part.object('image_url');
  const url = members?.string('url') ?? part.string('image_url');
  const data = parseDataUri(url);
  if (data === null && !/^https?:\/\//i.test(url)) {
    const path = part.at('image_url.url');
    throw new GatewayError(
      'invalid_request',
      `\`${path}\` must be an http(s) URL or a data: URI.`,
      { path },
    );
  }
  return {
    type: 'media',
    kind: 'image',
    source: data === null ? { type: 'url', url } : { type: 'bytes', base64: data.base64 },
    mediaType: data?.mediaType ?? null,
    name: null,
    detail: members?.optionalString('detail') ?? null,
    cacheMark: decodeCacheMark(part),
    path: part.path,
  };
}

function decodeAddress(part: ObjectReader, name: string, kind: 'document' | 'video'): MediaPart {
  const given = part.value(name);
  const url = given?.isString === true ? given.string() : part.object(name).string('url');
  const data = parseDataUri(url);
  return {
    type: 'media',
    kind,
    source: data === null ? { type: 'url', url } : { type: 'bytes', base64: data.base64 },
    mediaType: data?.mediaType ?? null,
    name: part.optionalString('document_name'),
    cacheMark: decodeCacheMark(part),
    path: part.path,
  };
}

/** `input_audio` is an object; Mistral takes the bare base64. */
function decodeAudio(part: ObjectReader): MediaPart {
  const audio = part.value('input_audio');
  const members = audio?.isString === true ? null : part.object('input_audio');
  return {
    type: 'media',
    kind: 'audio',
    source: { type: 'bytes', base64: members?.string('data') ?? part.string('input_audio') },
    mediaType: `audio/${members?.optionalString('format') ?? 'wav'}`,
    name: null,
    cacheMark: decodeCacheMark(part),
    path: part.path,
  };
}

/** Base64 of the bytes `%PDF-`; some clients leave the data: prefix out. */
const pdfStart = 'JVBERi';

function decodeFile(part: ObjectReader): MediaPart {
  const file = part.object('file');
  const name = file.optionalString('filename');
  const id = file.optionalString('file_id');
  const shared = { type: 'media', kind: 'document', name, path: part.path } as const;
  const cacheMark = decodeCacheMark(part);
  if (id !== null)
    return { ...shared, source: { type: 'provider-file', id }, mediaType: null, cacheMark };
  const text = file.string('file_data');
  const data = parseDataUri(text);
  return {
    ...shared,
    source: { type: 'bytes', base64: data?.base64 ?? text },
    mediaType: data?.mediaType ?? (text.startsWith(pdfStart) ? 'application/pdf' : null),
    cacheMark,
  };
}
