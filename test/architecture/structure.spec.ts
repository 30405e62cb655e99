import { describe, expect, it } from 'vitest';
import { readProjectFile, sourceFiles, type SourceFile } from './source-tree.js';

const server = ['libs', 'apps/api', 'scripts', 'bench', 'bin', 'test'].flatMap(sourceFiles);
const admin = sourceFiles('apps/admin');
const everything = [...server, ...admin];
const product = everything.filter(
  ({ path, isSpec }) => /^(libs|apps)\/.*src\//.test(path) && !isSpec,
);

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.(ts|mjs|cjs)$/;
const bannedNames = /^(utils?|helpers?|misc|types?|constants?|managers?|handlers?|common)\./i;
const maxLines = 300;
const maxFilesPerFolder = 15;
/** Tables, not logic: long because there is much to list. */
const dataFiles = /\/migrations\/|error-codes\.ts$/;

const pathsOf = (files: readonly SourceFile[]): string[] => files.map(({ path }) => path);

describe('every file', () => {
  it('has a name in kebab case, except the components of the panel', () => {
    expect(pathsOf(server.filter(({ name }) => !kebabCase.test(name)))).toEqual([]);
  });

  it('has a name that says what it holds', () => {
    expect(pathsOf(everything.filter(({ name }) => bannedNames.test(name)))).toEqual([]);
  });

  it(`has at most ${maxLines} lines, unless it is data or a specification`, () => {
    const long = everything
      .filter(({ path, isSpec }) => !isSpec && !dataFiles.test(path))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > maxLines);
    expect(long).toEqual([]);
  });

  it(`lies in a folder of at most ${maxFilesPerFolder} files, not counting specifications`, () => {
    const sizes = new Map<string, number>();
    for (const { folder, isSpec } of everything) {
      if (!isSpec) sizes.set(folder, (sizes.get(folder) ?? 0) + 1);
    }
    expect([...sizes].filter(([, size]) => size > maxFilesPerFolder)).toEqual([]);
  });

  it('is checked in full: nothing is switched off, left for later or left out of the run', () => {
    const marks =
      /@ts-(ignore|expect-error|nocheck)|(eslint|oxlint)-disable|\b(TODO|FIXME|XXX)\b|\b(it|test|describe)\.(only|skip|todo)\(/;
    const marked = everything.filter(
      ({ path, text }) => !path.startsWith('test/architecture/') && marks.test(text),
    );
    expect(pathsOf(marked)).toEqual([]);
  });

  it('has no default export, except where a tool asks for one', () => {
    const tools = /(\.config\.ts|plain-count-reporter\.ts)$/;
    const odd = everything.filter(
      ({ path, text }) => /^export default /m.test(text) && !tools.test(path),
    );
    expect(pathsOf(odd)).toEqual([]);
  });
});

describe('the translation library', () => {
  it('takes its own flatMap, since the one of arrays is slow', () => {
    const slow = sourceFiles('libs/translation').filter(
      ({ path, isSpec, text }) =>
        !isSpec && !path.endsWith('/flat-map.ts') && /(?<!\.\.)\.flatMap\(/.test(text),
    );
    expect(pathsOf(slow)).toEqual([]);
  });
});

describe('every library', () => {
  const libraries = ['libs/translation', 'libs/adapters', 'libs/process'];

  it.each(libraries)('%s has one index, at its root', (library) => {
    const indexes = sourceFiles(library).filter(({ name }) => name === 'index.ts');
    expect(pathsOf(indexes)).toEqual([`${library}/src/index.ts`]);
  });

  it.each(libraries)('%s does not import its own index', (library) => {
    const odd = sourceFiles(`${library}/src`).filter(
      ({ isSpec, text }) => !isSpec && /from '\.{1,2}\/(\.\.\/)*index\.js'/.test(text),
    );
    expect(pathsOf(odd)).toEqual([]);
  });

  it('is entered through its name only', () => {
    const deep = product.filter(({ path, text }) => {
      const own = path.split('/').slice(0, 2).join('/');
      return [...text.matchAll(/from '([^']*libs\/[^']*)'/g)].some(
        ([, target]) => !target?.includes(own),
      );
    });
    expect(pathsOf(deep)).toEqual([]);
  });
});

describe('the application', () => {
  it('has no index files', () => {
    expect(pathsOf(sourceFiles('apps/api/src').filter(({ name }) => name === 'index.ts'))).toEqual(
      [],
    );
  });

  it('reads the environment in one place', () => {
    const readers = product.filter(
      ({ path, text }) => !path.startsWith('apps/admin/') && /\bprocess\.env\b/.test(text),
    );
    const allowed = ['apps/api/src/main.ts', 'apps/api/src/config/'];
    const odd = pathsOf(readers).filter((path) => !allowed.some((start) => path.startsWith(start)));
    expect(odd).toEqual([]);
  });

  it('opens connections in one place', () => {
    const openers = /from '(node:)?(https?|tls|http2|dgram)'|from 'undici'|new WebSocket\(/;
    const bareFetch = /(?<![\w.])fetch\(/;
    const allowed = ['libs/adapters/src/egress/', 'libs/process/src/', 'apps/admin/'];
    const odd = product
      .filter(({ text }) => {
        const code = withoutTypeImports(text);
        return openers.test(code) || (bareFetch.test(code) && !code.includes('createFetch('));
      })
      .map(({ path }) => path)
      .filter((path) => !allowed.some((start) => path.startsWith(start)));
    expect(odd).toEqual([]);
  });

  it('is imported by no library', () => {
    const odd = product.filter(
      ({ path, text }) => path.startsWith('libs/') && /from '[^']*apps\//.test(text),
    );
    expect(pathsOf(odd)).toEqual([]);
  });
});

/** Every thing of a kind is one file or folder plus one line in one list. */
describe('the lists of kinds are complete', () => {
  it('engines', () => {
    const list = readProjectFile('libs/process/src/engines.ts');
    const presets = sourceFiles('libs/process/src/engines').filter(
      ({ isSpec, folder }) => !isSpec && folder === 'libs/process/src/engines',
    );
    expect(presets.length).toBeGreaterThan(0);
    for (const { name } of presets) {
      expect(list).toContain(`'./engines/${name.replace(/\.ts$/, '.js')}'`);
    }
  });

  it('protocols', () => {
    const list = readProjectFile('libs/translation/src/protocols.ts');
    const folders = sourceFiles('libs/translation/src')
      .filter(({ name, folder }) => name === 'protocol.ts' && folder !== 'libs/translation/src')
      .map(({ folder }) => folder.split('/').at(-1) ?? '');
    expect(folders.length).toBeGreaterThan(1);
    for (const folder of folders) expect(list).toContain(`'./${folder}/protocol.js'`);
  });

  it('providers', () => {
    const list = readProjectFile('libs/adapters/src/providers.ts');
    const definitions = sourceFiles('libs/adapters/src/providers').filter(({ isSpec }) => !isSpec);
    expect(definitions.length).toBeGreaterThan(0);
    for (const { name } of definitions) {
      expect(list).toContain(`'./providers/${name.replace(/\.ts$/, '.js')}'`);
    }
  });
});

/** A type costs nothing at run time and opens nothing. */
function withoutTypeImports(text: string): string {
  return text
    .replace(/^import type [\s\S]*?;$/gm, '')
    .replace(/^import \{(\s*type \w+( as \w+)?,?)+\s*\} from '[^']+';$/gm, '');
}
