import type { MediaPart } from '../../canonical/content.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import type { InlineData, WirePart } from '../wire.js';

/** https://ai.google.dev/gemini-api/docs/image-understanding, …/document-processing (2026-11) */
const taken: Readonly<Record<MediaPart['kind'], { types: RegExp; words: string; usual: string }>> =
  {
    image: {
      types: /^image\/(?:png|jpeg|webp|heic|heif)$/,
      words: 'PNG, JPEG, WebP, HEIC and HEIF images',
      usual: 'image/png',
    },
    document: {
      types: /^(?:application\/(?:pdf|json|xml)|text\/[\w.+-]+)$/,
      words: 'PDF and plain text documents',
      usual: 'application/pdf',
    },
    audio: { types: /^audio\//, words: 'audio files', usual: 'audio/wav' },
    video: { types: /^video\//, words: 'video files', usual: 'video/mp4' },
  };

/** @throws GatewayError `unsupported_by_target` */
export function encodeMedia(part: MediaPart, report: TranslationReport): WirePart {
  refuseUnread(part, report);
  if (part.name !== null) report.dropped(part.path, 'the name of a file has no place there');
  const { source } = part;
  if (source.type === 'bytes') return inline(part, source.base64, report);
  const mimeType = part.mediaType ?? undefined;
  const isFetched = report.target.capabilities.inputs.some((input) => input === `${part.kind}-url`);
  if (source.type === 'url' && isFetched) return { fileData: { fileUri: source.url, mimeType } };
  if (source.type === 'provider-file' && /^(?:gs|https):\/\//.test(source.id))
    return { fileData: { fileUri: source.id, mimeType } };
  const problem =
    source.type === 'url'
      ? 'it does not fetch files from the web'
      : 'an uploaded file is known to its provider alone';
  return report.refuse(part.path, problem, 'Send its bytes inline, as base64.');
}

function refuseUnread({ kind, path }: MediaPart, report: TranslationReport): void {
  const { inputs } = report.target.capabilities;
  const isRead = inputs.some((input) => input === kind || input === `${kind}-url`);
  if (!isRead)
    report.refuse(path, `the target model reads no ${kind}`, 'Remove it, or choose another model.');
}

function inline(part: MediaPart, data: string, report: TranslationReport): InlineData {
  const { types, words, usual } = taken[part.kind];
  const written = part.mediaType ?? usual;
  const mimeType = written === 'image/jpg' ? 'image/jpeg' : written;
  if (types.test(mimeType)) return { inlineData: { mimeType, data } };
  return report.refuse(part.path, `it takes ${words}, not ${mimeType}`, 'Convert it.');
}
