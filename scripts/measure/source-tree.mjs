// Reads our sources and walks their syntax trees.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const productFolders = [
  'libs/translation/src',
  'libs/adapters/src',
  'libs/process/src',
  'apps/api/src',
  'apps/admin/src',
];
const testFolders = ['test', 'libs/process/test'];
const testName = /\.(spec|e2e-spec)\.tsx?$/;

function pathsBelow(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return /^(node_modules|fixtures)$/.test(entry.name) ? [] : pathsBelow(path);
    return /\.(ts|tsx|mjs)$/.test(entry.name) ? [path] : [];
  });
}

function readSource(path) {
  const text = readFileSync(join(root, path), 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  return { path, text, tree, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) };
}

const all = [...productFolders, ...testFolders].flatMap(pathsBelow).map(readSource);
const isTest = ({ path }) => testName.test(path) || /(^|\/)test\//.test(path);
export const tests = all.filter(isTest);
export const sources = all.filter((source) => !isTest(source));

export function visit(node, see) {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

export function nodesOf(sourcesToRead, isWanted) {
  return sourcesToRead.flatMap(({ tree, path }) => {
    const found = [];
    visit(tree, (node) => {
      if (isWanted(node)) found.push({ node, path, tree });
    });
    return found;
  });
}
