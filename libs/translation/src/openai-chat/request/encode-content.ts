import type { ContentPart, MediaPart } from '../../canonical/content.js';
import { warnOfCacheMark } from '../../shared/request/cache-mark.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import type { ChatContentPart } from '../wire.js';

/** Parts of a user message. @throws GatewayError `unsupported_by_target` for what chat parts cannot hold */
export function encodeParts(
  parts: readonly ContentPart[],
  report: TranslationReport,
): ChatContentPart[] {
  return parts.map((part) => {
    if (part.type === 'text' || part.type === 'media') warnOfCacheMark(part, report);
    if (part.type === 'text') {
      report.droppedToken(part);
      return { type: 'text', text: part.text };
    }
    if (part.type === 'media') return encodeMedia(part, report);
    return refusePart(part, report);
  });
}

/** The text of parts that must be text, as one string. @throws GatewayError `unsupported_by_target` */
export function joinedText(
  parts: readonly ContentPart[],
  report: TranslationReport,
  glue = '\n\n',
): string {
  const texts = parts.map((part) => {
    if (part.type === 'text') {
      warnOfCacheMark(part, report);
      report.droppedToken(part);
      return part.text;
    }
    if (part.type !== 'refusal') return refusePart(part, report);
    report.warn('renamed', part.path, 'a refusal was sent as text');
    return part.text;
  });
  return texts.join(glue);
}

function encodeMedia(part: MediaPart, report: TranslationReport): ChatContentPart {
  if (part.source.type === 'provider-file') {
    report.refuse(
      part.path,
      'an uploaded file is known to its provider alone',
      'Send its bytes inline.',
    );
  }
  if (part.kind === 'image') {
    const { source } = part;
    const url =
      source.type === 'url'
        ? source.url
        : `data:${part.mediaType ?? 'image/png'};base64,${source.base64}`;
    return { type: 'image_url', image_url: { url } };
  }
  if (part.kind === 'audio') return encodeAudio(part, report);
  if (part.kind === 'video')
    report.refuse(part.path, 'chat completions take no video', 'Send pictures or a transcript.');
  return encodeDocument(part, report);
}

const audioFormats: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/mp3': 'mp3',
  'audio/mpeg': 'mp3',
};

function encodeAudio(part: MediaPart, report: TranslationReport): ChatContentPart {
  const { source, mediaType } = part;
  const format = audioFormats[mediaType ?? ''];
  const isTaken = report.target.capabilities.inputs.includes('audio');
  if (isTaken && source.type === 'bytes' && format !== undefined)
    return { type: 'input_audio', input_audio: { data: source.base64, format } };
  const problem = isTaken ? 'it takes the bytes of WAV and MP3 files' : 'it takes no audio here';
  return report.refuse(part.path, problem, 'Send a transcript.');
}

function encodeDocument(part: MediaPart, report: TranslationReport): ChatContentPart {
  if (part.source.type !== 'bytes') {
    report.refuse(
      part.path,
      'chat completions take documents as bytes only',
      'Send the document as base64.',
    );
  }
  if (report.target.isLocal) {
    report.refuse(
      part.path,
      'local models read no documents',
      'Send its text, or route to a cloud model.',
    );
  }
  const type = part.mediaType ?? 'application/pdf';
  return {
    type: 'file',
    file: {
      filename: part.name ?? 'document.pdf',
      file_data: `data:${type};base64,${part.source.base64}`,
    },
  };
}

function refusePart(part: ContentPart, report: TranslationReport): never {
  const kind = part.type === 'native' ? part.kind : part.type;
  report.refuse(
    part.path,
    `chat completions have no place for a "${kind}" block here`,
    'Remove it, or route the request to a model behind its own API.',
  );
}
