// Finds files that need each other at run time.
import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

function runTimeImports({ path, tree }) {
  return tree.statements
    .filter((node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
    .filter((node) => node.moduleSpecifier !== undefined && !isTypeOnly(node))
    .map((node) => node.moduleSpecifier.text)
    .filter((target) => target.startsWith('.'))
    .map((target) => join(dirname(path), target))
    .map((target) => target.replace(/\.js$/, ''));
}

function isTypeOnly(node) {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  const named = clause.namedBindings;
  const areAllTypes =
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every((element) => element.isTypeOnly);
  return clause.isTypeOnly || (areAllTypes && clause.name === undefined);
}

/** Strongly connected groups of more than one file (Tarjan). */
export function importCycles(sources) {
  const bare = (path) => path.replace(/\.tsx?$/, '');
  const edges = new Map(sources.map((source) => [bare(source.path), runTimeImports(source)]));
  const state = { next: 0, stack: [], seen: new Map(), groups: [] };
  for (const path of edges.keys()) if (!state.seen.has(path)) connect(path, edges, state);
  return state.groups;
}

function connect(path, edges, state) {
  const mark = { index: state.next, low: state.next, isOnStack: true };
  state.next += 1;
  state.seen.set(path, mark);
  state.stack.push(path);
  for (const target of edges.get(path) ?? []) {
    if (!edges.has(target)) continue;
    const known = state.seen.get(target);
    if (known === undefined) mark.low = Math.min(mark.low, connect(target, edges, state));
    else if (known.isOnStack) mark.low = Math.min(mark.low, known.index);
  }
  if (mark.low === mark.index) closeGroup(path, state);
  return mark.low;
}

function closeGroup(path, { stack, seen, groups }) {
  const group = stack.splice(stack.lastIndexOf(path));
  for (const member of group) seen.get(member).isOnStack = false;
  if (group.length > 1) groups.push(group);
}
