/**
 * The hash route of a create page whose form starts with `fields`
 * (https://marmelab.com/react-admin/Create.html#prefilling-the-form).
 */
export function prefilledCreatePath(
  resource: string,
  fields: Readonly<Record<string, unknown>>,
): string {
  return `/${resource}/create?${new URLSearchParams({ source: JSON.stringify(fields) })}`;
}
