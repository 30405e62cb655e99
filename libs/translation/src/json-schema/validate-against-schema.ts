import type { RawJson } from '../canonical/content.js';
import { asRecord, tryParse, type JsonRecord } from '../shared/json/json-access.js';

/** Where a value does not fit its schema, e.g. `items[2].name`; empty for the value as a whole. */
export interface SchemaMismatch {
  readonly path: string;
  /** Completes "`path` …". */
  readonly problem: string;
}

interface Validation {
  readonly root: JsonRecord;
  readonly depth: number;
  /** Steps still to be taken; shared by the whole check. */
  readonly budget: { left: number };
}

/** References within references and steps in all, beyond which a schema is taken to be satisfied. */
const maxDepth = 64;
const maxSteps = 200_000;

/**
 * Checks the JSON text of an answer against the caller's own schema, of which the target may have enforced only a
 * part. Returns the first mismatch, or null. `pattern` and `format` are left alone: a regular expression from a request
 * could hold up the event loop for as long as it likes.
 */
export function validateAgainstSchema(schema: RawJson, text: string): SchemaMismatch | null {
  const root = tryParse(schema.json);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { path: '', problem: 'is not JSON' };
  }
  return check(value, root, '', {
    root: asRecord(root) ?? {},
    depth: 0,
    budget: { left: maxSteps },
  });
}

type Check = (
  value: unknown,
  schema: JsonRecord,
  path: string,
  validation: Validation,
) => SchemaMismatch | null;

function check(
  value: unknown,
  schema: unknown,
  path: string,
  validation: Validation,
): SchemaMismatch | null {
  if (schema === false) return { path, problem: 'must not be there' };
  const record = asRecord(schema);
  validation.budget.left -= 1;
  if (record === null || validation.depth > maxDepth || validation.budget.left < 0) return null;
  const deeper = { ...validation, depth: validation.depth + 1 };
  for (const rule of rules) {
    const mismatch = rule(value, record, path, deeper);
    if (mismatch !== null) return mismatch;
  }
  return null;
}

const typeTests: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: (value) => asRecord(value) !== null,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

const checkType: Check = (value, { type }, path) => {
  const types = (Array.isArray(type) ? type : [type]).filter((each) => typeof each === 'string');
  if (types.length === 0 || types.some((each) => typeTests[each]?.(value) !== false)) return null;
  return { path, problem: `must be of type ${types.join(' or ')}` };
};

const checkLiteral: Check = (value, schema, path) => {
  const text = canonicalText(value);
  if (Array.isArray(schema['enum']) && !schema['enum'].some((one) => canonicalText(one) === text))
    return { path, problem: 'must be one of the values of `enum`' };
  if ('const' in schema && canonicalText(schema['const']) !== text)
    return { path, problem: `must be ${canonicalText(schema['const'])}` };
  return null;
};

type Bound = readonly [keyword: string, isBroken: (size: number, limit: number) => boolean];

const numberBounds: readonly Bound[] = [
  ['minimum', (size, limit) => size < limit],
  ['maximum', (size, limit) => size > limit],
  ['exclusiveMinimum', (size, limit) => size <= limit],
  ['exclusiveMaximum', (size, limit) => size >= limit],
  [
    'multipleOf',
    (size, limit) => limit > 0 && Math.abs(size / limit - Math.round(size / limit)) > 1e-9,
  ],
];

const least = (size: number, limit: number): boolean => size < limit;
const most = (size: number, limit: number): boolean => size > limit;

const checkBounds: Check = (value, schema, path) => {
  const members = asRecord(value);
  if (typeof value === 'number') return breaking(numberBounds, value, schema, path);
  if (typeof value === 'string')
    return breaking(sizeBounds('Length'), Array.from(value).length, schema, path);
  if (Array.isArray(value)) return breaking(sizeBounds('Items'), value.length, schema, path);
  if (members === null) return null;
  return breaking(sizeBounds('Properties'), Object.keys(members).length, schema, path);
};

function sizeBounds(what: string): readonly Bound[] {
  return [
    [`min${what}`, least],
    [`max${what}`, most],
  ];
}

function breaking(
  bounds: readonly Bound[],
  size: number,
  schema: JsonRecord,
  path: string,
): SchemaMismatch | null {
  for (const [keyword, isBroken] of bounds) {
    const limit = schema[keyword];
    if (typeof limit === 'number' && isBroken(size, limit))
      return { path, problem: `breaks \`${keyword}\`: ${limit}` };
  }
  return null;
}

const checkMembers: Check = (value, schema, path, validation) => {
  const members = asRecord(value);
  if (members === null) return null;
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of Array.isArray(schema['required']) ? schema['required'] : [])
    if (!Object.hasOwn(members, String(name)))
      return { path: at(String(name)), problem: 'is missing' };
  const properties = asRecord(schema['properties']) ?? {};
  // Members named by a pattern cannot be told from additional ones here.
  const rest = 'patternProperties' in schema ? true : (schema['additionalProperties'] ?? true);
  for (const [name, member] of Object.entries(members)) {
    const own = Object.hasOwn(properties, name) ? properties[name] : rest;
    const mismatch = check(member, own, at(name), validation);
    if (mismatch !== null) return mismatch;
  }
  return null;
};

const checkItems: Check = (value, schema, path, validation) => {
  if (!Array.isArray(value)) return null;
  const first = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : [];
  for (const [index, item] of value.entries()) {
    const own: unknown = index < first.length ? first[index] : schema['items'];
    const mismatch = check(item, own, `${path}[${index}]`, validation);
    if (mismatch !== null) return mismatch;
  }
  const isUnique = new Set(value.map(canonicalText)).size === value.length;
  return schema['uniqueItems'] === true && !isUnique ? { path, problem: 'repeats an item' } : null;
};

const checkCombined: Check = (value, schema, path, validation) => {
  const fits = (one: unknown): boolean => check(value, one, path, validation) === null;
  for (const one of Array.isArray(schema['allOf']) ? schema['allOf'] : []) {
    const mismatch = check(value, one, path, validation);
    if (mismatch !== null) return mismatch;
  }
  if (Array.isArray(schema['anyOf']) && !schema['anyOf'].some(fits))
    return { path, problem: 'fits none of `anyOf`' };
  if (Array.isArray(schema['oneOf']) && schema['oneOf'].filter(fits).length !== 1)
    return { path, problem: 'must fit exactly one of `oneOf`' };
  if ('not' in schema && fits(schema['not'])) return { path, problem: 'fits what it must not' };
  if (!('if' in schema)) return null;
  const branch = schema[fits(schema['if']) ? 'then' : 'else'];
  return check(value, branch, path, validation);
};

const checkReference: Check = (value, { $ref: reference }, path, validation) => {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return null;
  let target: unknown = validation.root;
  for (const step of reference.split('/').slice(1))
    target = asRecord(target)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  return check(value, target, path, validation);
};

const rules: readonly Check[] = [
  checkType,
  checkLiteral,
  checkBounds,
  checkMembers,
  checkItems,
  checkCombined,
  checkReference,
];

/** Equal values have equal texts, whatever the order of their members. */
function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  const record = asRecord(value);
  if (record === null) return JSON.stringify(value) ?? 'null';
  const members = Object.keys(record)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalText(record[name])}`);
  return `{${members.join(',')}}`;
}
