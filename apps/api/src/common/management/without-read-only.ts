/**
 * The panel sends back the whole row that it read. Its read-only fields are taken out before the body is
 * checked, so that only fields that do not exist are refused.
 */
export function withoutReadOnly(body: unknown, names: readonly string[]): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}
