/** Fields of the other kind of engine, which the form may still hold after a change of mind. */
const managedFields = ['modelPath', 'idleStopMs'];
const attachedFields = ['endpoint', 'upstreamModel'];

/** What the API takes from the form: only the fields that fit the engine. */
export function toLocalModelBody(form: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const foreign = form['engine'] === 'attached' ? managedFields : attachedFields;
  return Object.fromEntries(Object.entries(form).filter(([field]) => !foreign.includes(field)));
}
