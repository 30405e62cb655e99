import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../libs/translation/src/errors/error-codes.js';
import { documentedNames, readProjectFile } from './source-tree.js';

const documented = (): string[] => documentedNames(readProjectFile('docs/errors.md'), /^[a-z_]+$/);

describe('docs/errors.md', () => {
  it('explains every error code', () => {
    const known = new Set(documented());
    expect(Object.keys(errorCodes).filter((code) => !known.has(code))).toEqual([]);
  });

  it('explains no code that does not exist, and none twice', () => {
    const codes = documented();
    expect(codes.filter((code) => !(code in errorCodes))).toEqual([]);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it('names the status of every code', () => {
    const text = readProjectFile('docs/errors.md');
    for (const [code, { status }] of Object.entries(errorCodes)) {
      const row = text.split('\n').find((line) => line.includes(`\`${code}\``)) ?? '';
      expect(`${code}: ${row}`).toContain(String(status));
    }
  });
});
