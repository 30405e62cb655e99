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
  // names and indexes on the way to where we stand; nearly always nobody asks for them
  const steps: (string | number)[] = [];
  visit(root);
  return leftovers;

  function visit(node: JsonNode): void {
    if (!node.isRead) addLeftover(node);
    else if (!node.isTaken) visitChildren(node);
  }

  function visitChildren({ items, members }: JsonNode): void {
    for (let index = 0; items !== null && index < items.length; index += 1) {
      const item = items[index];
      if (item !== undefined && !isDone(item)) descend(index, item);
    }
    for (const [name, member] of members ?? []) if (!isDone(member)) descend(name, member);
  }

  function descend(step: string | number, node: JsonNode): void {
    steps.push(step);
    visit(node);
    steps.pop();
  }

  function addLeftover({ json, kind }: JsonNode): void {
    const pattern = joined((step) => (typeof step === 'number' ? '[]' : ruleName(step)));
    const rule = Object.hasOwn(essential, pattern) ? essential[pattern] : undefined;
    const { reason, ...named } = refusalOf(rule, json);
    if (reason === null) return;
    const path = joined((step) => (typeof step === 'number' ? `[${step}]` : step));
    const refusal = kind === 'null' ? null : (reason ?? null);
    leftovers.push({ path, raw: { json }, refusal, ...named });
  }

  function joined(written: (step: string | number) => string): string {
    return steps.reduce<string>((path, step) => {
      const isMember = typeof step === 'string' && path !== '';
      return `${path}${isMember ? '.' : ''}${written(step)}`;
    }, '');
  }
}

/** Has nothing to tell: almost all. */
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
