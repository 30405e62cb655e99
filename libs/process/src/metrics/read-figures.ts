import { engineFigures } from './metrics-source.js';
import type { EngineFigure, MetricsSource } from './metrics-source.js';
import { parsePrometheus } from './parse-prometheus.js';

export type Figures = Partial<Record<EngineFigure, number>>;

/** An engine's answer, as text and, where it is JSON, parsed. */
interface MetricsAnswer {
  readonly text: string;
  readonly body: unknown;
}

/** The figures in the answer of a source. What is not there, or is no number, is left out: unknown is never zero. */
export function readFigures(
  source: MetricsSource,
  answer: MetricsAnswer,
  servedModel: string,
): Figures {
  const read =
    source.form === 'prometheus'
      ? prometheusReader(source, answer.text)
      : jsonReader(source, answer.body, servedModel);
  const figures: Figures = {};
  for (const figure of engineFigures) {
    const value = read(figure);
    if (value !== null && value >= 0) figures[figure] = value;
  }
  return figures;
}

type FigureReader = (figure: EngineFigure) => number | null;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function prometheusReader(
  { figures }: Extract<MetricsSource, { form: 'prometheus' }>,
  text: string,
): FigureReader {
  const series = parsePrometheus(text, new Set(Object.values(figures).flat()));
  return (figure) => {
    const name = figures[figure]?.find((each) => series.has(each));
    const values = name === undefined ? undefined : series.get(name);
    if (values === undefined) return null;
    // Engines of several parts tell of each: requests add up, the fullest cache is what stops them.
    return figure === 'kvCacheUsage' ? Math.max(...values) : sum(values);
  };
}

function jsonReader(
  { figures, rows: place, modelField }: Extract<MetricsSource, { form: 'json' }>,
  body: unknown,
  servedModel: string,
): FigureReader {
  const found = place === null ? body : fieldOf(body, place);
  const all = Array.isArray(found) ? (found as unknown[]) : [found];
  const rows =
    modelField === undefined ? all : all.filter((row) => fieldOf(row, modelField) === servedModel);
  const total = (field: string): number | null => {
    const known = rows.map((row) => numberOf(fieldOf(row, field))).filter((each) => each !== null);
    return known.length === 0 ? null : sum(known);
  };
  return (figure) => {
    const rule = figures[figure];
    const value = rule === undefined ? null : total(rule.sum);
    if (value === null || rule?.per === undefined) return value;
    const whole = total(rule.per);
    return whole === null || whole <= 0 ? null : value / whole;
  };
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field)
    ? (value as Record<string, unknown>)[field]
    : undefined;
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
