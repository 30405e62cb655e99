import type { ByteEdit, Warning } from '../../protocol.js';
import type { JsonNode } from '../../shared/json/json-node.js';
import { readRequestText } from '../../shared/json/read-request-text.js';
import { opaqueEnvelopeMark } from '../../shared/tokens/opaque-envelope.js';

export interface ForeignThinking {
  /** Deletions that leave every other byte as it was. */
  readonly edits: readonly ByteEdit[];
  readonly warnings: readonly Warning[];
  /** Is no envelope left anywhere else in the body? */
  readonly isComplete: boolean;
}

/**
 * Finds the thinking of other models in a request to Anthropic, which would refuse our envelope in place of a
 * signature. Messages that hold nothing else go as a whole.
 * @param body the bytes as Latin-1, so that positions are those of the bytes
 * @throws GatewayError `invalid_request` for what is not JSON
 */
export function removeForeignThinking(body: string): ForeignThinking {
  const edits: ByteEdit[] = [];
  const warnings: Warning[] = [];
  const messages = readRequestText(body).node.members?.get('messages')?.items ?? [];
  const emptied = new Set<JsonNode>();
  for (const [index, message] of messages.entries()) {
    const blocks = message.members?.get('content')?.items ?? [];
    const foreign = new Set(blocks.filter(isForeign));
    for (const [at, block] of blocks.entries())
      if (foreign.has(block)) warnings.push(removed(`messages[${index}].content[${at}]`));
    if (foreign.size === 0) continue;
    if (foreign.size === blocks.length) emptied.add(message);
    else edits.push(...deletions(blocks, foreign));
  }
  const marks = body.split(opaqueEnvelopeMark).length - 1;
  return {
    edits: [...edits, ...deletions(messages, emptied)],
    warnings,
    isComplete: marks === warnings.length,
  };
}

function isForeign({ members }: JsonNode): boolean {
  const slot = members?.get('signature')?.value ?? members?.get('data')?.value;
  return typeof slot === 'string' && slot.startsWith(opaqueEnvelopeMark);
}

function removed(path: string): Warning {
  const detail = 'Anthropic takes back only reasoning that it signed itself';
  return { code: 'dropped', path, detail };
}

/** Each run of items goes with one of the commas beside it. */
function deletions(items: readonly JsonNode[], doomed: ReadonlySet<JsonNode>): ByteEdit[] {
  const edits: ByteEdit[] = [];
  let kept: JsonNode | null = null;
  let run: JsonNode | null = null;
  for (const item of items) {
    if (doomed.has(item)) {
      run ??= item;
      continue;
    }
    if (run !== null) edits.push({ span: { start: run.start, end: item.start }, text: '' });
    run = null;
    kept = item;
  }
  const last = items.at(-1);
  if (run !== null && last !== undefined)
    edits.push({ span: { start: kept?.end ?? run.start, end: last.end }, text: '' });
  return edits;
}
