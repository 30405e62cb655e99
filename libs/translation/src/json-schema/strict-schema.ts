import { arrayAt, asRecord, recordAt, tryParse } from '../shared/json/json-access.js';

/**
 * Does a JSON Schema keep OpenAI's rules for strict mode: every object closed, every member required?
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function isStrictSchema(json: string): boolean {
  const root = asRecord(tryParse(json));
  return root !== null && root['type'] === 'object' && !('anyOf' in root) && keepsRules(root);
}

function keepsRules(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(keepsRules);
  const schema = asRecord(value);
  if (schema === null) return true;
  if (schema['type'] === 'object' || 'properties' in schema) {
    const names = Object.keys(recordAt(schema, 'properties') ?? {});
    const required = new Set(arrayAt(schema, 'required'));
    if (schema['additionalProperties'] !== false || names.some((name) => !required.has(name)))
      return false;
  }
  return Object.values(schema).every(keepsRules);
}
