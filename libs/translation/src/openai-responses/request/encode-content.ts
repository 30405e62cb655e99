import type { ContentPart, MediaPart, RawJson } from '../../canonical/content.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import type { InputContent } from '../wire.js';

/** Parts of a user's message or of a tool's output. @throws GatewayError `unsupported_by_target` */
export function encodeParts(
  parts: readonly ContentPart[],
  report: TranslationReport,
): InputContent[] {
  return parts.map((part): InputContent => {
    if (part.type === 'text') {
      report.droppedToken(part);
      return { type: 'input_text', text: part.text, ...encodeCacheMark(part, report) };
    }
    if (part.type === 'media') return encodeMedia(part, report);
    return refusePart(part, report);
  });
}

export function refusePart(part: ContentPart, report: TranslationReport): never {
  const kind = part.type === 'native' ? part.kind : part.type;
  return report.refuse(
    part.path,
    `it has no place for a "${kind}" part here`,
    'Remove it, or route the request to a model behind its own API.',
  );
}

/** OpenAI's marker stands on the parts themselves; its lifetime is the request's. */
export function encodeCacheMark(
  part: { readonly path: string; readonly cacheMark: RawJson | null },
  report: TranslationReport,
): { prompt_cache_breakpoint?: { readonly mode: 'explicit' } } {
  if (part.cacheMark === null) return {};
  if (report.target.capabilities.cacheMarks === 'openai') {
    if (part.cacheMark.json.includes('"ttl"'))
      report.warn('clamped', `${part.path}.cache_control`, 'kept for as long as the target does');
    return { prompt_cache_breakpoint: { mode: 'explicit' } };
  }
  report.dropped(`${part.path}.cache_control`, 'the target caches prefixes by itself');
  return {};
}

function encodeMedia(part: MediaPart, report: TranslationReport): InputContent {
  const mark = encodeCacheMark(part, report);
  if (part.kind === 'image')
    return {
      type: 'input_image',
      ...imageSource(part, report),
      detail: part.detail ?? 'auto',
      ...mark,
    };
  if (part.kind !== 'document')
    report.refuse(part.path, `it takes no ${part.kind}`, 'Send a transcript.');
  if ((part.detail ?? null) !== null)
    report.dropped(part.path, 'the target looks at documents as closely as it sees fit');
  return { type: 'input_file', ...documentSource(part, report), ...mark };
}

function imageSource(
  part: MediaPart,
  report: TranslationReport,
): { image_url: string } | { file_id: string } {
  const { source } = part;
  if (source.type === 'url') return { image_url: source.url };
  if (source.type === 'provider-file') return { file_id: ownFile(part, source.id, report) };
  return { image_url: `data:${part.mediaType ?? 'image/png'};base64,${source.base64}` };
}

function documentSource(part: MediaPart, report: TranslationReport): object {
  const { source } = part;
  if (source.type === 'url') {
    if (part.name !== null)
      report.dropped(part.path, 'a document that is fetched has the name it has there');
    return { file_url: source.url };
  }
  if (source.type === 'provider-file') return { file_id: ownFile(part, source.id, report) };
  const type = part.mediaType ?? 'application/pdf';
  return {
    filename: part.name ?? 'document.pdf',
    file_data: `data:${type};base64,${source.base64}`,
  };
}

/** OpenAI's own ids have OpenAI's prefix. */
function ownFile(part: MediaPart, id: string, report: TranslationReport): string {
  if (id.startsWith('file-')) return id;
  return report.refuse(
    part.path,
    'an uploaded file is known to its provider alone',
    'Send its bytes inline.',
  );
}
