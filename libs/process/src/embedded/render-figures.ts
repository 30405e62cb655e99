/** What the engine tells of itself. */
export interface RuntimeFigures {
  readonly requestsRunning: number;
  readonly requestsWaiting: number;
  /** Requests it works on at once, at most. */
  readonly slots: number;
  /** Share of the room of all slots that holds tokens, those kept for the next request included; from 0 to 1. */
  readonly kvCacheUsage: number;
  readonly promptTokens: number;
  readonly promptMs: number;
  readonly generatedTokens: number;
  readonly generatedMs: number;
  readonly modelBytes: number;
}

type Kind = 'gauge' | 'counter';

/** In Prometheus' text form, under names like those of llama-server. */
export function renderFigures(figures: RuntimeFigures): string {
  const rows: readonly (readonly [name: string, kind: Kind, value: number])[] = [
    ['requests_processing', 'gauge', figures.requestsRunning],
    ['requests_deferred', 'gauge', figures.requestsWaiting],
    ['slots', 'gauge', figures.slots],
    ['kv_cache_usage_ratio', 'gauge', figures.kvCacheUsage],
    ['prompt_tokens_total', 'counter', figures.promptTokens],
    ['prompt_seconds_total', 'counter', figures.promptMs / 1000],
    ['tokens_predicted_total', 'counter', figures.generatedTokens],
    ['tokens_predicted_seconds_total', 'counter', figures.generatedMs / 1000],
    ['model_bytes', 'gauge', figures.modelBytes],
  ];
  return rows
    .map(([name, kind, value]) => `# TYPE embedded:${name} ${kind}\nembedded:${name} ${value}\n`)
    .join('');
}
