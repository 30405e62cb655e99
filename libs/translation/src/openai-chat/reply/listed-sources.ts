import type { Citation } from '../../canonical/content.js';
import { arrayAt, asRecord, textAt, type JsonRecord } from '../../shared/json/json-access.js';
import { flatMap } from '../../shared/flat-map.js';

/**
 * Sources that stand beside the answer instead of in it (Perplexity's `search_results`, before `citations`), in the
 * order the text refers to them by number. https://docs.perplexity.ai/api-reference/chat-completions-post
 */
export function listedSources(answer: JsonRecord): Citation[] {
  const results = flatMap(arrayAt(answer, 'search_results'), (item): Citation[] => {
    const result = asRecord(item);
    const url = textAt(result, 'url');
    if (url === null) return [];
    return [{ url, title: textAt(result, 'title'), citedText: textAt(result, 'snippet') }];
  });
  if (results.length > 0) return results;
  return flatMap(arrayAt(answer, 'citations'), (url) =>
    typeof url === 'string' && url !== '' ? [{ url, title: null, citedText: null }] : [],
  );
}
