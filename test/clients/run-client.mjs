/**
 * Lets one client library do a task of two turns with each model, and prints what became of it as JSON.
 * Usage: node run-client.mjs <client> <model>… with SPILLWAY_ORIGIN and SPILLWAY_KEY in the environment.
 */
const [client, ...models] = process.argv.slice(2);
const { askWithTool } = await import(`./libraries/${client}.mjs`);
const results = {};
for (const model of models) {
  const cities = [];
  const task = {
    origin: process.env.SPILLWAY_ORIGIN,
    key: process.env.SPILLWAY_KEY,
    model,
    question: 'How is the weather in Paris?',
    /** The tool of every task: notes that it was called. */
    weather: ({ city }) => {
      cities.push(city);
      return '21 degrees';
    },
  };
  try {
    results[model] = { text: await askWithTool(task), cities };
  } catch (error) {
    results[model] = { error: String(error?.stack ?? error), cities };
  }
}
process.stdout.write(`${JSON.stringify(results)}\n`);
process.exit(0);
