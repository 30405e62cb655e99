import { arrayAt, asRecord, recordAt, type JsonRecord } from '../../shared/json/json-access.js';
import type { JsonNode } from '../../shared/json/json-node.js';
import { parseJson } from '../../shared/json/parse-json.js';

/** The `args` texts by part index, as the model wrote them; a parser would round their numbers. */
export function rawArguments(
  text: string,
  candidate: JsonRecord | null,
): readonly (string | undefined)[] {
  const parts = arrayAt(recordAt(candidate, 'content'), 'parts').map(asRecord);
  if (!parts.some((part) => recordAt(part, 'functionCall') !== null)) return [];
  const nodes = partNodes(text);
  return parts.map((part, index) => {
    const args = recordAt(part, 'functionCall')?.['args'];
    if (args === undefined || args === null) return undefined;
    const call = nodes[index]?.members?.get('functionCall');
    return call?.members?.get('args')?.json ?? JSON.stringify(args);
  });
}

/** Parts of the first candidate; none where the text is too deep for our parser. */
function partNodes(text: string): readonly JsonNode[] {
  try {
    const candidates = parseJson(text).members?.get('candidates')?.items ?? [];
    const first = candidates.find((node) => (node.members?.get('index')?.value ?? 0) === 0);
    return first?.members?.get('content')?.members?.get('parts')?.items ?? [];
  } catch {
    return [];
  }
}
