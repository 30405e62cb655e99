import type { ContentPart, MediaPart } from '../canonical/content.js';
import type { CanonicalRequest } from '../canonical/request.js';
import type { ModelCapabilities } from '../capabilities/model-capabilities.js';
import { flatMap } from '../shared/flat-map.js';

/** A picture or file as bytes. */
export interface MediaBytes {
  readonly base64: string;
  /** e.g. `image/png` */
  readonly mediaType: string;
}

/** The media a caller gave by URL that the target does not fetch by itself, once for each URL, in order. */
export function unfetchedMedia(
  request: CanonicalRequest,
  { inputs }: Pick<ModelCapabilities, 'inputs'>,
): MediaPart[] {
  const found = new Map<string, MediaPart>();
  for (const turn of request.turns) {
    for (const part of flatMap(turn.parts, withNested)) {
      if (part.type !== 'media' || part.source.type !== 'url') continue;
      const kind = part.kind === 'image' ? 'image-url' : 'document-url';
      if (!inputs.includes(kind) && !found.has(part.source.url)) found.set(part.source.url, part);
    }
  }
  return [...found.values()];
}

/** The request with the bytes in place of those URLs. */
export function withMediaBytes(
  request: CanonicalRequest,
  fetched: ReadonlyMap<string, MediaBytes>,
): CanonicalRequest {
  const inline = <T extends ContentPart>(part: T): T => {
    if (part.type === 'tool-result') return { ...part, parts: part.parts.map(inline) };
    if (part.type !== 'media' || part.source.type !== 'url') return part;
    const bytes = fetched.get(part.source.url);
    if (bytes === undefined) return part;
    const { base64, mediaType } = bytes;
    return { ...part, mediaType, source: { type: 'bytes', base64 } };
  };
  const turns = request.turns.map((turn) => ({ ...turn, parts: turn.parts.map(inline) }));
  return { ...request, turns };
}

function withNested(part: ContentPart): readonly ContentPart[] {
  return part.type === 'tool-result' ? part.parts : [part];
}
