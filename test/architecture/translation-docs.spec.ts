import 'reflect-metadata';
import { lossModes, protocols, wireProtocols } from '#translation';
import { describe, expect, it } from 'vitest';
import { CreateModelRouteDto, RouteTargetDto } from '../../apps/api/src/routes/model-route.dto.js';
import { CreateLocalModelDto } from '../../apps/api/src/models/local-model.dto.js';
import { CreateProviderDto } from '../../apps/api/src/providers/provider.dto.js';
import { CreateVirtualKeyDto } from '../../apps/api/src/keys/virtual-key.dto.js';
import { capabilityFields } from '../../libs/translation/src/capabilities/capability-fields.js';
import { documentedNames, readProjectFile, sourceFiles } from './source-tree.js';
import { writableFields } from './writable-fields.js';

/** The text of a chapter up to the next one of its level. */
function chapter(file: string, title: string): string {
  const found = readProjectFile(file)
    .split(/^## /m)
    .find((text) => text.startsWith(title));
  if (found === undefined) throw new Error(`${file} has no chapter ${title}`);
  return `\n${found}`;
}

const translation = 'docs/translation.md';
const anyName = /^[\w-]+$/;
const rowsOf = (title: string): string[] =>
  documentedNames(chapter(translation, title), anyName).sort();

/** Every code that some translation warns with. */
function warningCodes(): string[] {
  const patterns = [/\.warn\(\s*'([a-z]+)'/g, /\bcode: '([a-z]+)',\s+path\b/g, /'([a-z]+);field=/g];
  const files = ['libs/translation/src', 'apps/api/src/gateway'].flatMap(sourceFiles);
  const codes = files
    .filter(({ isSpec }) => !isSpec)
    .flatMap(({ text }) => patterns.flatMap((pattern) => [...text.matchAll(pattern)]))
    .map(([, code]) => code ?? '');
  return [...new Set(codes)].sort();
}

describe('docs/translation.md', () => {
  it('lists every protocol, and the parts of a broken stream of each that is answered', () => {
    expect(documentedNames(readProjectFile(translation).split(/^## /m)[0] ?? '', anyName)).toEqual(
      expect.arrayContaining(Object.keys(wireProtocols)),
    );
    const endings = chapter(translation, 'Answers and streams');
    const silent = Object.keys(protocols).filter((id) => !endings.includes(`\`${id}\``));
    expect(silent).toEqual([]);
  });

  it('explains every code of a warning, and none that does not exist', () => {
    expect(warningCodes().length).toBeGreaterThan(5);
    expect(rowsOf('Warnings')).toEqual(warningCodes());
  });

  it('explains every loss mode', () => {
    expect(rowsOf('Loss modes')).toEqual([...lossModes].sort());
  });

  it('explains every capability with the values it may have', () => {
    expect(rowsOf('Capabilities')).toEqual(Object.keys(capabilityFields).sort());
    const lines = chapter(translation, 'Capabilities').split('\n');
    for (const [name, field] of Object.entries(capabilityFields)) {
      const row = lines.find((line) => line.startsWith(`| \`${name}\``)) ?? '';
      const values = 'of' in field ? (field.of ?? []) : [];
      expect([name, values.filter((value) => !row.includes(`\`${value}\``))]).toEqual([name, []]);
    }
  });
});

describe('docs/management-api.md', () => {
  const chapters = [
    { title: 'Providers', dtos: [CreateProviderDto] },
    { title: 'Local models', dtos: [CreateLocalModelDto] },
    { title: 'Model routes', dtos: [CreateModelRouteDto, RouteTargetDto] },
    { title: 'Virtual keys', dtos: [CreateVirtualKeyDto] },
  ];

  it.each(chapters)('$title: names every field that may be written', ({ title, dtos }) => {
    const text = chapter('docs/management-api.md', title);
    const fields = dtos.flatMap(writableFields);
    expect(fields.length).toBeGreaterThan(3);
    const missing = fields.filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
    expect(missing).toEqual([]);
  });

  it('names every protocol of a provider, of what it also speaks, and of the preview', () => {
    const providers = chapter('docs/management-api.md', 'Providers');
    const preview = chapter('docs/management-api.md', 'Translation preview');
    for (const text of [providers, preview]) {
      expect(Object.keys(wireProtocols).filter((id) => !text.includes(`\`${id}\``))).toEqual([]);
    }
  });
});
