/** What the API takes from the form: an empty choice of routes means all of them, which is null there. */
export function toVirtualKeyBody(form: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { allowedRoutes } = form;
  const isEmpty = Array.isArray(allowedRoutes) && allowedRoutes.length === 0;
  return isEmpty ? { ...form, allowedRoutes: null } : { ...form };
}
