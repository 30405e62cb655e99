import type {
  MediaPart,
  MediaSource,
  NativePart,
  RawJson,
  RefusalPart,
  TextPart,
} from '../../canonical/content.js';
import { GatewayError } from '../../errors/gateway-error.js';
import { parseDataUri } from '../../shared/request/data-uri.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';

export type DecodedPart = TextPart | MediaPart | RefusalPart | NativePart;

/** A `content` or `output`: one string or a list of typed parts. */
export function decodeContent(content: ValueReader): DecodedPart[] {
  if (content.isString) return [textPart(content.string(), content.path)];
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

export function textPart(text: string, path: string): TextPart {
  return { type: 'text', text, cacheMark: null, path };
}

const partDecoders: Readonly<Record<string, (part: ObjectReader) => DecodedPart>> = {
  input_text: decodeText,
  output_text: decodeText,
  text: decodeText,
  refusal: (part) => ({ type: 'refusal', text: part.string('refusal'), path: part.path }),
  input_image: (part) => ({
    ...media(part, 'image'),
    ...imageSource(part),
    name: null,
    detail: part.optionalString('detail'),
  }),
  input_file: (part) => ({
    ...media(part, 'document'),
    ...fileSource(part),
    name: part.optionalString('filename'),
    detail: part.optionalString('detail'),
  }),
  input_audio: (part) => {
    const audio = part.object('input_audio');
    return {
      ...media(part, 'audio'),
      source: { type: 'bytes', base64: audio.string('data') },
      mediaType: `audio/${audio.optionalString('format') ?? 'wav'}`,
      name: null,
    };
  },
};

function decodePart(value: ValueReader): DecodedPart {
  const part = value.object('a content part object');
  const type = part.string('type');
  const decode = Object.hasOwn(partDecoders, type) ? partDecoders[type] : undefined;
  if (decode !== undefined) return decode(part);
  const { path } = value;
  return { type: 'native', protocol: 'openai-responses', kind: type, raw: value.raw(), path };
}

function decodeText(part: ObjectReader): TextPart {
  return { ...textPart(part.string('text'), part.path), cacheMark: decodeCacheMark(part) };
}

/** Said in Anthropic's words, as all markers inside are; OpenAI's lifetime is the request's, not the marker's. */
function decodeCacheMark(part: ObjectReader): RawJson | null {
  const mark = part.optionalObject('prompt_cache_breakpoint');
  if (mark === null) return null;
  mark.optionalString('mode');
  return { json: '{"type":"ephemeral"}' };
}

function media<K extends MediaPart['kind']>(part: ObjectReader, kind: K) {
  return { type: 'media', kind, cacheMark: decodeCacheMark(part), path: part.path } as const;
}

type Source = Pick<MediaPart, 'source' | 'mediaType'>;

function imageSource(part: ObjectReader): Source {
  const id = part.optionalString('file_id');
  if (id !== null) return { source: { type: 'provider-file', id }, mediaType: null };
  const url = part.string('image_url');
  const data = parseDataUri(url);
  if (data !== null)
    return { source: { type: 'bytes', base64: data.base64 }, mediaType: data.mediaType };
  return { source: urlSource(url, part.at('image_url')), mediaType: null };
}

/** Base64 of the bytes `%PDF-`; some clients leave the data: prefix out. */
const pdfStart = 'JVBERi';

function fileSource(part: ObjectReader): Source {
  const id = part.optionalString('file_id');
  if (id !== null) return { source: { type: 'provider-file', id }, mediaType: null };
  const url = part.optionalString('file_url');
  if (url !== null) return { source: urlSource(url, part.at('file_url')), mediaType: null };
  const text = part.string('file_data');
  const data = parseDataUri(text);
  return {
    source: { type: 'bytes', base64: data?.base64 ?? text },
    mediaType: data?.mediaType ?? (text.startsWith(pdfStart) ? 'application/pdf' : null),
  };
}

function urlSource(url: string, path: string): MediaSource {
  if (/^https?:\/\//i.test(url)) return { type: 'url', url };
  throw new GatewayError('invalid_request', `\`${path}\` must be an http(s) URL or a data: URI.`, {
    path,
  });
}
