import { shippedEngines, type EnginePreset } from '#process';
import type { EngineTraits } from '../../libs/process/src/engine-traits.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCustomEngines } from '../../libs/process/src/engines/custom/read-custom-engines.js';
import { readProjectFile } from './source-tree.js';

const document = readProjectFile('docs/engines.md');

function readinessOf({ readiness }: EnginePreset): string {
  const { kind, path, body } = readiness;
  const method = body === undefined ? 'GET' : 'POST';
  const meaning = { 'body-predicate': 'by its body', 'one-token': 'with one token' };
  const detail = kind === 'body-predicate' || kind === 'one-token' ? `, ${meaning[kind]}` : '';
  return `\`${method} ${path}\`${detail}`;
}

function memoryOf({ cards, split, fixedShare }: EngineTraits['memory']): string {
  if (cards.length === 0) return 'main';
  return `${cards.join(', ')}: ${split}${fixedShare === null ? '' : ` of ${fixedShare}`}`;
}

/** The row of an engine, as the document must have it. */
function rowOf(preset: EnginePreset): string[] {
  const { id, kind, protocols, traits } = preset;
  if (traits === undefined) throw new Error(`${id} has no traits`);
  const {
    title,
    platforms,
    modelForm,
    binding,
    cancelsOnDisconnect,
    abandonedWorkMs = 0,
    quirks,
    stop,
    tokenProbeEveryMs,
  } = traits;
  const ending = stop === null ? 'never' : `${stop.signals.join(', ')}, ${stop.graceMs / 1000} s`;
  return [
    `\`${id}\``,
    title,
    kind,
    platforms.join(', '),
    modelForm,
    kind === 'attached' ? '–' : binding,
    readinessOf(preset),
    protocols.join(', '),
    cancelsOnDisconnect ? 'yes' : `no, ${abandonedWorkMs / 60_000} min`,
    ending,
    traits.hasSocket ? 'yes' : '–',
    traits.metrics.map(({ path }) => `\`${path}\``).join(', ') || '–',
    tokenProbeEveryMs === null ? 'never' : `${tokenProbeEveryMs / 60_000} min`,
    memoryOf(traits.memory),
    quirks.length === 0 ? '–' : quirks.join(', '),
  ];
}

describe('docs/engines.md', () => {
  it('has a row for every engine, with what its preset says', () => {
    const rows = document
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
      .filter((cells) => cells.length > 5);
    expect(rows).toEqual(shippedEngines().map(rowOf));
  });

  it('explains every habit that an engine has', () => {
    const used = new Set(shippedEngines().flatMap(({ traits }) => traits?.quirks ?? []));
    for (const quirk of used) expect(document).toContain(`- \`${quirk}\`: `);
  });

  it('shows a file of engines that is taken as it stands', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'spillway-engines-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const example = /```json\n([^]*?)```/.exec(document)?.[1] ?? '';
    writeFileSync(join(folder, 'custom-engines.json'), example, { mode: 0o600 });
    expect(await readCustomEngines(folder)).toHaveLength(1);
  });
});
