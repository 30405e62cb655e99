import type { ContentPart, MediaPart, RawJson } from '../../canonical/content.js';
import type { TranslationReport } from '../../shared/request/translation-report.js';
import type { InputContent } from '../wire.js';
import { flatMap } from '../../shared/flat-map.js';

/** Parts of a user's message or of a tool's output. @throws GatewayError `unsupported_by_target` */
export function encodeParts(
  parts: readonly ContentPart[],
  report: TranslationReport,
): InputContent[] {
  return flatMap(parts, (part): InputContent[] => {
    if (part.type === 'text') {
      report.droppedToken(part);
      return [{ type: 'input_text', text: part.text, ...encodeCacheMark(part, report) }];
    }
    if (part.type === 'media') return encodeMedia(part, report);
    refusePart(part, report);
    return [];
  });
}

export function refusePart(part: ContentPart, report: TranslationReport): void {
  const kind = part.type === 'native' ? part.kind : part.type;
  report.refuseOrDrop(
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

function encodeMedia(part: MediaPart, report: TranslationReport): InputContent[] {
  const problem = problemOf(part, report);
  if (problem !== null) {
    report.refuseOrDrop(part.path, problem[0], problem[1]);
    return [];
  }
  const mark = encodeCacheMark(part, report);
  if (part.kind === 'image')
    return [{ type: 'input_image', ...imageSource(part), detail: part.detail ?? 'auto', ...mark }];
  if ((part.detail ?? null) !== null)
    report.dropped(part.path, 'the target looks at documents as closely as it sees fit');
  return [{ type: 'input_file', ...documentSource(part, report), ...mark }];
}

/** Why a medium cannot be sent, and what the caller can do. */
function problemOf(
  { kind, source }: MediaPart,
  report: TranslationReport,
): [problem: string, wayOut: string] | null {
  const { inputs } = report.target.capabilities;
  if (kind !== 'image' && kind !== 'document')
    return [`it takes no ${kind}`, kind === 'audio' ? 'Send a transcript.' : 'Send a text.'];
  if (source.type === 'url' && !inputs.includes(`${kind}-url`))
    return ['the target fetches nothing by itself', 'Send the bytes inline.'];
  if (source.type !== 'url' && !inputs.includes(kind))
    return [`the target model reads no ${kind}`, 'Remove it, or choose another model.'];
  // OpenAI's own ids have OpenAI's prefix.
  return source.type === 'provider-file' && !source.id.startsWith('file-')
    ? ['an uploaded file is known to its provider alone', 'Send its bytes inline.']
    : null;
}

function imageSource({
  source,
  mediaType,
}: MediaPart): { image_url: string } | { file_id: string } {
  if (source.type === 'url') return { image_url: source.url };
  if (source.type === 'provider-file') return { file_id: source.id };
  return { image_url: `data:${mediaType ?? 'image/png'};base64,${source.base64}` };
}

function documentSource(part: MediaPart, report: TranslationReport): object {
  const { source } = part;
  if (source.type === 'url') {
    if (part.name !== null)
      report.dropped(part.path, 'a document that is fetched has the name it has there');
    return { file_url: source.url };
  }
  if (source.type === 'provider-file') return { file_id: source.id };
  const type = part.mediaType ?? 'application/pdf';
  return {
    filename: part.name ?? 'document.pdf',
    file_data: `data:${type};base64,${source.base64}`,
  };
}
