import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { Env } from '../../apps/api/src/config/env.js';
import { documentedNames, readProjectFile } from './source-tree.js';

const variable = /^[A-Z][A-Z0-9_]+$/;
const documented = (): string[] =>
  documentedNames(readProjectFile('docs/configuration.md'), variable);

describe('docs/configuration.md', () => {
  it('describes every environment variable', () => {
    expect(documented().filter((name) => name.startsWith('SPILLWAY_')).length).toBeGreaterThan(5);
    const known = new Set(documented());
    expect(Object.keys(new Env()).filter((name) => !known.has(name))).toEqual([]);
  });

  it('describes no variable that is not read, and none twice', () => {
    const names = documented();
    const read = new Set(Object.keys(new Env()));
    expect(names.filter((name) => !read.has(name))).toEqual([]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('names the default of every variable that has one', () => {
    const lines = readProjectFile('docs/configuration.md').split('\n');
    for (const [name, value] of Object.entries(new Env()) as [string, string | number][]) {
      if (value === '') continue;
      const row = lines.find((line) => line.includes(`\`${name}\``)) ?? '';
      expect(`${name}: ${row.replaceAll(/[ _,](?=\d{3})/g, '')}`).toContain(String(value));
    }
  });
});
