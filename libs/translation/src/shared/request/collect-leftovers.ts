import type { Leftover } from '../../canonical/request.js';
import type { ErrorCode } from '../../errors/error-codes.js';
import type { JsonNode } from '../json/json-node.js';

/**
 * Why a field must not vanish, by its path with indexes as `[]`. A function decides by the value: a string
 * is the reason, `null` means that this value asks for nothing and may go without a word, `undefined` that
 * it is a mere hint.
 */
export type EssentialFields = Readonly<
  Record<string, string | Refusal | ((json: string) => string | null | undefined)>
>;

interface Refusal {
  readonly reason: string;
  readonly code: ErrorCode;
}

/**
 * Every value that no one has read, once, at the highest level that is wholly unread.
 * @param ruleName the name that `essential` knows a member by, where callers may spell it otherwise
 */
export function collectLeftovers(
  root: JsonNode,
  essential: EssentialFields,
  ruleName: (name: string) => string = (name) => name,
): Leftover[] {
  const leftovers: Leftover[] = [];
  visit(root, '', '');
  return leftovers;

  function visit(node: JsonNode, path: string, pattern: string): void {
    if (!node.isRead) {
      const rule = Object.hasOwn(essential, pattern) ? essential[pattern] : undefined;
      const { reason, ...named } = refusalOf(rule, node.json);
      if (reason === null) return;
      const refusal = node.kind === 'null' ? null : (reason ?? null);
      leftovers.push({ path, raw: { json: node.json }, refusal, ...named });
      return;
    }
    if (node.isTaken) return;
    const { items, members } = node;
    for (let index = 0; items !== null && index < items.length; index += 1) {
      const item = items[index];
      if (item !== undefined && !isDone(item)) visit(item, `${path}[${index}]`, `${pattern}[]`);
    }
    for (const [name, member] of members ?? []) {
      if (isDone(member)) continue;
      visit(
        member,
        path === '' ? name : `${path}.${name}`,
        pattern === '' ? ruleName(name) : `${pattern}.${ruleName(name)}`,
      );
    }
  }
}

/** Spares the path of what has nothing to tell: almost all. */
function isDone(node: JsonNode): boolean {
  return node.isRead && (node.isTaken || (node.items === null && node.members === null));
}

function refusalOf(
  rule: EssentialFields[string] | undefined,
  json: string,
): { reason: string | null | undefined; code?: ErrorCode } {
  if (typeof rule === 'object') return rule;
  return { reason: typeof rule === 'function' ? rule(json) : rule };
}
