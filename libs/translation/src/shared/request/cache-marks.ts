import type { RawJson } from '../../canonical/content.js';
import type { CanonicalRequest } from '../../canonical/request.js';
import { asRecord, textAt, tryParse } from '../json/json-access.js';
import { JsonText } from '../json/write-json.js';
import type { TranslationReport } from './translation-report.js';
import { flatMap } from '../flat-map.js';

interface Marked {
  readonly path: string;
  readonly cacheMark: RawJson | null;
}

export interface CacheMarkFields {
  readonly cache_control?: JsonText;
  readonly prompt_cache_breakpoint?: JsonText;
}

/**
 * The caller's prompt-cache marker in the target's words. Anthropic's is copied literally: one made anew would lose its
 * time to live.
 */
export function encodeCacheMark(
  { path, cacheMark }: Marked,
  report: TranslationReport,
): CacheMarkFields {
  if (cacheMark === null) return {};
  switch (report.target.capabilities.cacheMarks) {
    case 'anthropic':
      return { cache_control: new JsonText(cacheMark.json) };
    case 'anthropic-without-ttl':
      return { cache_control: withoutTtl(cacheMark, path, report) };
    case 'openai':
      return { prompt_cache_breakpoint: new JsonText('{"mode":"explicit"}') };
    case 'none':
      report.dropped(`${path}.cache_control`, 'the target caches prefixes by itself');
      return {};
  }
}

/** For places that cannot hold a marker, whatever the target. */
export function dropCacheMark({ path, cacheMark }: Marked, report: TranslationReport): void {
  if (cacheMark !== null) report.dropped(`${path}.cache_control`, 'it cannot be marked there');
}

function withoutTtl(mark: RawJson, path: string, report: TranslationReport): JsonText {
  if (timeToLive(mark) === null) return new JsonText(mark.json);
  report.warn('clamped', `${path}.cache_control.ttl`, 'the target takes no time to live');
  return new JsonText('{"type":"ephemeral"}');
}

function timeToLive(mark: RawJson): string | null {
  return textAt(asRecord(tryParse(mark.json)), 'ttl');
}

/** OpenAI's marker as the one kept in the canonical form; its 30 minutes come nearest to Anthropic's usual 5. */
export const markOfBreakpoint: RawJson = { json: '{"type":"ephemeral"}' };

/** OpenAI has one time to live a request: the longest that was asked for. */
export function encodeCacheOptions(
  request: CanonicalRequest,
  report: TranslationReport,
): { ttl: string } | undefined {
  if (report.target.capabilities.cacheMarks !== 'openai') return undefined;
  const marked = markedParts(request).filter(({ cacheMark }) => cacheMark !== null);
  const long = marked.find(({ cacheMark }) => cacheMark !== null && timeToLive(cacheMark) === '1h');
  if (long === undefined) return undefined;
  report.warn('clamped', `${long.path}.cache_control.ttl`, 'sent as 12h for the whole request');
  return { ttl: '12h' };
}

function markedParts({ instructions, turns, tools }: CanonicalRequest): readonly Marked[] {
  const parts = flatMap(turns, (turn) => turn.parts);
  const inResults = flatMap(parts, (part) => (part.type === 'tool-result' ? part.parts : []));
  return flatMap([...instructions, ...tools, ...parts, ...inResults], (item): Marked[] =>
    'cacheMark' in item ? [item] : [],
  );
}
