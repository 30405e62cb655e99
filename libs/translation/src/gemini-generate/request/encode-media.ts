import type { MediaPart } from '../../canonical/content.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import type { WirePart } from '../wire.js';

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

/** Nothing where the route leaves out what the target does not read. @throws GatewayError `unsupported_by_target` */
export function encodeMedia(part: MediaPart, report: TranslationReport): WirePart[] {
  const problem = problemOf(part, report);
  if (problem !== null) {
    report.refuseOrDrop(part.path, problem[0], problem[1]);
    return [];
  }
  if (part.name !== null) report.dropped(part.path, 'the name of a file has no place there');
  const { source } = part;
  if (source.type === 'bytes')
    return [{ inlineData: { mimeType: wireType(part), data: source.base64 } }];
  const fileUri = source.type === 'url' ? source.url : source.id;
  return [{ fileData: { fileUri, mimeType: part.mediaType ?? undefined } }];
}

/** Why a medium cannot be sent, and what the caller can do. */
function problemOf(
  part: MediaPart,
  report: TranslationReport,
): [problem: string, wayOut: string] | null {
  const { kind, source } = part;
  const { inputs } = report.target.capabilities;
  const isFetched = inputs.some((input) => input === `${kind}-url`);
  if (!isFetched && !inputs.includes(kind))
    return [`the target model reads no ${kind}`, 'Remove it, or choose another model.'];
  if (source.type === 'url' && !isFetched)
    return ['it does not fetch files from the web', 'Send its bytes inline, as base64.'];
  if (source.type === 'provider-file' && !/^(?:gs|https):\/\//.test(source.id))
    return ['an uploaded file is known to its provider alone', 'Send its bytes inline, as base64.'];
  if (source.type !== 'bytes' || taken[kind].types.test(wireType(part))) return null;
  return [`it takes ${taken[kind].words}, not ${wireType(part)}`, 'Convert it.'];
}

function wireType({ kind, mediaType }: MediaPart): string {
  const written = mediaType ?? taken[kind].usual;
  return written === 'image/jpg' ? 'image/jpeg' : written;
}
