import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

/** Where the build puts the library, below the package's folder. */
const inPackage = 'dist/libs/process/src';

function sourceFiles(): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .sort();
}

/**
 * Transpiles the library to a temporary folder, so that child processes (the guardian, a supervisor to be
 * killed) can run the very sources under test on a Node without type stripping. Answers the folder.
 */
export function compileProcess(): string {
  const files = sourceFiles().map((path) => ({
    path,
    text: readFileSync(join(SOURCE, path), 'utf8'),
  }));
  const hash = createHash('sha256')
    .update(inPackage + JSON.stringify(files))
    .digest('hex')
    .slice(0, 16);
  const target = join(tmpdir(), `spillway-process-${hash}`);
  const compiled = join(target, inPackage);
  if (existsSync(target)) return compiled;
  // Built aside and renamed: spec files run at the same time, and the first to finish wins.
  const building = `${target}.${process.pid}`;
  for (const { path, text } of files) {
    const out = join(building, inPackage, relative('.', path).replace(/\.ts$/, '.js'));
    mkdirSync(dirname(out), { recursive: true });
    const { outputText } = transpileModule(text, {
      compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 },
    });
    writeFileSync(out, outputText);
  }
  writeFileSync(join(building, 'package.json'), '{"type":"module"}');
  try {
    renameSync(building, target);
  } catch {
    // Another spec file was faster; both results are the same.
  }
  return compiled;
}
