/** What engines tell of themselves. Times in seconds, sizes in bytes; usage is a share from 0 to 1. */
export const engineFigures = [
  /** Requests being answered, and those that wait inside the engine. */
  'requestsRunning',
  'requestsWaiting',
  /** How much of the room for contexts is taken. */
  'kvCacheUsage',
  /** Tokens read and written since it was started, and how long it worked on them. */
  'promptTokens',
  'promptSeconds',
  'generatedTokens',
  'generatedSeconds',
  /** What the model takes, and how much of it is in graphics memory. */
  'modelBytes',
  'modelGpuBytes',
] as const;
export type EngineFigure = (typeof engineFigures)[number];

/** Figures in Prometheus' text form. */
interface PrometheusSource {
  readonly form: 'prometheus';
  readonly path: string;
  /** Names of each figure; the first that is there counts, since engines rename theirs. */
  readonly figures: Readonly<Partial<Record<EngineFigure, readonly string[]>>>;
}

/** Figures in JSON: rows with fields, which are added up. */
interface JsonSource {
  readonly form: 'json';
  readonly path: string;
  /** Field of the body that holds the row, or the list of rows; null when the body does itself. */
  readonly rows: string | null;
  /** Only rows that hold the served model's name in this field count. */
  readonly modelField?: string;
  /** The field of each figure; with `per` it is a share of that field. True counts as 1. */
  readonly figures: Readonly<
    Partial<Record<EngineFigure, { readonly sum: string; readonly per?: string }>>
  >;
}

/**
 * An address at which an engine tells figures, and where in the answer each of them is. Asking there must neither wake
 * the engine nor load a model. `{model}` in the path becomes the served model's name.
 */
export type MetricsSource = PrometheusSource | JsonSource;
