import type { ContentPart, MediaPart } from '../../canonical/content.js';
import { dropCacheMark, encodeCacheMark } from '../../shared/request/cache-marks.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import type { ChatContentPart } from '../wire.js';
import { flatMap } from '../../shared/flat-map.js';

/** Parts of a user message. @throws GatewayError `unsupported_by_target` for what chat parts cannot hold */
export function encodeParts(
  parts: readonly ContentPart[],
  report: TranslationReport,
): ChatContentPart[] {
  return flatMap(parts, (part): ChatContentPart[] => {
    if (part.type === 'text') {
      report.droppedToken(part);
      return [{ type: 'text', text: part.text, ...encodeCacheMark(part, report) }];
    }
    if (part.type === 'media') return encodeMedia(part, report);
    refusePart(part, report);
    return [];
  });
}

/** The text of parts that must be text, as one string. @throws GatewayError `unsupported_by_target` */
export function joinedText(
  parts: readonly ContentPart[],
  report: TranslationReport,
  glue = '\n\n',
): string {
  const texts = flatMap(parts, (part) => {
    if (part.type === 'text') {
      dropCacheMark(part, report);
      report.droppedToken(part);
      return [part.text];
    }
    if (part.type === 'refusal') {
      report.warn('renamed', part.path, 'a refusal was sent as text');
      return [part.text];
    }
    refusePart(part, report);
    return [];
  });
  return texts.join(glue);
}

function encodeMedia(part: MediaPart, report: TranslationReport): ChatContentPart[] {
  const problem = problemOf(part, report);
  if (problem !== null) {
    report.refuseOrDrop(part.path, problem[0], problem[1]);
    return [];
  }
  return [{ ...encoders[part.kind](part, report), ...encodeCacheMark(part, report) }];
}

/** Why the target cannot read a medium, and what the caller can do. */
function problemOf(
  { kind, source, mediaType }: MediaPart,
  report: TranslationReport,
): [problem: string, wayOut: string] | null {
  const { inputs } = report.target.capabilities;
  if (source.type === 'provider-file')
    return ['an uploaded file is known to its provider alone', 'Send its bytes inline.'];
  if (!inputs.includes(kind))
    return [
      `the target model reads no ${kind}s`,
      'Send a text, or route to a model that reads it.',
    ];
  if (kind === 'video') return ['chat completions take no video', 'Send images of it.'];
  if (kind === 'document' && source.type !== 'bytes')
    return ['chat completions take documents as bytes only', 'Send the document as base64.'];
  if (kind === 'image' && source.type === 'url' && !inputs.includes('image-url'))
    return ['the target fetches nothing by itself', 'Send the image as a data: URI.'];
  if (kind === 'audio' && audioFormat(mediaType) === null)
    return [`audio is taken as wav or mp3, not as ${mediaType ?? 'unknown'}`, 'Convert it.'];
  return null;
}

const encoders: Readonly<
  Record<MediaPart['kind'], (part: MediaPart, report: TranslationReport) => ChatContentPart>
> = {
  image: (part, report) => ({
    type: 'image_url',
    image_url: { url: addressOf(part, 'image/png'), detail: encodeDetail(part, report) },
  }),
  document: (part) => ({
    type: 'file',
    file: {
      filename: part.name ?? 'document.pdf',
      file_data: addressOf(part, 'application/pdf'),
    },
  }),
  audio: ({ source, mediaType }) => ({
    type: 'input_audio',
    input_audio: {
      data: source.type === 'bytes' ? source.base64 : '',
      format: audioFormat(mediaType) ?? 'wav',
    },
  }),
  video: (part) => ({ type: 'image_url', image_url: { url: addressOf(part, 'video/mp4') } }),
};

function addressOf({ source, mediaType }: MediaPart, assumedType: string): string {
  if (source.type === 'url') return source.url;
  return `data:${mediaType ?? assumedType};base64,${source.type === 'bytes' ? source.base64 : ''}`;
}

const details = new Set(['auto', 'low', 'high']);

function encodeDetail({ detail, path }: MediaPart, report: TranslationReport): string | undefined {
  if (detail === undefined || detail === null) return undefined;
  if (details.has(detail)) return detail;
  report.warn('clamped', path, `the detail "${detail}" was sent as "high"`);
  return 'high';
}

function audioFormat(mediaType: string | null): string | null {
  if (mediaType === null || /wav/.test(mediaType)) return 'wav';
  return /mp3|mpeg/.test(mediaType) ? 'mp3' : null;
}

function refusePart(part: ContentPart, report: TranslationReport): void {
  const kind = part.type === 'native' ? part.kind : part.type;
  report.refuseOrDrop(
    part.path,
    `chat completions have no place for a "${kind}" block here`,
    'Remove it, or route the request to a model behind its own API.',
  );
}
