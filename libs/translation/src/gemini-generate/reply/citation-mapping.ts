import type { Citation } from '../../canonical/content.js';
import {
  arrayAt,
  asRecord,
  recordAt,
  textAt,
  type JsonRecord,
} from '../../shared/json/json-access.js';

/** Pages that a candidate rests on: those of a search, and those it recites. Each address once. */
export function decodeCitations(candidate: JsonRecord | null): Citation[] {
  const grounding = recordAt(candidate, 'groundingMetadata');
  const recited = recordAt(candidate, 'citationMetadata');
  const sources = [
    ...arrayAt(grounding, 'groundingChunks').map(readGroundingChunk),
    ...[...arrayAt(recited, 'citationSources'), ...arrayAt(recited, 'citations')].map(asRecord),
  ];
  const citations = new Map<string, Citation>();
  for (const source of sources) {
    const url = textAt(source, 'uri');
    if (url === null || citations.has(url)) continue;
    citations.set(url, { url, title: textAt(source, 'title'), citedText: null });
  }
  return [...citations.values()];
}

function readGroundingChunk(value: unknown): JsonRecord | null {
  const chunk = asRecord(value);
  return (
    recordAt(chunk, 'web') ?? recordAt(chunk, 'retrievedContext') ?? recordAt(chunk, 'maps') ?? null
  );
}

export function encodeCitations(citations: readonly Citation[]): object | undefined {
  if (citations.length === 0) return undefined;
  return {
    groundingChunks: citations.map(({ url, title }) => ({
      web: { uri: url, title: title ?? undefined },
    })),
  };
}
