import 'reflect-metadata';
import { engineFigures, shippedEngines, type EnginePreset, type Supervisor } from '#process';
import { describe, expect, it } from 'vitest';
import { InferenceMetrics } from '../../apps/api/src/common/metrics/inference-metrics.js';
import { EngineGauges } from '../../apps/api/src/processes/engine-gauges.js';
import { describeSuspicion } from '../../libs/process/src/health/suspicion.js';
import { readProjectFile } from './source-tree.js';

const document = readProjectFile('docs/operations.md');

/** Rows of the table whose head begins with this, cell by cell. */
function tableOf(head: string): string[][] {
  const lines = document.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${head} `));
  expect(start).toBeGreaterThan(0);
  const rest = lines.slice(start + 2);
  return rest.slice(0, rest.indexOf('')).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const quoted = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** Every place an engine tells the figure at: a name of Prometheus, or a path and its field. */
function placesOf(figure: (typeof engineFigures)[number], { traits }: EnginePreset): string[] {
  return (traits?.metrics ?? []).flatMap((source) => {
    if (source.form === 'prometheus') return source.figures[figure] ?? [];
    const rule = source.figures[figure];
    if (rule === undefined) return [];
    const path = source.path.split('?')[0] ?? '';
    return [`${path} ${rule.sum}${rule.per === undefined ? '' : `/${rule.per}`}`];
  });
}

describe('docs/operations.md', () => {
  it('says of every figure by which names engines tell it', () => {
    const known = Object.fromEntries(
      engineFigures.map((figure) => [
        figure,
        [...new Set(shippedEngines().flatMap((engine) => placesOf(figure, engine)))].sort(),
      ]),
    );
    const told = Object.fromEntries(
      tableOf('figure').map(([figure = '', , places = '']) => [
        quoted(figure)[0],
        quoted(places).sort(),
      ]),
    );
    expect(told).toEqual(known);
  });

  it('lists every metric of the gateway, with its labels', async () => {
    const metrics = new InferenceMetrics();
    new EngineGauges({ list: () => [] } as unknown as Supervisor, metrics);
    const registered = await metrics.registry.getMetricsAsJSON();
    const listed = tableOf('name').map(([name = '']) => quoted(name)[0]);
    expect(listed.sort()).toEqual(registered.map(({ name }) => name).sort());
    for (const [name = '', labels = ''] of tableOf('name')) {
      const metric = metrics.registry.getSingleMetric(quoted(name)[0] ?? '') as unknown as {
        labelNames?: string[];
      };
      const expected = metric.labelNames ?? [];
      expect([name, quoted(labels).filter((label) => label !== 'le')]).toEqual([name, expected]);
    }
  });

  it('explains every cause of doubt', () => {
    const causes = tableOf('cause').map(([cause = '']) => quoted(cause)[0] ?? '');
    for (const cause of causes) {
      expect(describeSuspicion(cause as Parameters<typeof describeSuspicion>[0])).not.toMatch(
        /undefined/,
      );
    }
    expect(causes).toHaveLength(3);
  });
});
