import { RequestFault } from './request-fault.js';

type Schema = Readonly<Record<string, unknown>>;

/** Enforced by the grammar as they are, or saying nothing of the value. */
const plainKeywords = new Set(
  (
    'type const enum required minLength maxLength minItems maxItems minProperties maxProperties ' +
    'title description default examples deprecated readOnly writeOnly $schema $id $comment'
  ).split(' '),
);
const schemaKeywords = new Set(['items', 'additionalProperties']);
const listKeywords = new Set(['oneOf', 'anyOf', 'prefixItems']);
const mapKeywords = new Set(['properties', '$defs', 'definitions']);
const formats = new Set(['date', 'time', 'date-time']);
const maxDepth = 32;
const root = 'response_format.json_schema.schema';

/**
 * A JSON schema in the dialect of the grammar: `anyOf` becomes `oneOf`, which comes to the same when text is written.
 * The grammar takes keywords that it does not know for nothing, and a schema of nothing else for `null`; therefore
 * @throws RequestFault naming a keyword that cannot be enforced.
 */
export function toGrammarSchema(schema: Schema): Schema {
  const definitions = { ...objectOf(schema['definitions']), ...objectOf(schema['$defs']) };
  return convert(schema, root, { depth: 0, definitions });
}

interface Surroundings {
  readonly depth: number;
  readonly definitions: Schema;
}

function convert(schema: Schema, path: string, around: Surroundings): Schema {
  if (around.depth > maxDepth) throw refusal(path, `is nested deeper than ${maxDepth} levels`);
  const inner = { ...around, depth: around.depth + 1 };
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) =>
      convertMember([keyword, value], `${path}.${keyword}`, inner),
    ),
  );
}

function convertMember(
  [keyword, value]: readonly [string, unknown],
  path: string,
  around: Surroundings,
): readonly [string, unknown] {
  const one = (each: unknown, at: string): unknown =>
    isObject(each) ? convert(each, at, around) : each;
  if (plainKeywords.has(keyword)) return [keyword, value];
  if (keyword === '$ref') return [keyword, readReference(value, path, around.definitions)];
  if (keyword === 'format' && typeof value === 'string' && formats.has(value)) {
    return [keyword, value];
  }
  if (schemaKeywords.has(keyword)) return [keyword, one(value, path)];
  if (listKeywords.has(keyword) && Array.isArray(value)) {
    const list = value.map((each: unknown, index) => one(each, `${path}[${index}]`));
    return [keyword === 'anyOf' ? 'oneOf' : keyword, list];
  }
  if (mapKeywords.has(keyword) && isObject(value)) {
    const entries = Object.entries(value).map(([name, each]) => [
      name,
      one(each, `${path}.${name}`),
    ]);
    return [keyword === 'definitions' ? '$defs' : keyword, Object.fromEntries(entries)];
  }
  throw refusal(path, 'cannot be enforced by the embedded engine');
}

function readReference(value: unknown, path: string, definitions: Schema): string {
  const name =
    typeof value === 'string' ? /^#\/(?:\$defs|definitions)\/(.+)$/.exec(value)?.[1] : '';
  if (name === undefined || !Object.hasOwn(definitions, name)) {
    throw refusal(path, 'names no definition of this schema');
  }
  return `#/$defs/${name}`;
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(value: unknown): Schema {
  return isObject(value) ? value : {};
}

function refusal(path: string, why: string): RequestFault {
  return new RequestFault(
    `\`${path}\` ${why}. Remove it from the schema, or route to an engine that supports it.`,
    path,
    'unsupported_parameter',
  );
}
