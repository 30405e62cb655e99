import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

const ignored = new Set(['node_modules', 'dist', '.git', 'fixtures']);

/** A file of the project, by its path from the root with `/` between folders. */
export interface SourceFile {
  readonly path: string;
  readonly name: string;
  readonly folder: string;
  readonly isSpec: boolean;
  readonly text: string;
}

/** All source files below a folder of the project. */
export function sourceFiles(folder: string): SourceFile[] {
  const root = join(repositoryRoot, folder);
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    const path = join(root, entry.name);
    if (entry.isDirectory()) {
      return ignored.has(entry.name) ? [] : sourceFiles(relative(repositoryRoot, path));
    }
    return /\.(ts|tsx|mjs|cjs)$/.test(entry.name) ? [toSourceFile(path)] : [];
  });
}

function toSourceFile(path: string): SourceFile {
  const name = basename(path);
  return {
    path: relative(repositoryRoot, path).split(sep).join('/'),
    name,
    folder: relative(repositoryRoot, dirname(path)).split(sep).join('/'),
    isSpec: /\.(spec|e2e-spec|property)\.tsx?$/.test(name),
    text: readFileSync(path, 'utf8'),
  };
}

/** A text file of the project. @throws Error when it does not exist. */
export function readProjectFile(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8');
}

/** What stands in backticks at the start of table rows and headings. */
export function documentedNames(markdown: string, name: RegExp): string[] {
  const rows = markdown.matchAll(/^(?:\|\s*|#{2,6}\s+)`([^`]+)`/gm);
  return [...rows].map(([, text]) => text ?? '').filter((text) => name.test(text));
}
