import type { Citation } from '../../canonical/content.js';
import { writeToken } from '../../shared/tokens/opaque-envelope.js';

/**
 * A citation of the web. Anthropic's own carries an encrypted index that it demands back; ours carries our mark, so
 * that a conversation with it is not sent there as it is.
 */
export function encodeCitation({ url, title, citedText }: Citation): object {
  return {
    type: 'web_search_result_location',
    url,
    title,
    cited_text: citedText ?? '',
    encrypted_index: writeToken(null, 'anthropic-messages'),
  };
}
