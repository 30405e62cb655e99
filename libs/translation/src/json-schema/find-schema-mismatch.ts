import type { RawJson } from '../canonical/content.js';
import type { Warning } from '../protocol.js';
import { validateAgainstSchema } from './validate-against-schema.js';

/** Says of an answer that should have kept to the caller's schema, which the target could not enforce, where it does not. */
export function findSchemaMismatch(schema: RawJson, text: string): Warning | null {
  const mismatch = validateAgainstSchema(schema, text);
  if (mismatch === null) return null;
  const place = mismatch.path === '' ? 'the answer' : `\`${mismatch.path}\` of the answer`;
  return {
    code: 'mismatched',
    path: schema.path ?? 'response_format',
    detail: `${place} ${mismatch.problem}, and the target enforces only a part of the schema`,
  };
}
