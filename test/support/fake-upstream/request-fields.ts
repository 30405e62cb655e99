/** A JSON object whose members are not known yet. */
export type RequestFields = Readonly<Record<string, unknown>>;

export function asFields(value: unknown): RequestFields {
  return typeof value === 'object' && value !== null ? (value as RequestFields) : {};
}

export function listOf(value: unknown): RequestFields[] {
  return Array.isArray(value) ? value.map(asFields) : [];
}

export function stringsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((entry) => typeof entry === 'string');
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
