/** A sample: its name, its labels (which may hold any character in quotes), its value. Time stamps are left out. */
const SAMPLE =
  /^[ \t]*([a-zA-Z_:][\w:]*)[ \t]*(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?[ \t]*([^\s{}"]+)(?:[ \t]+-?\d+)?[ \t]*$/;

function numberOf(text: string): number | null {
  const value = Number(text);
  // `NaN`, `+Inf` and whatever is no number tell nothing.
  return Number.isFinite(value) ? value : null;
}

/**
 * The values of the series with one of these names in Prometheus' text form (or OpenMetrics'), whatever their labels.
 * Lines that are none are left out. Read here, because the library there is for it builds a tree of everything and brings
 * dependencies, where one number a name is wanted.
 */
export function parsePrometheus(
  text: string,
  names: ReadonlySet<string>,
): ReadonlyMap<string, readonly number[]> {
  const series = new Map<string, number[]>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', value = ''] = SAMPLE.exec(line.trimEnd()) ?? [];
    const number = names.has(name) ? numberOf(value) : null;
    if (number === null) continue;
    const values = series.get(name);
    if (values === undefined) series.set(name, [number]);
    else values.push(number);
  }
  return series;
}
