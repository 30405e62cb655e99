import { parseJson } from '../shared/json/parse-json.js';
import type { JsonNode } from '../shared/json/json-node.js';
import { flatMap } from '../shared/flat-map.js';

/** How nearly every schema begins; looking further would cost as much as the rest of the tool. */
const plainObject = /^\s*\{\s*"type"\s*:\s*"object"\s*[,}]/;

/** What an object schema may lack besides its type. */
const combiners = ['anyOf', 'oneOf', 'allOf', '$ref'];

export interface ObjectRoot {
  readonly json: string;
  /** What had to be done; null when the text is as it was. */
  readonly change: string | null;
}

/**
 * The schema with an object as its root, as Anthropic demands of tools; null where it stands for something else. All
 * that need not change is spliced in as it was written.
 */
export function withObjectRoot(json: string): ObjectRoot | null {
  if (plainObject.test(json)) return { json, change: null };
  const root = parseJson(json);
  if (root.members === null) return null;
  const type = root.members.get('type');
  if (type?.value === 'object') return { json, change: null };
  if (type?.items?.some((item) => item.value === 'object') === true)
    return { json: join(root, ['type']), change: 'the root can only be an object' };
  if (type !== undefined) return null;
  const combiner = combiners.find((name) => root.members?.has(name));
  if (combiner === undefined)
    return { json: join(root, []), change: 'the missing "type": "object" was added' };
  return inlined(root, combiner);
}

/** A root that only points at one object schema becomes that schema. */
function inlined(root: JsonNode, combiner: string): ObjectRoot | null {
  const pointer = root.members?.get(combiner);
  const target = pointer === undefined ? null : follow(root, pointer, 0);
  if (target === null) return null;
  const own = membersOf(root, [combiner]);
  const names = new Set(root.members?.keys());
  const others = flatMap([...(target.members ?? [])], ([name, member]) =>
    name === 'type' || (names.has(name) && name !== combiner) ? [] : [pair(name, member)],
  );
  return {
    json: `{${['"type":"object"', ...others, ...own].join(',')}}`,
    change: `the root "${combiner}" was replaced by what it stands for`,
  };
}

function follow(root: JsonNode, pointer: JsonNode, depth: number): JsonNode | null {
  if (depth > 8) return null;
  if (pointer.items !== null) {
    const [only] = pointer.items;
    return only === undefined || pointer.items.length > 1 ? null : follow(root, only, depth + 1);
  }
  if (pointer.kind === 'string') {
    const target = resolve(root, String(pointer.value));
    return target === null ? null : follow(root, target, depth + 1);
  }
  const { members } = pointer;
  if (members === null) return null;
  const next = combiners.map((name) => members.get(name)).find((member) => member !== undefined);
  if (members.get('type')?.value === 'object' && next === undefined) return pointer;
  if (members.size === 1 && next !== undefined) return follow(root, next, depth + 1);
  return members.has('properties') && next === undefined && !members.has('type') ? pointer : null;
}

function resolve(root: JsonNode, reference: string): JsonNode | null {
  if (!reference.startsWith('#/')) return null;
  let node: JsonNode | undefined = root;
  for (const step of reference.slice(2).split('/'))
    node = node?.members?.get(step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return node === root ? null : (node ?? null);
}

function join(root: JsonNode, without: readonly string[]): string {
  return `{${['"type":"object"', ...membersOf(root, without)].join(',')}}`;
}

function membersOf(node: JsonNode, without: readonly string[]): string[] {
  return flatMap([...(node.members ?? [])], ([name, member]) =>
    without.includes(name) ? [] : [pair(name, member)],
  );
}

function pair(name: string, member: JsonNode): string {
  return `${JSON.stringify(name)}:${member.json}`;
}
