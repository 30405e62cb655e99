/** Lenient access to an upstream's JSON, whose shape is never to be trusted. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** null for everything that is not an object; never throws. */
export function asRecord(value: unknown): JsonRecord | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonRecord)
    : null;
}

export function recordAt(record: JsonRecord | null, name: string): JsonRecord | null {
  return asRecord(record?.[name]);
}

/** Empty for everything that is not an array; never throws. */
export function arrayAt(record: JsonRecord | null, name: string): readonly unknown[] {
  const value = record?.[name];
  return Array.isArray(value) ? value : [];
}

/** A string that is not empty. */
export function textAt(record: JsonRecord | null, name: string): string | null {
  const value = record?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A count: an integer of at least 0. */
export function countAt(record: JsonRecord | null, name: string): number | null {
  const value = record?.[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? Math.trunc(value)
    : null;
}

/** null for text that is not JSON; never throws. */
export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
