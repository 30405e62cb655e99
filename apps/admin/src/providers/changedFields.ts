type Fields = Readonly<Record<string, unknown>>;

/**
 * The fields of `data` that differ from `previous`, compared by value. A form sends the whole record back;
 * read-only fields (the state of a model, what a key has spent) may have moved on since it was read, so
 * only what the user changed may travel.
 */
export function changedFields(data: Fields, previous: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(previous[field]),
    ),
  );
}
