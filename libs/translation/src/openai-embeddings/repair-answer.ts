import type { RequestEnvelope } from '../protocol.js';
import { encodeBase64 } from '../shared/base64.js';
import { arrayAt, asRecord, type JsonRecord } from '../shared/json/json-access.js';
import { parseAnswer } from '../shared/parse-answer.js';

/**
 * Writes vectors as base64 where the caller asked for it and the upstream did not heed that: the official SDKs ask
 * for it by default and decode whatever comes.
 * @returns null when the answer can stay as it is
 */
export function repairAnswer(text: string, envelope: RequestEnvelope): string | null {
  if (envelope.kept?.['encoding_format'] !== 'base64') return null;
  const answer = parseAnswer(text);
  const items = arrayAt(answer, 'data').map(asRecord);
  if (!items.some((item) => Array.isArray(item?.['embedding']))) return null;
  return JSON.stringify({ ...answer, data: items.map(withBase64) });
}

function withBase64(item: JsonRecord | null): JsonRecord | null {
  const vector = item?.['embedding'];
  return Array.isArray(vector) ? { ...item, embedding: encodeVector(vector) } : item;
}

/** 32-bit floats, least significant byte first. */
function encodeVector(vector: readonly unknown[]): string {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [index, value] of vector.entries()) bytes.setFloat32(index * 4, Number(value), true);
  return encodeBase64(
    Array.from(new Uint8Array(bytes.buffer), (byte) => String.fromCharCode(byte)).join(''),
  );
}
