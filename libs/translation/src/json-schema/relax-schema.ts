import { arrayAt, asRecord, textAt, type JsonRecord } from '../shared/json/json-access.js';
import { flatMap } from '../shared/flat-map.js';

/** What Anthropic's decoder enforces of strings' formats. */
const formats = new Set(
  'date-time time date duration email hostname uri ipv4 ipv6 uuid'.split(' '),
);

/** Keywords it enforces as they are; the rest of a schema goes into its description. */
const keptKeywords = new Set(
  '$schema type title description $ref properties required items anyOf allOf enum const'.split(' '),
);

export interface RelaxedSchema {
  readonly schema: unknown;
  /** Keywords that are no longer enforced; empty when the schema was within the limits. */
  readonly relaxed: readonly string[];
  /** Objects that were open to further members are no longer. */
  readonly hasClosed: boolean;
}

interface Changes {
  readonly relaxed: Set<string>;
  hasClosed: boolean;
}

/**
 * Makes a JSON Schema one that Anthropic's decoder takes: what it cannot enforce is told to the model in the
 * description instead, and objects are closed.
 * https://docs.anthropic.com/en/docs/build-with-claude/structured-outputs#json-schema-limitations
 */
export function relaxSchema(schema: unknown): RelaxedSchema {
  const changes: Changes = { relaxed: new Set(), hasClosed: false };
  const changed = relax(schema, changes);
  return { schema: changed, relaxed: [...changes.relaxed], hasClosed: changes.hasClosed };
}

function relax(value: unknown, changes: Changes): unknown {
  const schema = asRecord(value);
  if (schema === null) return value;
  const kept: Record<string, unknown> = {};
  const moved: string[] = [];
  for (const [keyword, member] of Object.entries(schema)) {
    const isKept = keepKeyword(kept, keyword, member, changes);
    if (isKept) continue;
    changes.relaxed.add(keyword);
    moved.push(`${keyword}: ${JSON.stringify(member)}`);
  }
  if (schema['type'] === 'object' && kept['additionalProperties'] === undefined) {
    kept['additionalProperties'] = false;
    changes.hasClosed = true;
  }
  if (moved.length > 0) {
    const description = textAt(schema, 'description');
    const told = `{${moved.join(', ')}}`;
    kept['description'] = description === null ? told : `${description}\n\n${told}`;
  }
  return kept;
}

function keepKeyword(
  kept: Record<string, unknown>,
  keyword: string,
  member: unknown,
  changes: Changes,
): boolean {
  switch (keyword) {
    case '$defs':
    case 'definitions':
    case 'properties':
      kept[keyword === 'definitions' ? '$defs' : keyword] = relaxMembers(member, changes);
      return true;
    case 'items':
      kept['items'] = relax(member, changes);
      return true;
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
      kept[keyword === 'oneOf' ? 'anyOf' : keyword] = Array.isArray(member)
        ? member.map((each) => relax(each, changes))
        : member;
      if (keyword === 'oneOf') changes.relaxed.add('oneOf');
      return true;
    case '$ref':
      kept['$ref'] =
        typeof member === 'string' ? member.replace('#/definitions/', '#/$defs/') : member;
      return true;
    case 'additionalProperties':
      if (member !== false) return false;
      kept['additionalProperties'] = false;
      return true;
    case 'format':
    case 'minItems':
      if (!isTakenValue(keyword, member)) return false;
      kept[keyword] = member;
      return true;
    default:
      if (!keptKeywords.has(keyword)) return false;
      kept[keyword] = member;
      return true;
  }
}

function isTakenValue(keyword: 'format' | 'minItems', member: unknown): boolean {
  if (keyword === 'minItems') return member === 0 || member === 1;
  return typeof member === 'string' && formats.has(member);
}

function relaxMembers(value: unknown, changes: Changes): unknown {
  const members = asRecord(value);
  if (members === null) return value;
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, relax(member, changes)]),
  );
}

/** How much of the decoder's budget the schemas of strict tools use up. */
export interface SchemaLoad {
  readonly optionalParameters: number;
  readonly unions: number;
}

export function loadOfSchema(value: unknown): SchemaLoad {
  const schema = asRecord(value);
  const inside = (Array.isArray(value) ? value : Object.values(schema ?? {})).map((member) =>
    typeof member === 'object' ? loadOfSchema(member) : { optionalParameters: 0, unions: 0 },
  );
  const own = schema === null ? { optionalParameters: 0, unions: 0 } : ownLoad(schema);
  return inside.reduce<SchemaLoad>(
    (sum, each) => ({
      optionalParameters: sum.optionalParameters + each.optionalParameters,
      unions: sum.unions + each.unions,
    }),
    own,
  );
}

function ownLoad(schema: JsonRecord): SchemaLoad {
  const names = Object.keys(asRecord(schema['properties']) ?? {});
  const required = new Set(arrayAt(schema, 'required'));
  return {
    optionalParameters: names.filter((name) => !required.has(name)).length,
    unions: Array.isArray(schema['type']) || Array.isArray(schema['anyOf']) ? 1 : 0,
  };
}

/** Does a definition lead back to itself? Such schemas are refused. */
export function isRecursiveSchema(root: unknown): boolean {
  const rootRecord = asRecord(root);
  const definitions = {
    ...asRecord(rootRecord?.['definitions']),
    ...asRecord(rootRecord?.['$defs']),
  };
  const seen = new Set<string>();
  const leadsBack = (name: string, path: readonly string[]): boolean => {
    if (path.includes(name)) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    return referencesIn(definitions[name]).some((next) => leadsBack(next, [...path, name]));
  };
  if (referencesIn(root).includes('#')) return true;
  return Object.keys(definitions).some((name) => leadsBack(name, []));
}

/** Names of the definitions a schema points at; `#` for its own root. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return flatMap(value, referencesIn);
  const schema = asRecord(value);
  if (schema === null) return [];
  const reference = textAt(schema, '$ref');
  const own = reference === null ? [] : [reference.replace(/^#\/(?:\$defs|definitions)\//, '')];
  return [...own, ...flatMap(Object.values(schema), referencesIn)];
}
