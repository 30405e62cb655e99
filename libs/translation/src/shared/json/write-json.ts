/** JSON text that goes out as it is. */
export class JsonText {
  constructor(readonly json: string) {}
}

/**
 * Like JSON.stringify, but splices {@link JsonText} unchanged and leaves out members that are undefined.
 * Lone surrogates come out as escapes, so the text is always well-formed UTF-8.
 */
export function writeJson(value: unknown): string {
  if (value instanceof JsonText) return value.json;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${writeJson(member)}`);
  }
  return `{${members.join(',')}}`;
}
