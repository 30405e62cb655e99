import type { RawJson } from '../../canonical/content.js';
import type { JsonNode } from '../../shared/json/json-node.js';
import { camelCase } from './spelling.js';

/** Members that hold a schema, a list of schemas, or schemas by name. */
const oneSchema = new Set(['items', 'additionalProperties', 'not', 'contains', 'propertyNames']);
const schemaList = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const namedSchemas = new Set(['properties', 'patternProperties', '$defs', 'defs', 'definitions']);
/** Google's JSON writes 64-bit counts as strings. */
const counts = new Set(
  'minItems maxItems minLength maxLength minProperties maxProperties'.split(' '),
);
/** In the order of Google's numbers for them, from 1 on. */
const types = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

/**
 * Google's OpenAPI subset as JSON Schema: types in lower case, `nullable` as a type, counts as numbers, snake case
 * as camel case. Whatever needs no change stays as the caller wrote it.
 */
export function jsonSchemaOf(node: JsonNode): RawJson {
  return { json: convert(node) };
}

function convert(node: JsonNode): string {
  if (node.members === null) return node.json;
  const isNullable = node.members.get('nullable')?.value === true;
  let isChanged = false;
  const members: string[] = [];
  for (const [written, value] of node.members) {
    const name = keywordOf(written);
    if (name === 'nullable') {
      isChanged = true;
      continue;
    }
    const text = convertMember(name, value, isNullable);
    isChanged ||= name !== written || text !== value.json;
    members.push(`${JSON.stringify(name)}:${text}`);
  }
  return isChanged ? `{${members.join(',')}}` : node.json;
}

const snakeKeywords = /^(?:any_of|min_|max_|property_ordering)/;

function keywordOf(name: string): string {
  return snakeKeywords.test(name) ? camelCase(name) : name;
}

function convertMember(name: string, value: JsonNode, isNullable: boolean): string {
  if (name === 'type') return convertType(value, isNullable);
  if (name === 'enum' && isNullable && value.items !== null)
    return listText([...value.items.map(({ json }) => json), 'null']);
  if (counts.has(name) && value.kind === 'string' && /^\d+$/.test(String(value.value)))
    return String(value.value);
  if (oneSchema.has(name)) return convert(value);
  if (schemaList.has(name) && value.items !== null) return unlessSame(value, value.items);
  if (namedSchemas.has(name) && value.members !== null) return convertNamed(value);
  return value.json;
}

function convertType(value: JsonNode, isNullable: boolean): string {
  if (value.kind !== 'string' && value.kind !== 'number') return value.json;
  const word = String(value.value);
  const name =
    types[Number(word) - 1] ?? (types.includes(word.toLowerCase()) ? word.toLowerCase() : word);
  if (isNullable) return listText([JSON.stringify(name), '"null"']);
  return name === word ? value.json : JSON.stringify(name);
}

function convertNamed(value: JsonNode): string {
  const members = [...(value.members ?? [])];
  const texts = members.map(([, schema]) => convert(schema));
  if (texts.every((text, index) => text === members[index]?.[1].json)) return value.json;
  return `{${members.map(([name], index) => `${JSON.stringify(name)}:${texts[index] ?? ''}`).join(',')}}`;
}

function unlessSame(value: JsonNode, items: readonly JsonNode[]): string {
  const texts = items.map(convert);
  return texts.every((text, index) => text === items[index]?.json) ? value.json : listText(texts);
}

function listText(texts: readonly string[]): string {
  return `[${texts.join(',')}]`;
}
