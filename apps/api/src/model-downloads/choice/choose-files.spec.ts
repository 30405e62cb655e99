import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseFiles } from './choose-files.js';
import { matchesPattern } from './matches-pattern.js';
import { DownloadError } from '../download-failure.js';

const listing = (paths: readonly string[]) =>
  paths.map((path) => ({
    path,
    sizeBytes: 1,
    hash: '0'.repeat(40),
    hashKind: 'git-sha1' as const,
  }));
const choose = (paths: readonly string[], pattern: string | null): string[] =>
  chooseFiles(listing(paths), pattern).map(({ path }) => path);
const codeOf = (paths: readonly string[], pattern: string | null): string => {
  try {
    choose(paths, pattern);
    return 'none';
  } catch (error) {
    return error instanceof DownloadError ? error.code : String(error);
  }
};

const ggufs = ['m-Q4.gguf', 'm-Q8.gguf', 'sub/m-Q4.gguf', 'README.md'];
const split = [
  'q4/b-00001-of-00002.gguf',
  'q4/b-00002-of-00002.gguf',
  'q4/b-00001-of-00003.gguf',
  'c-00001-of-00002.gguf',
];

describe('a pattern', () => {
  it.each([
    ['m-Q4.gguf', ['m-Q4.gguf']],
    ['*Q4.gguf', ['m-Q4.gguf', 'sub/m-Q4.gguf']],
    ['m-Q?.gguf', ['m-Q4.gguf', 'm-Q8.gguf']],
    ['sub/*', ['sub/m-Q4.gguf']],
    ['README.md', ['README.md']],
  ])('%s takes %j', (pattern, expected) => {
    expect(choose(ggufs, pattern)).toEqual(expected);
  });

  it.each(['q4/b-00001-of-00002.gguf', 'q4/b-00002-of-00002.gguf', '*b-00002*'])(
    '%s takes all parts of the split model',
    (pattern) => {
      expect(choose(split, pattern)).toEqual(split.slice(0, 2));
    },
  );

  it.each([
    ['M-Q4.gguf', ggufs],
    ['m.Q4.gguf', ggufs],
    ['c-*', split],
    ['q4/b-00001-of-00003.gguf', split],
    ['*.bin', ['a.bin']],
    ['*', ['a.py', 'b.pt', 'c.PKL']],
  ])('%s does not do for %j', (pattern, paths) => {
    expect(codeOf(paths, pattern)).toBe('no_match');
  });

  it('matches as a regular expression would, and never takes long', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(text, pattern, (path, glob) => {
        const source = glob.replaceAll('.', '\\.').replace(/\*+/g, '.*').replaceAll('?', '.');
        expect(matchesPattern(path, glob)).toBe(new RegExp(`^${source}$`).test(path));
      }),
      { numRuns: 1_000 },
    );
    // a regular expression would not come back from this
    expect(matchesPattern('a'.repeat(1_000), `${'a*'.repeat(250)}b`)).toBe(false);
  });
});

describe('a whole snapshot', () => {
  it('has weights, and neither code nor GGUF files', () => {
    const paths = ['.gitattributes', 'config.json', 'a.safetensors', 'x.gguf', 'y.py', 'z.bin'];
    expect(choose(paths, null)).toEqual(['config.json', 'a.safetensors']);
  });

  it('without weights is none', () => {
    expect(codeOf(['config.json'], null)).toBe('no_match');
    expect(codeOf(['config.json', 'x.gguf'], null)).toBe('no_match');
  });
});

describe('a name', () => {
  it.each([
    '../a.gguf',
    'a/../b.gguf',
    '/a.gguf',
    'a//b.gguf',
    './a.gguf',
    'a\\b.gguf',
    'C:a.gguf',
    'a\u0000b.gguf',
    'a\nb.gguf',
    'a./b.gguf',
    `${'a'.repeat(201)}.gguf`,
    '',
  ])('%j is refused', (path) => {
    expect(codeOf([path], path === '' ? '*' : '*a*')).toBe('unsafe_name');
  });
});
